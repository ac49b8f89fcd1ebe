import Domain
import Features
import Testing

@testable import Recommenders

@Suite struct RhythmTests {
    private static let day: Int64 = 86_400_000

    /// Twenty people buy item 0 each week and item 1 each month; item 2 is bought once, item 3 by one person every second day.
    private static let set: TrainingSet = {
        var lines: [InteractionLog.Line] = []
        func add(_ user: Int, _ item: UInt32, _ days: Int) {
            lines.append(
                .init(
                    user: UserNumber(UInt32(user)), item: ItemNumber(item),
                    time: Timestamp(milliseconds: Int64(days) * day), group: Int64(days * 8) + Int64(item)))
        }
        for user in 0..<20 {
            for week in 0..<18 { add(user, 0, week * 7) }
            for month in 0..<5 { add(user, 1, month * 28) }
            add(user, 2, 110)
        }
        for step in 0..<20 { add(0, 3, 80 + step * 2) }
        return TrainingSet(log: InteractionLog(lines), now: Timestamp(milliseconds: 120 * day))
    }()
    private static let model = RankedBasketModel.train(set)

    private func notDue(_ history: [(item: UInt32, age: Double)], _ fraction: Double) -> [UInt32] {
        let lines = history.enumerated().map { place, line in
            Interaction(item: ItemNumber(line.item), time: Self.set.now.adding(days: -line.age), basket: Int32(place))
        }
        return Self.model.notDue(lines, now: Self.set.now, fraction: fraction).map(\.rawValue).sorted()
    }

    @Test func `the item's usual gap counts where the person has none of their own`() {
        // Five days are more than half a week, drawn to other items' gaps, and far less than half a month.
        #expect(notDue([(0, 5), (1, 5)], 0.5) == [1])
        #expect(notDue([(0, 3), (1, 4)], 0.5) == [0, 1])
        #expect(notDue([(0, 6), (1, 20)], 1) == [0, 1])
        #expect(notDue([(0, 3), (1, 4)], 0).isEmpty)
        #expect(notDue([], 1).isEmpty)
    }

    @Test func `the person's own gaps outweigh it`() {
        // Who buys each second day what others buy each week needs it after four days; who buys it each month does not.
        let often = (0..<10).map { (item: UInt32(0), age: 4 + 2 * Double($0)) }
        #expect(notDue(often, 1).isEmpty)
        let seldom = (0..<4).map { (item: UInt32(0), age: 12 + 28 * Double($0)) }
        #expect(notDue(seldom, 1) == [0])
        #expect(abs(PurchaseRhythm.expectedGap(times: 1, gap: 0, typical: .nan) - 30) < 1e-4)
        #expect(abs(PurchaseRhythm.expectedGap(times: 3, gap: 4, typical: 32) - 8) < 1e-4)
    }

    @Test func `what is not due is left out while candidates are collected, so that the list stays full`() {
        let recommendations = Recommendations(models: RecommenderModels.train(Self.set), facts: ItemFacts())
        let history = Self.set.log.history(of: UserNumber(0))
        var context = RecommendationContext(now: Self.set.now, user: UserNumber(0), history: history)
        let usual = recommendations.answer(.home, for: context, limit: 3).map(\.item.rawValue)
        #expect(usual.contains(0) && usual.contains(3))
        // Item 0 was bought yesterday, and is for a week; item 3 two days ago, as always.
        context.rhythm = 0.4
        let late = recommendations.answer(.home, for: context, limit: 3).map(\.item.rawValue)
        #expect(!late.contains(0) && late.contains(3))
        #expect(recommendations.answer(.buyAgain, for: context, limit: 3).allSatisfy { $0.item.rawValue != 0 })
    }
}
