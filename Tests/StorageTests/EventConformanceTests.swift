import Domain
import Storage
import Testing

@Suite struct EventConformanceTests {
    @Test(arguments: StoreKind.allCases) func `an event comes back as it was written`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        _ = try store.upsert([Item(id: itemID("1"), title: "one")])
        var event = purchase("e-1", at: 1_500_000_000_123, by: 77, "1", "unknown")
        (event.session, event.market, event.channel, event.store) = ("s", "de", .app, "367")
        (event.query, event.resultCount, event.impressionID, event.list) = ("milk", 3, "i-9", "search")
        (event.rating, event.currency, event.isSynthetic) = (4.5, .eur, true)
        event.items[0].quantity = 3
        event.items[0].priceMinorUnits = 199
        event.items[0].discountMinorUnits = 20
        event.items[0].couponMinorUnits = 5
        event.items[1].position = 12
        #expect(try store.append([event]) == EventReceipt(accepted: 1))
        var read: [LoggedEvent] = []
        try store.forEachEvent(EventFilter()) { read.append($0) }
        let user = try #require(try store.userNumber(of: pseudonym(77)))
        #expect(read == [LoggedEvent(sequence: 1, event: event, user: user, items: [ItemNumber(0), nil])])
        #expect(try store.pseudonym(of: user) == pseudonym(77))
        #expect(try store.userNumberLimit() == 1)
    }

    @Test(arguments: StoreKind.allCases) func `a repeated event counts once, within a batch and later`(
        kind: StoreKind
    ) throws {
        let opened = try kind.open()
        let store = opened.store
        #expect(try store.append([purchase("a"), purchase("a")]) == EventReceipt(accepted: 1, repeated: 1))
        #expect(try store.append([purchase("a"), purchase("b")]) == EventReceipt(accepted: 1, repeated: 1))
        #expect(try store.append([]) == EventReceipt())
        #expect(try store.eventCount() == 2)
        #expect(try store.lastSequence() == 2)
    }

    @Test(arguments: StoreKind.allCases) func `a bad event spoils its whole batch`(kind: StoreKind) throws {
        let opened = try kind.open()
        var bad = purchase("bad")
        bad.rating = .infinity
        let long = purchase(String(repeating: "x", count: 129))
        for event in [bad, long, purchase("")] {
            let error = #expect(throws: StorageError.self) { try opened.store.append([purchase("good"), event]) }
            #expect(error?.code == .constraint)
        }
        #expect(try opened.store.eventCount() == 0)
    }

    @Test(arguments: StoreKind.allCases) func `filters choose by name, place, time and origin`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        var view = purchase("view", at: 20)
        view.name = .viewItem
        var made = purchase("made", at: 30)
        made.isSynthetic = true
        _ = try store.append([purchase("p", at: 10), view, made])
        func ids(_ filter: EventFilter) throws -> [String] {
            var ids: [String] = []
            try store.forEachEvent(filter) { ids.append($0.event.id) }
            return ids
        }
        #expect(try ids(EventFilter()) == ["p", "view", "made"])
        #expect(try ids(EventFilter(names: [.viewItem, .search])) == ["view"])
        #expect(try ids(EventFilter(names: [])) == [])
        #expect(try ids(EventFilter(afterSequence: 1)) == ["view", "made"])
        #expect(try ids(EventFilter(from: Timestamp(milliseconds: 20))) == ["view", "made"])
        #expect(try ids(EventFilter(before: Timestamp(milliseconds: 20))) == ["p"])
        #expect(try ids(EventFilter(includesSynthetic: false)) == ["p", "view"])
    }

    @Test(arguments: StoreKind.allCases) func `interactions are lines of known items as numbers`(kind: StoreKind) throws
    {
        let opened = try kind.open()
        let store = opened.store
        _ = try store.upsert([Item(id: itemID("0"), title: "zero"), Item(id: itemID("1"), title: "one")])
        var event = purchase("e", at: 5, by: 1, "1", "late", "0")
        event.channel = .store
        event.items[2].quantity = 4
        event.items[2].priceMinorUnits = 50
        event.items[2].discountMinorUnits = 3
        _ = try store.append([event])
        var rows: [InteractionRow] = []
        try store.forEachInteraction(EventFilter()) { rows.append($0) }
        var expected = InteractionRow(
            sequence: 1, name: .purchase, time: Timestamp(milliseconds: 5), user: UserNumber(0), item: ItemNumber(1))
        expected.channel = .store
        var second = expected
        second.item = ItemNumber(0)
        (second.quantity, second.priceMinorUnits, second.discountMinorUnits) = (4, 50, 3)
        #expect(rows == [expected, second])
        // The catalogue learns of the third item after the event.
        _ = try store.upsert([Item(id: itemID("late"), title: "late")])
        rows = []
        try store.forEachInteraction(EventFilter()) { rows.append($0) }
        #expect(rows.map(\.item.rawValue) == [1, 2, 0])
        var read: [LoggedEvent] = []
        try store.forEachEvent(EventFilter()) { read.append($0) }
        #expect(read.first?.items == [ItemNumber(1), ItemNumber(2), ItemNumber(0)])
    }

    @Test(arguments: StoreKind.allCases) func `a person's newest events come oldest first, by time`(
        kind: StoreKind
    ) throws {
        let opened = try kind.open()
        let store = opened.store
        _ = try store.append([
            purchase("c", at: 30, by: 1), purchase("a", at: 10, by: 1), purchase("x", at: 40, by: 2),
            purchase("b", at: 20, by: 1),
        ])
        #expect(try store.events(of: pseudonym(1), limit: 2).map(\.event.id) == ["b", "c"])
        #expect(try store.events(of: pseudonym(3), limit: 2).isEmpty)
    }

    @Test(arguments: StoreKind.allCases) func `the store may be called while it is being read`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        _ = try store.append([purchase("a", by: 1), purchase("b", by: 1)])
        var found = 0
        try store.forEachEvent(EventFilter()) { logged throws(StorageError) in
            found += try store.events(of: pseudonym(1), limit: 9).count
            _ = try store.append([purchase("more-\(logged.sequence)")])
        }
        #expect(found == 4)
        #expect(try store.eventCount() == 4)
    }

    @Test(arguments: StoreKind.allCases) func `an error of the reader's own stops the reading`(kind: StoreKind) throws {
        let opened = try kind.open()
        _ = try opened.store.append([purchase("a"), purchase("b")])
        var seen = 0
        let error = #expect(throws: StorageError.self) {
            try opened.store.forEachEvent(EventFilter()) { _ throws(StorageError) in
                seen += 1
                throw StorageError(.failed, "enough")
            }
        }
        #expect(error?.message == "enough")
        #expect(seen == 1)
    }

    @Test(arguments: StoreKind.allCases) func `attributes and campaigns of people come back`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        let customer = Customer(user: pseudonym(1), attributes: ["age": "35-44", "kids_count": "2"])
        try store.setCustomers([customer])
        #expect(try store.customer(pseudonym(1)) == customer)
        #expect(try store.customer(pseudonym(2)) == nil)
        var campaign = Campaign(
            id: "18", kind: "Type A", start: Timestamp(milliseconds: 1), end: Timestamp(milliseconds: 9))
        campaign.recipients = [pseudonym(1), pseudonym(2)]
        campaign.coupons = [Coupon(code: "c1", items: [itemID("1"), itemID("2")])]
        campaign.redemptions = [CouponRedemption(user: pseudonym(2), code: "c1", time: Timestamp(milliseconds: 4))]
        try store.setCampaigns([campaign])
        try store.setCampaigns([campaign])
        #expect(try store.campaigns() == [campaign])
    }

    @Test(arguments: StoreKind.allCases) func `erasing a person leaves no trace but the count`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        _ = try store.append([purchase("a", by: 1, "i"), purchase("b", by: 2), purchase("c", by: 1)])
        try store.setCustomers([Customer(user: pseudonym(1), attributes: ["age": "1"])])
        var campaign = Campaign(id: "1", kind: "A", start: Timestamp(milliseconds: 1), end: Timestamp(milliseconds: 2))
        campaign.recipients = [pseudonym(1)]
        campaign.redemptions = [CouponRedemption(user: pseudonym(1), code: "c", time: Timestamp(milliseconds: 1))]
        try store.setCampaigns([campaign])
        #expect(try store.erase(pseudonym(1)) == 2)
        #expect(try store.erase(pseudonym(1)) == 0)
        #expect(try store.erasureCount() == 1)
        #expect(try store.eventCount() == 1)
        #expect(try store.userNumber(of: pseudonym(1)) == nil)
        #expect(try store.customer(pseudonym(1)) == nil)
        #expect(try store.campaigns().first?.recipients == [])
        #expect(try store.campaigns().first?.redemptions == [])
        #expect(try store.append([purchase("a", by: 1)]).accepted == 1)
        #expect(try store.userNumber(of: pseudonym(1)) == UserNumber(2), "a number is never used again")
        #expect(try store.lastSequence() == 4, "a place in the log is never used again")
    }

    @Test(arguments: StoreKind.allCases) func `batches from many threads all arrive`(kind: StoreKind) async throws {
        let opened = try kind.open()
        let store = opened.store
        try await withThrowingTaskGroup(of: EventReceipt.self) { group in
            for worker in 0..<8 {
                group.addTask {
                    var total = EventReceipt()
                    for round in 0..<10 {
                        let receipt = try store.append([
                            purchase("\(worker)-\(round)", by: worker), purchase("shared-\(round)", by: worker),
                        ])
                        total.accepted += receipt.accepted
                        total.repeated += receipt.repeated
                    }
                    return total
                }
            }
            var total = EventReceipt()
            for try await receipt in group {
                total.accepted += receipt.accepted
                total.repeated += receipt.repeated
            }
            #expect(total == EventReceipt(accepted: 90, repeated: 70))
        }
        #expect(try store.eventCount() == 90)
        #expect(try store.userNumberLimit() == 8)
    }
}
