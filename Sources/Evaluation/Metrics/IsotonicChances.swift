/// Chances made from scores: the rising function of the score that fits labels best by squares.
///
/// Isotonic regression by pooling adjacent violators (Ayer et al., 1955), as calibration of a classifier in Zadrozny and Elkan,
/// KDD 2002; linear between the steps, as in scikit-learn. It must be fitted on other labels than those it is judged by.
public struct IsotonicChances: Sendable {
    /// Ascending scores with their chances, those between steps left out.
    private let points: [(score: Double, chance: Double)]

    /// - Returns: `nil` without scores, or for one that is not finite.
    /// - Complexity: O(*n* log *n*).
    public init?(scores: [Double], labels: [Bool]) {
        precondition(scores.count == labels.count, "one label for each score")
        guard !scores.isEmpty, scores.allSatisfy(\.isFinite) else { return nil }
        var blocks: [(from: Double, to: Double, hits: Double, count: Double)] = []
        for index in scores.indices.sorted(by: { scores[$0] < scores[$1] }) {
            let hit = labels[index] ? 1.0 : 0
            if let last = blocks.last, last.from == last.to, last.to == scores[index] {
                blocks[blocks.count - 1].hits += hit
                blocks[blocks.count - 1].count += 1
                continue
            }
            Self.pool(&blocks)
            blocks.append((scores[index], scores[index], hit, 1))
        }
        Self.pool(&blocks)
        points = blocks.flatMap { block in
            let chance = block.hits / block.count
            return block.from == block.to ? [(block.from, chance)] : [(block.from, chance), (block.to, chance)]
        }
    }

    /// Joins the last blocks as long as the later one is not higher.
    private static func pool(_ blocks: inout [(from: Double, to: Double, hits: Double, count: Double)]) {
        while blocks.count > 1 {
            let (one, other) = (blocks[blocks.count - 2], blocks[blocks.count - 1])
            guard one.hits * other.count >= other.hits * one.count else { return }
            blocks.removeLast()
            blocks[blocks.count - 1] = (one.from, other.to, one.hits + other.hits, one.count + other.count)
        }
    }

    /// The chance of a score; that of the nearest end outside of the scores that were fitted. Complexity: O(log *n*).
    public func chance(of score: Double) -> Double {
        var (low, high) = (0, points.count - 1)
        if score <= points[low].score { return points[low].chance }
        if score >= points[high].score { return points[high].chance }
        while high - low > 1 {
            let middle = (low + high) / 2
            if points[middle].score <= score { low = middle } else { high = middle }
        }
        let (a, b) = (points[low], points[high])
        return a.chance + (score - a.score) / (b.score - a.score) * (b.chance - a.chance)
    }
}
