import Domain
import Storage
import Testing

@testable import SearchIndex

@Suite struct FacetCountTests {
    private static func item(_ number: Int, _ title: String, withdrawn: Bool = false) -> StoredItem {
        var item = Item(id: ItemID("d\(number)")!, title: title)
        item.productType = ["Food", "Aisle \(number % 3)"] + (number % 2 == 0 ? ["Shelf \(number % 7)"] : [])
        item.attributes["color"] = number % 5 == 0 ? [] : ["c\(number % 4)", "c\(number % 6)"]
        return StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: withdrawn)
    }

    /// Of three hundred documents "all" finds all, "most" two thirds and "few" a tenth; some are replaced and withdrawn.
    private static func snapshot() throws -> SearchSnapshot {
        func title(_ number: Int) -> String {
            "all" + (number % 3 != 0 ? " most" : "") + (number % 10 == 0 ? " few" : "")
        }
        let engine = try SearchEngine(items: (0..<300).map { item($0, title($0)) }, language: "none")
        try engine.apply((0..<40).map { item($0 * 3, title($0 * 3 + 1)) })
        try engine.apply((0..<25).map { item($0 * 11, title($0), withdrawn: true) })
        return engine.snapshot()
    }

    @Test(arguments: ["all", "most", "few"])
    func `a value counts as many documents as a filter by it leaves`(query: String) throws {
        let snapshot = try Self.snapshot()
        #expect(snapshot.segmentCount > 1)
        var request = SearchRequest(query: query)
        (request.facets, request.understands, request.correctsTypos) = (["category", "color"], false, false)
        for selected: [String: Set<String>] in [[:], ["color": ["c1"]]] {
            request.filters = selected
            let answer = try snapshot.search(request, offers: OfferColumns(currency: .usd, numberLimit: 0))
            #expect(answer.facets["category"]?.isEmpty == false && answer.facets["color"]?.isEmpty == false)
            for (field, values) in answer.facets {
                for value in values {
                    var narrowed = request
                    narrowed.filters[field] = [value.value]
                    let found = try snapshot.search(narrowed, offers: OfferColumns(currency: .usd, numberLimit: 0))
                    #expect(value.count == found.total, "\(query): \(field) \(value.value)")
                }
            }
        }
    }
}
