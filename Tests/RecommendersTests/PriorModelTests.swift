import Domain
import Features
import Numerics
import Testing

@testable import Recommenders

/// Shares of somebody of whom few events are known.
@Suite struct PriorModelTests {
    @Test func `the strength of a known Dirichlet distribution is found again`() {
        var random = SeededGenerator(seed: 8)
        let shares = [0.4, 0.3, 0.2, 0.1]
        for strength in [1.0, 5, 20] {
            // Pólya's urn: a draw is one of the crowd's with k / (k + n), else one of those before.
            let samples = (0..<2000).map { _ in
                var (counts, drawn) = ([0, 0, 0, 0], [Int]())
                for step in 0..<12 {
                    var kind: Int
                    if random.unit() < strength / (strength + Double(step)) {
                        var left = random.unit()
                        kind = 0
                        while kind < 3, left >= shares[kind] {
                            left -= shares[kind]
                            kind += 1
                        }
                    } else {
                        kind = drawn[Int.random(in: 0..<drawn.count, using: &random)]
                    }
                    drawn.append(kind)
                    counts[kind] += 1
                }
                return DirichletSample(Array(zip(shares, counts)))
            }
            let found = DirichletSample.strength(of: samples, within: 0.01...10_000)
            #expect(abs(found / strength - 1) < 0.15, "\(strength): \(found)")
        }
        #expect(DirichletSample.strength(of: [], within: 1...2) == 1)
    }

    private static func set() throws -> TrainingSet {
        var facts = ItemFacts()
        for number in 0..<12 {
            var item = Item(id: try #require(ItemID("x\(number)")), title: "Item \(number)")
            item.productType = number == 11 ? [] : ["Shop", "Part \(number % 3)"]
            facts.set(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
        }
        // Everybody keeps to one part, and lower numbers sell more.
        var lines: [InteractionLog.Line] = []
        for user in 0..<30 {
            for step in 0..<9 {
                let item = user % 3 + 3 * (step * step % 4)
                lines.append(
                    InteractionLog.Line(
                        user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                        time: Timestamp(milliseconds: Int64(step) * 86_400_000), price: 100, group: Int64(step)))
            }
        }
        return TrainingSet(log: InteractionLog(lines, itemLimit: 12), facts: facts)
    }

    @Test func `the more is known of somebody, the more their own shares count`() throws {
        let set = try Self.set()
        let model = PriorModel.train(set)
        let stranger = RecommendationContext(now: set.now)
        let popular = PopularityModel.train(set).candidates(for: stranger, limit: 12)
        let list = model.candidates(for: stranger, limit: 12)
        #expect(list.map(\.item) == popular.map(\.item) && abs(list.reduce(0) { $0 + $1.score } - 1) < 1e-9)
        var chances: [Double] = []
        for count in 0...4 {
            let history = (0..<count).map { step in
                Interaction(
                    item: ItemNumber(2), time: Timestamp(milliseconds: set.now.milliseconds - Int64(step + 1)),
                    basket: Int32(step))
            }
            let all = model.candidates(for: RecommendationContext(now: set.now, history: history), limit: 12)
            #expect(abs(all.reduce(0) { $0 + $1.score } - 1) < 1e-9, "chances sum to one")
            chances.append(all.filter { $0.item.index % 3 == 2 }.reduce(0) { $0 + $1.score })
            guard count > 0 else { continue }
            #expect(all.first { $0.item == ItemNumber(2) }?.reason == PersonalReason.expected(count))
            #expect(
                all.first { $0.item == ItemNumber(5) }?.reason
                    == .favouriteCategory(set.facts.category(ItemNumber(5)) ?? 0))
        }
        #expect(zip(chances, chances.dropFirst()).allSatisfy { $0 < $1 })
    }

    private enum PersonalReason {
        static func expected(_ times: Int) -> Reason {
            times >= 3 ? .rhythm(everyDays: 1, times: times) : .boughtBefore(times: times)
        }
    }
}
