import Domain
import Features
import Numerics
import Testing

@testable import Recommenders

@Suite struct TopItemsTests {
    @Test(arguments: [0, 1, 7, 64, 1000]) func `the best of a stream are those of a sort`(limit: Int) {
        var random = SeededGenerator(seed: UInt64(limit))
        var best = TopItems(limit: limit)
        // Few different scores, so that many are equal.
        let stream = (0..<500).map { (item: UInt32($0 * 7919 % 500), score: Double(random.next() % 40)) }
        for (item, score) in stream {
            let enters = best.mayEnter(item, score)
            let before = best.sorted
            best.insert(item, score)
            #expect(enters == (best.sorted.map(\.item) != before.map(\.item)))
            #expect(enters || score <= best.leastScore)
        }
        best.insert(1, .nan)
        best.insert(2, .infinity)
        let sorted = stream.sorted { ($1.score, $0.item) < ($0.score, $1.item) }.prefix(limit)
        #expect(best.sorted.map(\.item) == sorted.map(\.item))
        #expect(best.sorted.map(\.score) == sorted.map(\.score))
    }

    /// Candidates are found without scoring all items: with any limit they must be the best of all.
    @Test(arguments: [0.3, 0]) func `candidates of the blend are the best of all items`(neighbourWeight: Double) {
        var set = Self.set()
        set.parameters.blend.neighbourWeight = neighbourWeight
        let model = NextBasketModel.train(set)
        for user in 0..<6 {
            let history = set.log.history(of: UserNumber(UInt32(user)))
            let context = RecommendationContext(now: set.now, user: UserNumber(UInt32(user)), history: history)
            let person = PersonEvidence(context, blend: model)
            let items = Array(0..<UInt32(set.itemLimit))
            let all = zip(items, model.scores(of: items, person)).filter { $0.1 > 0 }
                .sorted { ($1.1, $0.0) < ($0.1, $1.0) }
            for limit in [1, 12, 100] {
                let found = model.candidates(for: context, limit: limit)
                #expect(found.count == min(limit, all.count))
                for (place, item) in found.enumerated() {
                    #expect(item.item.rawValue == all[place].0)
                    #expect(abs(item.score - all[place].1) <= 1e-12 * all[place].1)
                }
            }
        }
    }

    /// Sixty people with tastes of their own among 3,000 items.
    private static func set() -> TrainingSet {
        var random = SeededGenerator(seed: 5)
        var lines: [InteractionLog.Line] = []
        for user in 0..<60 {
            for basket in 0..<10 {
                for _ in 0..<8 {
                    let taste = (user % 7) * 400
                    let item = random.unit() < 0.7 ? taste + Int(random.next() % 60) : Int(random.next() % 3000)
                    lines.append(
                        .init(
                            user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                            time: Timestamp(milliseconds: Int64(basket) * 604_800_000), group: Int64(basket)))
                }
            }
        }
        return TrainingSet(log: InteractionLog(lines))
    }
}
