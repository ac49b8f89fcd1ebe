import Numerics

/// Bootstrap over groups of values, such as all ratings of one user, which are not independent of each other.
///
/// Groups are drawn with replacement, each with all of its values (Davison and Hinkley, 1997, ch. 3.8); percentile intervals.
public enum ClusterBootstrap {
    public static let defaultResamples = 1_000

    /// What is made of the values that were drawn.
    public enum Measure: Sendable {
        /// Σ v / n.
        case mean
        /// √(Σ v² / n).
        case rootMeanSquare
    }

    /// Returns the interval of a measure of `values`, or of its difference to that of `baseline` on the same groups.
    ///
    /// - Parameter groups: The group of each value; any numbers.
    /// - Returns: `nil` without values. Deterministic for a seed.
    /// - Complexity: O(resamples · groups).
    public static func interval(
        of values: [Double], less baseline: [Double]? = nil, groups: [Int], measure: Measure,
        confidence: Double = 0.95, resamples: Int = defaultResamples, seed: UInt64 = 1
    ) -> ConfidenceInterval? {
        precondition(values.count == groups.count && (baseline ?? values).count == values.count, "one group a value")
        precondition((0.5..<1).contains(confidence) && resamples > 1, "confidence in 0.5..<1, at least two resamples")
        guard !values.isEmpty else { return nil }
        let (numbers, count) = numbered(groups)
        var sums = [Sums](repeating: Sums(), count: count)
        for (place, number) in numbers.enumerated() {
            sums[number].add(values[place], baseline?[place] ?? 0, measure)
        }
        var random = SeededGenerator(seed: seed)
        let draws = (0..<resamples).map { _ in
            var drawn = Sums()
            for _ in sums { drawn.add(sums[draw(of: count, &random)]) }
            return drawn.value(measure)
        }
        return interval(sums.reduce(into: Sums()) { $0.add($1) }.value(measure), draws, confidence)
    }

    /// Groups by numbers from 0 in the order in which they first appear, and how many there are.
    static func numbered(_ groups: [Int]) -> (numbers: [Int], count: Int) {
        var known: [Int: Int] = [:]
        let numbers = groups.map { group in
            let number = known[group] ?? known.count
            known[group] = number
            return number
        }
        return (numbers, known.count)
    }

    /// One of `count` groups, each as probable as another.
    static func draw(of count: Int, _ random: inout SeededGenerator) -> Int {
        // The high half of a product: an index without a division.
        Int(random.next().multipliedFullWidth(by: UInt64(count)).high)
    }

    /// The percentile interval of what was drawn.
    static func interval(_ mean: Double, _ draws: [Double], _ confidence: Double) -> ConfidenceInterval {
        let sorted = draws.sorted()
        let tail = (1 - confidence) / 2
        return ConfidenceInterval(
            mean: mean, lower: PairedBootstrap.quantile(tail, of: sorted),
            upper: PairedBootstrap.quantile(1 - tail, of: sorted), confidence: confidence)
    }

    private struct Sums {
        private var (own, other, count) = (0.0, 0.0, 0.0)

        mutating func add(_ value: Double, _ baseline: Double, _ measure: Measure) {
            switch measure {
            case .mean: (own, other) = (own + value, other + baseline)
            case .rootMeanSquare: (own, other) = (own + value * value, other + baseline * baseline)
            }
            count += 1
        }

        mutating func add(_ sums: Sums) {
            (own, other, count) = (own + sums.own, other + sums.other, count + sums.count)
        }

        func value(_ measure: Measure) -> Double {
            switch measure {
            case .mean: (own - other) / count
            case .rootMeanSquare: (own / count).squareRoot() - (other / count).squareRoot()
            }
        }
    }
}
