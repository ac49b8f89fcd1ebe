/// The best scores that a query's words alone give, against which others are measured.
struct WordScores {
    /// The best in falling order, at most `Fusion.depth`.
    private(set) var best: [UInt32] = []
    private var threshold: UInt32 = 0

    mutating func offer(_ score: UInt32) {
        guard score > threshold else { return }
        best.append(score)
        if best.count >= 4 * Fusion.depth { close() }
    }

    /// Forgets all but the best. Called once behind the last offer.
    mutating func close() {
        best.sort(by: >)
        guard best.count > Fusion.depth else { return }
        best.removeSubrange(Fusion.depth...)
        threshold = best[Fusion.depth - 1]
    }

    /// From 1; equal scores are of one rank, and all beyond the kept ones of the same. Complexity: O(log kept).
    func rank(of score: UInt32) -> Int {
        var (low, high) = (0, best.count)
        while low < high {
            let middle = (low + high) / 2
            if best[middle] > score { low = middle + 1 } else { high = middle }
        }
        return low + 1
    }
}

/// What the words' scores count beside meaning, in parts of `Score.one`. Made once for a search over all segments.
struct WordParts {
    let scores: WordScores
    private let fusion: Fusion
    /// By part of a score.
    private let factor: Float
    private let highest: Float

    /// - Parameter highest: The most that the query's words can give, in parts of `Score.one`.
    init(_ scores: WordScores, _ fusion: Fusion, highest: Float) {
        (self.scores, self.fusion, self.highest) = (scores, fusion, highest)
        let best = Float(max(1, scores.best.first ?? 1))
        factor = fusion.weights.score + fusion.weights.scoreOfBest * highest / best
    }

    /// Of an item with some score by its words; nothing for an item without any.
    func part(_ score: UInt32) -> UInt32 {
        guard score > 0 else { return 0 }
        var sum = factor * Float(score)
        let weight = fusion.weights.scoreRank
        if weight > 0 { sum += weight * highest * fusion.reciprocal(scores.rank(of: score)) }
        return Score.whole(sum)
    }
}
