import Domain
import JSON
import Recommenders
import Serving
import TestSupport
import Testing

@Suite struct LiveSalesTests {
    private func buy(_ shop: TrainedShop, _ items: [Int], baskets: Range<Int>) throws {
        let lines = items.map { #"{"item_id":"i\#($0)","price":1}"# }.joined(separator: ",")
        let events = try baskets.map {
            try JSONValue(
                parsing:
                    #"{"event_id":"live\#(items[0])-\#($0)","name":"purchase","user":"n\#($0)","items":[\#(lines)]}"#)
        }
        #expect(try shop.service.ingest(events).rejected.isEmpty)
    }

    @Test func `purchases move what is popular and what is bought together, without training`() throws {
        let shop = try TrainedShop()
        let before = try shop.shelf(.home, user: nil)
        #expect(before.numbers.count == 12 && before.entries[0].hit.contributions[0].model == "popularity")
        let seldom = try #require((0..<60).first { !before.numbers.contains($0) && $0 != 59 })
        #expect(try !shop.shelf(.boughtTogether, user: nil) { $0.item = itemID("i59") }.numbers.contains(seldom))
        try buy(shop, [seldom, 59], baskets: 0..<300)
        let after = try shop.shelf(.home, user: nil)
        #expect(Set(after.numbers.prefix(2)) == [seldom, 59] && after.generation == before.generation)
        let together = try shop.shelf(.boughtTogether, user: nil) { $0.item = itemID("i59") }
        #expect(together.numbers.first == seldom && together.reasons[0] == "Often bought with Thing 59")
    }

    @Test func `an event that is sent twice counts once, and a simulated one not at all`() throws {
        let shop = try TrainedShop()
        try buy(shop, [58], baskets: 0..<40)
        let once = try #require(try shop.shelf(.home, user: nil).entries.first { $0.card.item.id == itemID("i58") })
        try buy(shop, [58], baskets: 0..<40)
        let twice = try #require(try shop.shelf(.home, user: nil).entries.first { $0.card.item.id == itemID("i58") })
        #expect(once.hit.score == twice.hit.score)
        let order = try shop.shelf(.home, user: nil).numbers
        let simulated = try (0..<200).map {
            try JSONValue(
                parsing: #"{"event_id":"s\#($0)","name":"purchase","is_synthetic":true,"items":[{"item_id":"i57"}]}"#)
        }
        _ = try shop.service.ingest(simulated)
        #expect(try shop.shelf(.home, user: nil).numbers == order)
    }
}
