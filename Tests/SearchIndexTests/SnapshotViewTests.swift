import Domain
import SearchIndex
import Testing

@Suite struct SnapshotViewTests {
    private func snapshot() throws -> SearchSnapshot {
        let items = (0..<6).map { number in
            var item = Item(id: ItemID("i\(number)")!, title: "Green tea \(number)")
            item.brand = number < 3 ? "Own" : "Other"
            return StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: number == 5)
        }
        return try SearchEngine(items: items).snapshot()
    }

    private func found(_ snapshot: SearchSnapshot) throws -> (numbers: Set<UInt32>, total: Int, brands: [Int]) {
        var request = SearchRequest(query: "tea")
        request.facets = ["brand"]
        let response = try snapshot.search(request, offers: OfferColumns(currency: .usd, numberLimit: 6))
        return (
            Set(response.hits.map(\.number.rawValue)), response.total,
            (response.facets["brand"] ?? []).map(\.count).sorted()
        )
    }

    @Test func `hidden items are neither found nor counted`() throws {
        let all = try snapshot()
        #expect(try found(all) == ([0, 1, 2, 3, 4], 5, [2, 3]))
        #expect(try found(all.hiding([ItemNumber(1), ItemNumber(3), ItemNumber(99)])) == ([0, 2, 4], 3, [1, 2]))
        #expect(try found(all) == ([0, 1, 2, 3, 4], 5, [2, 3]))
    }

    @Test func `a view of some items holds nothing else, and nothing that is gone`() throws {
        let some = try snapshot().showing(only: [ItemNumber(0), ItemNumber(4), ItemNumber(5)])
        #expect(try found(some) == ([0, 4], 2, [1, 1]))
        #expect(try found(some.hiding([ItemNumber(0)])) == ([4], 1, [1]))
    }
}
