import Domain
import JSON
import Serving
import Storage
import TestSupport
import Testing

@Suite struct CategoryIntentTests {
    /// `apple` finds items of two categories, the even ones first.
    private func open(choices: Int, isSynthetic: Bool = false) throws -> OpenShop {
        let events = (0..<choices).map { number in
            var event = Event(id: "c\(number)", name: .selectItem, time: Timestamp(year: 2025, month: 5, day: 1))
            (event.query, event.items, event.isSynthetic) = (
                "  Apple ", [EventItem(item: itemID("i1"), quantity: 1)], isSynthetic
            )
            return event
        }
        let shop = try OpenShop(titles: (0..<10).map { "Apple \($0)" }, events: events)
        try shop.service.warm()
        return shop
    }

    private func search(_ shop: OpenShop, _ change: (inout SearchCall) -> Void = { _ in }) throws -> SearchAnswer {
        var call = SearchCall()
        call.query = "apple"
        change(&call)
        return try shop.service.search(call)
    }

    private func first(_ answer: SearchAnswer) -> String? { answer.entries.first?.card.item.id.rawValue }

    @Test func `what most choose after a query comes first and is named, and a shopper can take it back`() throws {
        let shop = try open(choices: 45)
        let answer = try search(shop)
        #expect(first(answer) == "i1")
        #expect(answer.hits.total == 10)
        #expect(answer.hits.understood.compactMap { $0["category"]?.stringValue } == ["Produce > Odd"])
        let intent = try #require(answer.intent.first)
        #expect(intent.path == ["Produce", "Odd"])
        #expect(intent.choices == 45)
        #expect(!intent.isSynthetic)
        // 45 choices and five more that the catalogue speaks for, about half of them odd.
        #expect(abs(intent.share - (45 + 5 * 0.5) / 50) < 0.01)
        for change: (inout SearchCall) -> Void in [
            { $0.ignored = ["category"] }, { $0.correctsTypos = false },
            { $0.filters = [SearchCall.Filter(field: "category", values: ["Produce"])] },
        ] {
            let plain = try search(shop, change)
            #expect(first(plain) == "i0")
            #expect(plain.hits.understood.isEmpty)
        }
    }

    @Test func `few choices change no order, and the catalogue alone names what it finds`() throws {
        let shop = try open(choices: 2)
        let answer = try search(shop)
        #expect(first(answer) == "i0")
        #expect(answer.hits.understood.isEmpty)
        #expect(answer.intent.count == 2)
        #expect(abs(answer.intent.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(try search(shop) { $0.query = "" }.intent.isEmpty)
    }

    @Test func `simulated choices are named as such`() throws {
        #expect(try search(open(choices: 9, isSynthetic: true)).intent.first?.isSynthetic == true)
    }

    @Test func `choices count as they come`() throws {
        let shop = try open(choices: 0)
        #expect(try first(search(shop)) == "i0")
        let lines = try (0..<40).map { number in
            try JSONValue(
                parsing: """
                    {"event_id":"n\(number)","event_name":"select_item","time":"2025-05-01T09:00:00Z","query":"apple",\
                    "items":[{"item_id":"i3","quantity":1}]}
                    """)
        }
        let written = try shop.service.ingest(lines)
        #expect(written.accepted == 40)
        #expect(try first(search(shop)) == "i1")
    }
}
