import Foundation

/// How many users a difference needs to be found, and how small a difference so many users can show.
///
/// For the mean of paired differences, normal approximation: n = ((z_{1−α/2} + z_{power})·σ / δ)² (Cohen, 1988, ch. 2).
public enum PowerAnalysis {
    /// Returns how many users are needed to find a mean difference; `nil` if the difference is zero or no number.
    ///
    /// - Parameter deviation: Standard deviation of the differences by user.
    /// - Parameter significance: The p-value that counts as a finding, two-sided.
    /// - Parameter power: How often a difference of this size is to be found.
    public static func users(
        difference: Double, deviation: Double, significance: Double = 0.05, power: Double = 0.8
    ) -> Int? {
        let share = factor(significance, power) * deviation / abs(difference)
        let users = (share * share).rounded(.up)
        return users.isFinite && users < 1e15 ? max(2, Int(users)) : nil
    }

    /// Returns the smallest mean difference that so many users show with this power; `nil` without users.
    public static func difference(
        users: Int, deviation: Double, significance: Double = 0.05, power: Double = 0.8
    ) -> Double? {
        users > 0 ? factor(significance, power) * deviation / Double(users).squareRoot() : nil
    }

    private static func factor(_ significance: Double, _ power: Double) -> Double {
        precondition((0..<1).contains(significance) && significance > 0 && (0..<1).contains(power) && power > 0)
        return normalQuantile(1 - significance / 2) + normalQuantile(power)
    }

    /// The value below which a standard normal variable lies with this probability, by halving an interval around it.
    static func normalQuantile(_ probability: Double) -> Double {
        var (low, high) = (-40.0, 40.0)
        for _ in 0..<200 {
            let middle = (low + high) / 2
            if 0.5 * erfc(-middle / 2.0.squareRoot()) < probability { low = middle } else { high = middle }
        }
        return (low + high) / 2
    }

    /// The standard deviation of a sample; `nil` for fewer than two values.
    public static func deviation(of values: [Double]) -> Double? {
        guard values.count > 1 else { return nil }
        let mean = values.reduce(0, +) / Double(values.count)
        let squares = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
        return (squares / Double(values.count - 1)).squareRoot()
    }
}
