import Numerics
import Testing

@testable import Ranking

@Suite struct RankingTests {
    /// Groups whose best rows have a large first feature and a small second one; the third is noise, often missing.
    static func examples(seed: UInt64) -> RankingExamples {
        var random = SeededGenerator(seed: seed)
        var examples = RankingExamples(featureCount: 3)
        for _ in 0..<80 {
            var (rows, labels): ([Float], [Float]) = ([], [])
            for _ in 0..<12 {
                let (a, b) = (Float(random.unit()), Float(random.unit()))
                rows += [a, b, random.unit() < 0.5 ? .nan : Float(random.unit())]
                labels.append(a - b > 0.4 ? 1 : 0)
            }
            examples.append(rows, labels: labels)
        }
        return examples
    }

    static func boosting(_ objective: GradientBoosting.Objective) -> GradientBoosting {
        var boosting = GradientBoosting()
        (boosting.objective, boosting.rounds, boosting.minimumLeafWeight) = (objective, 20, 1)
        return boosting
    }

    @Test(arguments: [GradientBoosting.Objective.pairwise, .ndcg, .logistic])
    func `trees order rows that they never saw`(_ objective: GradientBoosting.Objective) throws {
        let trees = try Self.boosting(objective).train(Self.examples(seed: 1), seed: 1)
        let test = Self.examples(seed: 2)
        let scores = trees.scores(test.features)
        var (right, pairs) = (0, 0)
        for group in 0..<80 {
            for first in group * 12..<(group + 1) * 12 where test.labels[first] == 1 {
                for second in group * 12..<(group + 1) * 12 where test.labels[second] == 0 {
                    pairs += 1
                    right += scores[first] > scores[second] ? 1 : 0
                }
            }
        }
        #expect(pairs > 500 && Double(right) > 0.93 * Double(pairs))
    }

    @Test func `the same seed gives the same trees, another seed others`() throws {
        let boosting = Self.boosting(.pairwise)
        let trees = try boosting.train(Self.examples(seed: 1), seed: 5)
        let again = try boosting.train(Self.examples(seed: 1), seed: 5)
        let other = try boosting.train(Self.examples(seed: 1), seed: 6)
        #expect(trees == again && trees != other)
        let scores = trees.scores([0.5, .nan, .nan])
        #expect(scores.count == 1 && scores.allSatisfy { $0.isFinite })
        #expect(trees.scores([]).isEmpty)
    }

    @Test func `progress hears every round`() throws {
        var rounds: [Int] = []
        _ = try Self.boosting(.logistic).train(Self.examples(seed: 1), seed: 1) { rounds.append($0) }
        #expect(rounds == Array(1...20))
    }

    @Test func `nothing to learn, and infinite values, are refused`() throws {
        var infinite = RankingExamples(featureCount: 1)
        infinite.append([.infinity, 1], labels: [0, 1])
        for examples in [RankingExamples(featureCount: 3), RankingExamples(featureCount: 0), infinite] {
            #expect(throws: RankingError.self) { try GradientBoosting().train(examples, seed: 1) }
        }
    }

    @Test func `damaged trees are refused`() {
        func trees(left: [UInt32], feature: UInt32 = 0, value: Float = 1, root: UInt32 = 0) -> () throws -> TreeEnsemble
        {
            {
                try TreeEnsemble(
                    featureCount: 1, base: 0, roots: [root], features: [feature, 0, 0], values: [0.5, value, 2],
                    left: left, right: [2, 0, 0], missingLeft: [0, 0, 0])
            }
        }
        #expect(throws: Never.self) { try trees(left: [1, 0, 0])() }
        for broken in [
            trees(left: [1, 1, 0]), trees(left: [7, 0, 0]), trees(left: [1, 0]), trees(left: [1, 0, 0], feature: 1),
            trees(left: [1, 0, 0], value: .nan), trees(left: [1, 0, 0], root: 3),
        ] {
            #expect(throws: RankingError.self) { try broken() }
        }
    }

    @Test func `a row goes by threshold, and where missing values go`() throws {
        let trees = try TreeEnsemble(
            featureCount: 1, base: 10, roots: [0, 3], features: [0, 0, 0, 0], values: [0.5, 1, 2, 100],
            left: [1, 0, 0, 0], right: [2, 0, 0, 0], missingLeft: [1, 0, 0, 0])
        #expect(trees.scores([0.4, 0.5, .nan]) == [111, 112, 111])
    }

    /// Full trees of random splits over three features, depth first.
    static func fullTrees(depth: Int, seed: UInt64) throws -> TreeEnsemble {
        var random = SeededGenerator(seed: seed)
        var (roots, features, values): ([UInt32], [UInt32], [Float]) = ([], [], [])
        var (left, right, missingLeft): ([UInt32], [UInt32], [UInt8]) = ([], [], [])
        func append(_ levels: Int) {
            let node = features.count
            features.append(UInt32(random.next() % 3))
            values.append(Float(random.unit()))
            missingLeft.append(random.unit() < 0.5 ? 1 : 0)
            left.append(levels > 0 ? UInt32(node + 1) : 0)
            right.append(0)
            guard levels > 0 else { return }
            append(levels - 1)
            right[node] = UInt32(features.count)
            append(levels - 1)
        }
        for _ in 0..<4 {
            roots.append(UInt32(features.count))
            append(depth)
        }
        return try TreeEnsemble(
            featureCount: 3, base: 0.5, roots: roots, features: features, values: values, left: left, right: right,
            missingLeft: missingLeft)
    }

    /// Trees of at most 32 leaves are laid out otherwise than larger ones.
    @Test(arguments: [0, 1, 4, 5, 6, 9])
    func `rows side by side and alone come to the leaves of a walk`(depth: Int) throws {
        let trees = try Self.fullTrees(depth: depth, seed: 3)
        var rows = Array(Self.examples(seed: 4).features.prefix(29 * 3))
        for place in stride(from: 0, to: rows.count, by: 7) { rows[place] = .nan }
        let walked = (0..<29).map { row in
            var sum = trees.base
            for root in trees.roots {
                var node = Int(root)
                while trees.left[node] != 0 {
                    let value = rows[row * 3 + Int(trees.features[node])]
                    let goesLeft = value < trees.values[node] || (value.isNaN && trees.missingLeft[node] == 1)
                    node = Int(goesLeft ? trees.left[node] : trees.right[node])
                }
                sum += trees.values[node]
            }
            return sum
        }
        #expect(depth == 0 || Set(walked).count > 4)
        for level in 0...TreeEnsemble.level { #expect(trees.scores(rows, level: level) == walked) }
        for row in 0..<29 { #expect(trees.scores(Array(rows[row * 3..<(row + 1) * 3])) == [walked[row]]) }
    }

    @Test func `bags score by the mean of their ensembles`() throws {
        var boosting = Self.boosting(.logistic)
        let examples = Self.examples(seed: 1)
        let parts = try [5, 1005, 2005].map { try boosting.train(examples, seed: $0) }
        boosting.bags = 3
        var rounds: [Int] = []
        let bagged = try boosting.train(examples, seed: 5) { rounds.append($0) }
        #expect(rounds == Array(1...60) && bagged.roots.count == 60)
        let rows = Self.examples(seed: 2).features + [0.5, .nan, .nan]
        let scores = parts.map { $0.scores(rows) }
        for (place, score) in bagged.scores(rows).enumerated() {
            #expect(abs(score - (scores[0][place] + scores[1][place] + scores[2][place]) / 3) < 1e-5)
        }
        #expect(try TreeEnsemble(meanOf: [parts[0]]) == parts[0])
    }
}
