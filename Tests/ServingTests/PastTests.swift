import Domain
import Features
import JSON
import Serving
import Storage
import TestSupport
import Testing

@Suite struct PastTests {
    private func event(_ number: Int, _ name: EventName, isSynthetic: Bool = false) -> Event {
        var event = Event(
            id: "e\(number)", name: name, time: Timestamp(milliseconds: 1_700_000_000_000 + Int64(number)))
        event.isSynthetic = isSynthetic
        return event
    }

    @Test func `queries, stars and the share of simulated events are known again after a restart`() throws {
        var events: [Event] = []
        for number in 0..<5 {
            var search = event(number, .search, isSynthetic: number < 2)
            (search.query, search.resultCount) = (number == 4 ? "kumquat" : "Apple", number == 4 ? 0 : 12)
            events.append(search)
        }
        var click = event(5, .selectItem)
        (click.query, click.items) = ("Apple", [EventItem(item: itemID("i0"))])
        events.append(click)
        for (number, stars) in [(6, 5.0), (7, 2.0)] {
            var rated = event(number, .rateItem, isSynthetic: number == 6)
            (rated.rating, rated.items) = (stars, [EventItem(item: itemID("i1"))])
            events.append(rated)
        }
        let shop = try OpenShop(titles: ["Apple", "Pear"], events: events)
        try shop.service.warm()
        let top = shop.service.queries.list(.top)
        #expect(top.map(\.query) == ["apple", "kumquat"])
        #expect((top[0].count, top[0].synthetic, top[0].clicks, top[0].results) == (4, 2, 1, 12))
        #expect(shop.service.queries.list(.empty).map(\.query) == ["kumquat"])
        #expect(try shop.service.suggest("ap", limit: 5).queries.map(\.text) == ["apple"])
        #expect(try shop.service.overview().syntheticEvents == 3)
        let rating = try shop.service.item(itemID("i1")).card.rating
        #expect((rating?.count, rating?.mean, rating?.synthetic) == (2, 3.5, 1))
        #expect(try shop.service.item(itemID("i0")).card.rating == nil)
    }

    @Test func `a star counts at once, and a repeated one does not`() throws {
        let shop = try OpenShop(titles: ["Apple"])
        let record = try JSONValue(
            parsing: #"{"event_id":"r1","name":"rate_item","rating":4,"items":[{"item_id":"i0"}]}"#)
        for _ in 0..<2 { _ = try shop.service.ingest([record]) }
        #expect(try shop.service.item(itemID("i0")).card.rating?.count == 1)
        #expect(try shop.service.item(itemID("i0")).card.rating?.mean == 4)
    }

    @Test func `a demonstration's profile is reckoned from the log's end`() throws {
        let shop = try OpenShop(titles: ["Apple", "Pear"], isDemo: true)
        let user = try shop.shop.pseudonymiser().pseudonym(of: "7")
        let store = try shop.shop.openStore(.readWrite)
        var events: [Event] = []
        for week in 0..<4 {
            var bought = Event(
                id: "p\(week)", name: .purchase, time: Timestamp(year: 2017, month: 5, day: 1 + 7 * week))
            bought.user = user
            bought.items = [EventItem(item: itemID("i0"), quantity: 2, priceMinorUnits: 300)]
            bought.items[0].discountMinorUnits = 100
            events.append(bought)
        }
        _ = try store.append(events)
        try store.close()
        let again = try shop.reopened()
        let answer = try again.service.profile(of: "7")
        #expect((answer.profile.recencyDays ?? 99) < 0.01)
        #expect(answer.profile.spendMinorUnits == 4 * 500)
        #expect(answer.favouriteCategories.map(\.path) == [["Produce", "Even"]])
        #expect(answer.habits.map(\.rhythm.meanGapDays) == [7])
    }

    @Test func `a session's interest is shares of categories`() throws {
        let shop = try OpenShop(titles: ["Apple", "Pear", "Plum"])
        func post(_ body: String) throws { _ = try shop.service.ingest([try JSONValue(parsing: body)]) }
        try post(
            #"{"event_id":"p","name":"purchase","user":"9","time":"2020-01-01","items":[{"item_id":"i1","price":2}]}"#)
        for item in ["i0", "i2", "i1"] {
            try post(
                #"{"event_id":"v\#(item)","name":"view_item","user":"9","session":"s","items":[{"item_id":"\#(item)"}]}"#
            )
        }
        let interest = try shop.service.profile(of: "9", session: "s").sessionInterest
        #expect(interest.map(\.path) == [["Produce", "Even"], ["Produce", "Odd"]])
        #expect(abs((interest.first?.share ?? 0) - 2.0 / 3) < 0.01)
    }
}
