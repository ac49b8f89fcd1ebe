import Foundation

/// Metrics of one ranked list: the only place where they are defined.
///
/// A list is given best first, either as grades (`[Int]`, 0 = irrelevant) or as hits (`[Bool]`). Every cut-off is greater
/// than zero; a list that is shorter than the cut-off is taken as filled with irrelevant items. `nil` means that the metric
/// has no value because nothing is relevant: the caller decides how to average.
public enum RankingMetrics {
    /// Grades above this would make gains that a `Double` cannot add exactly.
    public static let maximumGrade = 31

    /// Returns the share of the first *k* ranks that hold a relevant item: P@k = |relevant ∩ top k| / k.
    public static func precision(_ hits: [Bool], at cutoff: Int) -> Double {
        Double(hitCount(hits, at: cutoff)) / Double(cutoff)
    }

    /// Returns the share of all relevant items that stand in the first *k* ranks: R@k = |relevant ∩ top k| / |relevant|.
    public static func recall(_ hits: [Bool], relevantCount: Int, at cutoff: Int) -> Double? {
        relevantCount > 0 ? Double(hitCount(hits, at: cutoff)) / Double(relevantCount) : nil
    }

    /// Returns the harmonic mean of precision and recall: F1@k = 2·P@k·R@k / (P@k + R@k), zero without a hit.
    public static func f1(_ hits: [Bool], relevantCount: Int, at cutoff: Int) -> Double? {
        guard let recall = recall(hits, relevantCount: relevantCount, at: cutoff) else { return nil }
        let precision = precision(hits, at: cutoff)
        return precision + recall > 0 ? 2 * precision * recall / (precision + recall) : 0
    }

    /// Returns 1 if a relevant item stands in the first *k* ranks, else 0.
    public static func hitRate(_ hits: [Bool], at cutoff: Int) -> Double { hitCount(hits, at: cutoff) > 0 ? 1 : 0 }

    /// Returns 1 / rank of the first relevant item in the first *k* ranks, else 0; its mean over lists is MRR@k.
    public static func reciprocalRank(_ hits: [Bool], at cutoff: Int) -> Double {
        hits.prefix(cutoff).firstIndex(of: true).map { 1 / Double($0 + 1) } ?? 0
    }

    /// Returns AP@k = Σ_{i ≤ k, i relevant} P@i / |relevant|; its mean over lists is MAP@k.
    ///
    /// The divisor is the number of all relevant items, as in trec_eval, also where that is more than *k*.
    public static func averagePrecision(_ hits: [Bool], relevantCount: Int, at cutoff: Int) -> Double? {
        guard relevantCount > 0 else { return nil }
        var (found, sum) = (0, 0.0)
        for (index, isHit) in hits.prefix(cutoff).enumerated() where isHit {
            found += 1
            sum += Double(found) / Double(index + 1)
        }
        return sum / Double(relevantCount)
    }

    /// Returns NDCG@k with exponential gain: DCG@k = Σ_{i ≤ k} (2^grade_i − 1) / log2(i + 1), over that of the ideal order.
    ///
    /// Burges et al., ICML 2005. Sums in rank order, in `Double`.
    /// - Parameter judged: All grades that are known for the query, in any order: the ideal list is made of them.
    /// - Returns: A value in `0...1`, or `nil` if no grade is above zero.
    /// - Complexity: O(*n* log *n*) for *n* judged items.
    public static func ndcg(grades: [Int], judged: [Int], at cutoff: Int) -> Double? {
        let ideal = discountedGain(judged.sorted(by: >).prefix(cutoff).map(exponentialGain))
        return ideal > 0 ? discountedGain(grades.prefix(cutoff).map(exponentialGain)) / ideal : nil
    }

    /// Returns NDCG@k with binary gain: Σ_{i ≤ k, i relevant} 1 / log2(i + 1), over the same sum for min(k, |relevant|) hits.
    public static func ndcg(hits: [Bool], relevantCount: Int, at cutoff: Int) -> Double? {
        guard relevantCount > 0 else { return nil }
        let ideal = discountedGain(Array(repeating: 1, count: min(cutoff, relevantCount)))
        return discountedGain(hits.prefix(cutoff).map { $0 ? 1 : 0 }) / ideal
    }

    private static func hitCount(_ hits: [Bool], at cutoff: Int) -> Int {
        precondition(cutoff > 0, "a cut-off must be greater than zero")
        return hits.prefix(cutoff).count { $0 }
    }

    private static func exponentialGain(_ grade: Int) -> Double {
        precondition((0...maximumGrade).contains(grade), "a grade must be in 0...31")
        return Double((1 << grade) - 1)
    }

    private static func discountedGain(_ gains: [Double]) -> Double {
        var sum = 0.0
        for (index, gain) in gains.enumerated() { sum += gain / log2(Double(index + 2)) }
        return sum
    }
}
