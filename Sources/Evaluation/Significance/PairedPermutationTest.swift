import Numerics

/// Whether two systems differ by more than chance, measured on the same users.
///
/// Under the hypothesis that they do not, each user's two values could as well be exchanged (Fisher, 1935; Smucker et al.,
/// CIKM 2007): the signs of the differences are drawn anew, and the mean is compared with the one that was seen.
public enum PairedPermutationTest {
    /// Up to so many differences that are not zero, all sign patterns are tried instead of drawn.
    public static let exactLimit = 14
    public static let defaultDraws = 10_000

    /// Returns the two-sided p-value of the mean difference; `nil` without values. Deterministic for a seed.
    ///
    /// Drawn: (1 + draws at least as extreme) / (1 + draws), which is never zero (Phipson and Smyth, 2010).
    /// - Complexity: O(draws · users), or O(2^n · n) for few.
    public static func pValue(
        candidate: [Double], baseline: [Double], draws: Int = defaultDraws, seed: UInt64 = 1
    ) -> Double? {
        precondition(candidate.count == baseline.count, "paired values must be of the same users")
        guard !candidate.isEmpty else { return nil }
        let differences = zip(candidate, baseline).map { $0 - $1 }.filter { $0 != 0 }
        guard !differences.isEmpty else { return 1 }
        // Sums of the same numbers in another order differ in their last bits.
        let magnitude = differences.reduce(0) { $0 + abs($1) }
        let seen = abs(differences.reduce(0, +)) - magnitude * 1e-12
        if differences.count <= exactLimit {
            let patterns = 1 << differences.count
            let extreme = (0..<patterns).count { abs(sum(differences, signs: UInt64($0))) >= seen }
            return Double(extreme) / Double(patterns)
        }
        var random = SeededGenerator(seed: seed)
        var extreme = 0
        for _ in 0..<draws {
            var (total, bits) = (0.0, UInt64(0))
            for (index, difference) in differences.enumerated() {
                if index & 63 == 0 { bits = random.next() }
                total += bits & 1 == 0 ? difference : -difference
                bits >>= 1
            }
            if abs(total) >= seen { extreme += 1 }
        }
        return Double(1 + extreme) / Double(1 + draws)
    }

    private static func sum(_ differences: [Double], signs: UInt64) -> Double {
        var total = 0.0
        for (index, difference) in differences.enumerated() {
            total += signs >> UInt64(index) & 1 == 0 ? difference : -difference
        }
        return total
    }
}

/// Corrects p-values of several comparisons, so that one of them being small by chance is not taken for a finding.
public enum HolmCorrection {
    /// Returns p-values that hold for all comparisons together, in the order given (Holm, 1979): never below the originals.
    public static func adjusted(_ pValues: [Double]) -> [Double] {
        var adjusted = pValues
        var largest = 0.0
        let order = pValues.indices.sorted { (pValues[$0], $0) < (pValues[$1], $1) }
        for (rank, index) in order.enumerated() {
            largest = max(largest, min(1, Double(pValues.count - rank) * pValues[index]))
            adjusted[index] = largest
        }
        return adjusted
    }
}
