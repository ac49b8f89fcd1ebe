import Domain
import SearchIndex
import Testing

@Test func `a catalogue with a thousand attribute names can still be searched`() throws {
    let items = try (0..<1000).map { number in
        var item = Item(id: try #require(ItemID("i\(number)")), title: "Lamp \(number)")
        item.attributes = ["attribute_\(number)": ["value\(number)"]]
        return StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false)
    }
    let snapshot = try SearchEngine(items: items).snapshot()
    let offers = OfferColumns(currency: .usd, numberLimit: 0)
    #expect(try snapshot.search(SearchRequest(query: "value999"), offers: offers).hits.first?.number == ItemNumber(999))
}
