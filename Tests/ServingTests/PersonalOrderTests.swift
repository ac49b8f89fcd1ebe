import Domain
import JSON
import Serving
import Storage
import TestSupport
import Testing

@Suite struct PersonalOrderTests {
    private func open() throws -> OpenShop {
        let shop = try OpenShop(titles: (0..<10).map { "Apple \($0)" })
        let user = try shop.shop.pseudonymiser().pseudonym(of: "7")
        let store = try shop.shop.openStore(.readWrite)
        var events: [Event] = []
        for week in 0..<3 {
            var bought = Event(
                id: "p\(week)", name: .purchase, time: Timestamp(year: 2025, month: 5, day: 1 + 7 * week))
            bought.user = user
            bought.items = [EventItem(item: itemID("i7"), quantity: 1, priceMinorUnits: 300)]
            events.append(bought)
        }
        _ = try store.append(events)
        try store.close()
        return try shop.reopened()
    }

    private func search(_ shop: OpenShop, _ change: (inout SearchCall) -> Void) throws -> SearchAnswer {
        var call = SearchCall()
        call.query = "apple"
        change(&call)
        return try shop.service.search(call)
    }

    private func ids(_ answer: SearchAnswer) -> [String] { answer.entries.map(\.card.item.id.rawValue) }

    @Test func `what a person buys comes first, nothing is left out, and it can be switched off`() throws {
        let shop = try open()
        let plain = try search(shop) { $0.user = "7" }
        #expect(ids(plain).first == "i0")
        let personal = try search(shop) { ($0.user, $0.isPersonal) = ("7", true) }
        #expect(ids(personal).prefix(2) == ["i7", "i1"])
        #expect(Set(ids(personal)) == Set(ids(plain)))
        #expect(personal.hits.total == plain.hits.total)
        #expect(personal.hits.applied.compactMap { $0["step"]?.stringValue } == ["personal"])
        #expect(plain.hits.applied.isEmpty)
    }

    @Test func `a stranger and another order see what everybody sees`() throws {
        let shop = try open()
        for change: (inout SearchCall) -> Void in [
            { $0.user = "stranger" }, { $0.user = nil },
            {
                $0.user = "7"
                $0.sort = .title
            },
        ] {
            let answer = try search(shop) {
                $0.isPersonal = true
                change(&$0)
            }
            #expect(ids(answer).first == "i0")
            #expect(answer.hits.applied.isEmpty)
        }
    }
}
