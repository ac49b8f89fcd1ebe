import Domain
import Features
import Foundation
import Testing

@Suite struct FeaturesTests {
    static let day: Int64 = 86_400_000

    static func line(
        _ user: UInt32, _ item: UInt32, day: Int64, group: Int64? = nil, price: Int32 = InteractionLog.noPrice
    ) -> InteractionLog.Line {
        .init(
            user: UserNumber(user), item: ItemNumber(item), time: Timestamp(milliseconds: day * Self.day), price: price,
            group: group ?? day)
    }

    @Test func `lines are grouped by user and sorted by time`() {
        let log = InteractionLog([
            Self.line(2, 5, day: 3), Self.line(0, 1, day: 9), Self.line(2, 6, day: 1), Self.line(0, 2, day: 4),
        ])
        #expect(log.offsets == [0, 2, 2, 4])
        #expect(log.items == [2, 1, 6, 5])
        #expect(log.itemLimit == 7)
        #expect(log.end == Timestamp(milliseconds: 9 * Self.day))
        #expect(log.range(of: UserNumber(1)).isEmpty)
        #expect(log.range(of: UserNumber(77)).isEmpty)
    }

    @Test func `equal times keep the order of group and then of appearance`() {
        let log = InteractionLog([
            Self.line(0, 1, day: 1, group: 8), Self.line(0, 2, day: 1, group: 7), Self.line(0, 3, day: 1, group: 8),
            Self.line(0, 4, day: 1, group: 7),
        ])
        #expect(log.items == [2, 4, 1, 3])
        #expect(log.baskets == [0, 0, 1, 1])
    }

    @Test func `equal groups of two users are two baskets`() {
        let log = InteractionLog([Self.line(0, 1, day: 1, group: 5), Self.line(1, 1, day: 1, group: 5)])
        #expect(log.baskets == [0, 1])
    }

    @Test func `the range before a cut leaves out the cut itself`() {
        let log = InteractionLog((0..<6).map { Self.line(0, UInt32($0), day: $0) })
        for day in 0..<7 {
            let cut = Timestamp(milliseconds: Int64(day) * Self.day)
            #expect(log.range(of: UserNumber(0), before: cut) == 0..<min(6, day))
            #expect(log.history(of: UserNumber(0), before: cut).map(\.item.index) == Array(0..<min(6, day)))
        }
    }

    @Test func `an empty log has no users and no end`() {
        let log = InteractionLog([])
        #expect(log.userLimit == 0 && log.count == 0 && log.end == nil && log.itemLimit == 0)
    }

    @Test func `an unknown price is no price`() {
        let log = InteractionLog([Self.line(0, 1, day: 1, price: 199), Self.line(0, 2, day: 2)])
        #expect(log.history(of: UserNumber(0)).map(\.priceMinorUnits) == [199, nil])
    }

    @Test func `facts of an unknown item are unknown`() {
        let facts = ItemFacts()
        #expect(facts.category(ItemNumber(3)) == nil && facts.type(ItemNumber(3)) == nil)
        #expect(facts.brandClass(ItemNumber(3)) == .unknown)
        #expect(!facts.hidden.contains(ItemNumber(3)))
    }

    @Test func `rhythm counts baskets and tells what is due`() throws {
        let lines =
            [0, 10, 20].map { Self.line(0, 1, day: $0) } + [0, 15, 30].map { Self.line(0, 2, day: $0) }
            + [5, 6].map { Self.line(0, 3, day: $0) }
        let history = InteractionLog(lines).history(of: UserNumber(0))
        let now = Timestamp(milliseconds: 32 * Self.day)
        let profile = Profile(history: history, facts: ItemFacts(), now: now)
        #expect(profile.rhythm.map(\.item) == [ItemNumber(1), ItemNumber(2)])
        let first = try #require(profile.rhythm.first)
        #expect(first.times == 3 && first.meanGapDays == 10 && first.daysSinceLast == 12 && first.isDue)
        #expect(profile.rhythm.last?.isDue == false)
        #expect(profile.recencyDays == 2)
        #expect(profile.baskets == 7 && profile.purchases == 8)
    }

    @Test func `a profile knows nothing of what comes later`() {
        let lines = (0..<20).map { Self.line(0, UInt32($0 % 4), day: $0, price: 100) }
        let now = Timestamp(milliseconds: 12 * Self.day)
        let all = InteractionLog(lines).history(of: UserNumber(0))
        let past = InteractionLog(Array(lines.prefix(12))).history(of: UserNumber(0))
        #expect(
            Profile(history: all, facts: ItemFacts(), now: now) == Profile(history: past, facts: ItemFacts(), now: now))
    }

    @Test func `no history gives an empty profile`() {
        let profile = Profile(history: [], facts: ItemFacts(), now: Timestamp(milliseconds: 0))
        #expect(profile.recencyDays == nil && profile.priceLevel == nil && profile.privateBrandShare == nil)
        #expect(profile.rhythm.isEmpty && profile.favouriteCategories.isEmpty && profile.spendMinorUnits == 0)
    }
}
