import Numerics
import Ranking
import Testing

@Suite struct AttributionTests {
    private static func trees(_ seed: UInt64) throws -> TreeEnsemble {
        var random = SeededGenerator(seed: seed)
        var examples = RankingExamples(featureCount: 6)
        for _ in 0..<60 {
            var (rows, labels): ([Float], [Float]) = ([], [])
            for _ in 0..<10 {
                let row = (0..<6).map { _ in random.unit() < 0.15 ? Float.nan : Float(random.unit()) }
                rows += row
                let known = row.map { $0.isNaN ? 0.5 : $0 }
                labels.append(known[0] * known[1] + known[2] - known[3] * known[4] > 0.6 ? 1 : 0)
            }
            examples.append(rows, labels: labels)
        }
        var boosting = GradientBoosting()
        (boosting.objective, boosting.rounds, boosting.depth, boosting.minimumLeafWeight) = (.logistic, 25, 5, 1)
        return try boosting.train(examples, seed: seed)
    }

    private static func row(_ random: inout SeededGenerator) -> [Float] {
        (0..<6).map { _ in random.unit() < 0.2 ? .nan : Float(random.unit()) }
    }

    /// Shapley's formula over all coalitions of players, with a score for each.
    private static func shapley(
        _ trees: TreeEnsemble, _ row: [Float], _ reference: [Float], players: [Int], count: Int
    ) -> [Double] {
        func score(_ coalition: Int) -> Double {
            let mixed = row.indices.map { coalition >> players[$0] & 1 == 1 ? row[$0] : reference[$0] }
            return Double(trees.scores(mixed)[0])
        }
        func factorial(_ number: Int) -> Double { (1...max(1, number)).reduce(1.0) { $0 * Double($1) } }
        return (0..<count).map { player in
            (0..<1 << count).filter { $0 >> player & 1 == 0 }.reduce(0.0) { sum, coalition in
                let size = coalition.nonzeroBitCount
                let weight = factorial(size) * factorial(count - size - 1) / factorial(count)
                return sum + weight * (score(coalition | 1 << player) - score(coalition))
            }
        }
    }

    @Test(arguments: [[0, 1, 2, 3, 4, 5], [0, 0, 1, 1, 2, 2], [0, 1, 0, 2, 1, 0]])
    func `attributions are Shapley's values over all coalitions, for features and for groups`(_ players: [Int]) throws {
        let count = (players.max() ?? 0) + 1
        for seed: UInt64 in 1...3 {
            let trees = try Self.trees(seed)
            var random = SeededGenerator(seed: seed + 100)
            for _ in 0..<10 {
                let (row, reference) = (Self.row(&random), Self.row(&random))
                let found = trees.attributions(of: row, beside: reference, players: players, playerCount: count)
                let expected = Self.shapley(trees, row, reference, players: players, count: count)
                for (one, other) in zip(found, expected) { #expect(abs(one - other) < 2e-5) }
                let difference = Double(trees.scores(row)[0] - trees.scores(reference)[0])
                #expect(abs(found.reduce(0, +) - difference) < 2e-5)
            }
        }
    }

    @Test func `what is equal in both rows gets nothing, and equal rows get nothing at all`() throws {
        let trees = try Self.trees(4)
        var random = SeededGenerator(seed: 9)
        let row = Self.row(&random)
        var reference = Self.row(&random)
        (reference[1], reference[4]) = (row[1], row[4])
        let players = Array(0..<6)
        let found = trees.attributions(of: row, beside: reference, players: players, playerCount: 6)
        #expect(found[1] == 0 && found[4] == 0 && found.contains { $0 != 0 })
        #expect(
            trees.attributions(of: row, beside: row, players: players, playerCount: 6).allSatisfy { $0 == 0 })
    }
}
