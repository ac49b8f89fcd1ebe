/// What another way of choosing would have earned, from a log of choices, their chances and what came of them.
public enum OffPolicy {
    /// One logged choice, as the estimators see it.
    public struct Row: Hashable, Sendable {
        public var reward: Double
        /// The chance with which the log's policy made the choice; above zero.
        public var propensity: Double
        /// The chance with which the policy in question would have made it.
        public var target: Double
        /// What a model of rewards expects of the choice that was made.
        public var expected: Double
        /// What it expects on average over the choices of the policy in question.
        public var expectedUnderTarget: Double

        public init(
            reward: Double, propensity: Double, target: Double, expected: Double = 0, expectedUnderTarget: Double = 0
        ) {
            (self.reward, self.propensity, self.target) = (reward, propensity, target)
            (self.expected, self.expectedUnderTarget) = (expected, expectedUnderTarget)
        }

        var weight: Double { target / propensity }
    }

    /// An estimate with its standard error; `nil` where no logged choice is one that the policy would have made.
    public struct Estimate: Hashable, Sendable {
        public let value: Double
        public let standardError: Double
    }

    /// Inverse propensity scores: (1/n) Σ w r with w = π(a|x) / π₀(a|x) (Horvitz and Thompson, 1952).
    ///
    /// Unbiased where the log could make every choice; one large weight can carry all of it.
    public static func ips(_ rows: [Row]) -> Estimate? { mean(rows.map { $0.weight * $0.reward }) }

    /// Self-normalised: Σ w r / Σ w (Swaminathan and Joachims, NIPS 2015). Within the range of rewards, slightly biased.
    public static func snips(_ rows: [Row]) -> Estimate? {
        let total = rows.reduce(0) { $0 + $1.weight }
        guard total > 0 else { return nil }
        let value = rows.reduce(0) { $0 + $1.weight * $1.reward } / total
        // By the delta method.
        let squares = rows.reduce(0) { $0 + ($1.weight * ($1.reward - value)) * ($1.weight * ($1.reward - value)) }
        return Estimate(value: value, standardError: squares.squareRoot() / total)
    }

    /// Doubly robust: (1/n) Σ [q̂(x, π) + w (r - q̂(x, a))] (Dudík, Langford and Li, ICML 2011).
    ///
    /// Right where either the propensities or the model of rewards are.
    public static func doublyRobust(_ rows: [Row]) -> Estimate? {
        mean(rows.map { $0.expectedUnderTarget + $0.weight * ($0.reward - $0.expected) })
    }

    /// The model of rewards alone: (1/n) Σ q̂(x, π).
    public static func directMethod(_ rows: [Row]) -> Estimate? { mean(rows.map(\.expectedUnderTarget)) }

    /// (Σ w)² / Σ w²: as many choices of the policy itself would say as much.
    public static func effectiveSampleSize(_ rows: [Row]) -> Double {
        let (sum, squares) = rows.reduce((0.0, 0.0)) { ($0.0 + $1.weight, $0.1 + $1.weight * $1.weight) }
        return squares > 0 ? sum * sum / squares : 0
    }

    private static func mean(_ values: [Double]) -> Estimate? {
        guard !values.isEmpty else { return nil }
        let count = Double(values.count)
        let mean = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / max(1, count - 1)
        return Estimate(value: mean, standardError: (variance / count).squareRoot())
    }
}
