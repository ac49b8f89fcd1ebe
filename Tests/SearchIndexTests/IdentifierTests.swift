import Domain
import Testing

@testable import SearchIndex

@Suite struct IdentifierTests {
    private static func item(_ number: UInt32, _ id: String, _ title: String, gtin: String = "") -> StoredItem {
        var item = Item(id: ItemID(id)!, title: title)
        (item.gtin, item.attributes) = (gtin, ["color": [number % 2 == 0 ? "red" : "blue"]])
        return StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false)
    }

    private static let items = [
        item(0, "1082185", "Bananas", gtin: "04011200296908"), item(1, "SHIRT-7 XL", "Red shirt"),
        item(2, "banana", "Dried fruit"), item(3, "3", "Shirt", gtin: "04011200296908"),
    ]

    private func found(_ engine: SearchEngine, _ query: String, filters: [String: Set<String>] = [:]) throws -> [UInt32]
    {
        var request = SearchRequest(query: query)
        request.filters = filters
        let answer = try engine.snapshot().search(request, offers: SearchIndexTests.offers())
        #expect(answer.total == answer.hits.count)
        return answer.hits.map(\.number.rawValue)
    }

    @Test func `an item is found by its number as a whole, whatever the case of its letters`() throws {
        let engine = try SearchEngine(items: Self.items)
        #expect(try found(engine, "1082185") == [0])
        #expect(try found(engine, " shirt-7 xl\t") == [1])
        #expect(try found(engine, "04011200296908") == [0, 3])
        #expect(try found(engine, "04011200296908", filters: ["color": ["blue"]]) == [3])
        #expect(try found(engine, "108218").isEmpty)
        #expect(try engine.snapshot().prepare(SearchRequest(query: "1082185")).meaning.isEmpty)
    }

    @Test func `a number that is a word finds both, and its score is explained`() throws {
        let engine = try SearchEngine(items: Self.items)
        let search = try engine.snapshot().prepare(SearchRequest(query: "Banana"))
        let answer = search.run(offers: SearchIndexTests.offers())
        #expect(Set(answer.hits.map(\.number.rawValue)) == [0, 2])
        for hit in answer.hits {
            let tree = try #require(search.explain(Self.items[hit.number.index]))
            #expect(abs(tree.value - hit.score) < 1e-3)
            #expect(tree.children.contains { $0.label == "number 'Banana'" } == (hit.number.rawValue == 2))
        }
    }

    @Test func `numbers follow changes`() throws {
        let engine = try SearchEngine(items: Self.items)
        var gone = Self.items[0]
        gone.isWithdrawn = true
        try engine.apply([gone, Self.item(3, "3", "Shirt"), Self.item(9, "1082186", "Plantains")])
        #expect(try found(engine, "1082186") == [9])
        #expect(try found(engine, "04011200296908").isEmpty)
        #expect(try found(engine, "1082185").isEmpty)
    }
}
