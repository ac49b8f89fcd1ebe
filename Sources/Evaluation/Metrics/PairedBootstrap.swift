import Numerics

/// A mean with the interval that holds it at some confidence.
public struct ConfidenceInterval: Hashable, Sendable {
    public let mean: Double
    public let lower: Double
    public let upper: Double
    /// Such as 0.95.
    public let confidence: Double

    public init(mean: Double, lower: Double, upper: Double, confidence: Double) {
        (self.mean, self.lower, self.upper, self.confidence) = (mean, lower, upper, confidence)
    }

    /// Whether zero lies outside: for a difference, whether the sign is told apart from chance at this confidence.
    public var excludesZero: Bool { lower > 0 || upper < 0 }
}

/// Bootstrap over users (or queries): draws them with replacement and looks at how the mean moves.
///
/// Percentile intervals (Efron and Tibshirani, 1993, ch. 13); paired as in Sakai, SIGIR 2006: both systems are drawn on the
/// same users, so that the differences between users cancel.
public enum PairedBootstrap {
    public static let defaultResamples = 2_000

    /// Returns the interval of the mean of one value a user.
    ///
    /// - Returns: `nil` without values. Deterministic for a seed.
    /// - Complexity: O(resamples · users).
    public static func interval(
        of values: [Double], confidence: Double = 0.95, resamples: Int = defaultResamples, seed: UInt64 = 1
    ) -> ConfidenceInterval? {
        precondition((0.5..<1).contains(confidence) && resamples > 1, "confidence in 0.5..<1, at least two resamples")
        guard !values.isEmpty else { return nil }
        var random = SeededGenerator(seed: seed)
        let means = (0..<resamples).map { _ in resampledMean(values, using: &random) }.sorted()
        let tail = (1 - confidence) / 2
        let mean = values.reduce(0, +) / Double(values.count)
        return ConfidenceInterval(
            mean: mean, lower: quantile(tail, of: means), upper: quantile(1 - tail, of: means), confidence: confidence)
    }

    /// Returns the interval of the mean difference `candidate − baseline`; both hold the same users in the same order.
    public static func interval(
        candidate: [Double], baseline: [Double], confidence: Double = 0.95, resamples: Int = defaultResamples,
        seed: UInt64 = 1
    ) -> ConfidenceInterval? {
        precondition(candidate.count == baseline.count, "paired values must be of the same users")
        let differences = zip(candidate, baseline).map { $0 - $1 }
        return interval(of: differences, confidence: confidence, resamples: resamples, seed: seed)
    }

    private static func resampledMean(_ values: [Double], using random: inout SeededGenerator) -> Double {
        var sum = 0.0
        let count = UInt64(values.count)
        for _ in 0..<values.count {
            // The high half of a 64 × 64 bit product: an index without a division, biased by less than count / 2^64.
            sum += values[Int(random.next().multipliedFullWidth(by: count).high)]
        }
        return sum / Double(values.count)
    }

    /// Linear interpolation between order statistics, as NumPy's default.
    static func quantile(_ share: Double, of sorted: [Double]) -> Double {
        let position = share * Double(sorted.count - 1)
        let below = Int(position)
        let above = min(below + 1, sorted.count - 1)
        return sorted[below] + (position - Double(below)) * (sorted[above] - sorted[below])
    }
}
