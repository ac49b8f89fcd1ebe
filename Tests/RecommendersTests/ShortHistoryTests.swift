import Domain
import Features
import Testing

@testable import Recommenders

@Suite struct ShortHistoryTests {
    /// Seventy people who buy three of twelve items each week, for `weeks` weeks.
    static func set(weeks: Int) -> TrainingSet {
        var lines: [InteractionLog.Line] = []
        for user in 0..<70 {
            for week in 0..<weeks {
                for item in [user % 4, 4 + (user + week) % 5, 9 + (user * 7 + week) % 3] {
                    lines.append(
                        .init(
                            user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                            time: Timestamp(milliseconds: Int64(week) * 604_800_000), group: Int64(week)))
                }
            }
        }
        return TrainingSet(log: InteractionLog(lines))
    }

    @Test func `people of whom little is known are left to the blend, with chances for scores`() throws {
        let set = Self.set(weeks: 20)
        let model = RankedBasketModel.train(set)
        #expect(model.givesChances)
        #expect(model.leastHistory == RankedBasketModel.mostUntaught)
        let history = set.log.history(of: UserNumber(3))
        let short = RecommendationContext(now: set.now, history: Array(history.suffix(5)))
        let list = model.candidates(for: short, limit: 8)
        #expect(list.map(\.item) == model.blend.candidates(for: short, limit: 8).map(\.item))
        #expect(list.allSatisfy { $0.score > 0 && $0.score < 1 })
        #expect(zip(list, list.dropFirst()).allSatisfy { $0.score >= $1.score })
        let again = try RankedBasketModel(ColumnFile(decoding: model.columns().encoded(), kind: RankedBasketModel.name))
        #expect(again.leastHistory == model.leastHistory && again.candidates(for: short, limit: 8) == list)
    }

    @Test func `a shop whose people buy little keeps its rankers for all of them`() throws {
        // The shortest twentieth decides: here nobody has more than 15 lines.
        #expect(RankedBasketModel.train(Self.set(weeks: 5)).leastHistory == 15)
        var file = RankedBasketModel.train(Self.set(weeks: 5)).columns()
        file.set("least_history", [UInt32(1), 2])
        #expect(throws: (any Error).self) { _ = try RankedBasketModel(file) }
    }

    @Test func `an item that is asked for twice has one row twice`() {
        let set = Self.set(weeks: 20)
        let evidence = BasketEvidence(set)
        let context = RecommendationContext(
            now: set.now, user: UserNumber(3), history: set.log.history(of: UserNumber(3)))
        let person = PersonEvidence(context, blend: evidence.blend)
        let rows = evidence.rows(
            of: [5, 9, 5], proposals: [Proposal](repeating: Proposal(score: 1, place: 0), count: 3), for: context,
            person
        )
        let width = BasketFeature.count
        // Bits, for missing values are unlike themselves.
        let bits = (0..<3).map { rows[$0 * width..<($0 + 1) * width].map(\.bitPattern) }
        #expect(bits[0] == bits[2] && bits[0] != bits[1])
        #expect(rows[BasketFeature.coPurchase.rawValue] > 0)
    }
}
