/// Whether what was given a probability happened as often as it says.
public struct Calibration: Hashable, Sendable {
    /// Predictions of one range of probability.
    public struct Bin: Hashable, Sendable {
        public let count: Int
        /// Mean probability.
        public let predicted: Double
        /// Share that was positive.
        public let observed: Double
    }

    /// Ranges that hold a prediction, ascending.
    public let bins: [Bin]

    /// - Parameter binCount: Ranges of equal width over 0 to 1; a probability on an edge belongs to the range below it.
    /// - Returns: `nil` for no predictions, or one that is no probability.
    public init?(probabilities: [Double], labels: [Bool], binCount: Int = 10) {
        precondition(binCount > 0, "at least one range")
        guard ClassificationMetrics.isProbability(probabilities, labels) else { return nil }
        var (counts, hits) = (Array(repeating: 0, count: binCount), Array(repeating: 0, count: binCount))
        var sums = Array(repeating: 0.0, count: binCount)
        let edges = (1..<binCount).map { Double($0) / Double(binCount) }
        for (probability, label) in zip(probabilities, labels) {
            let bin = edges.firstIndex { probability <= $0 } ?? binCount - 1
            counts[bin] += 1
            sums[bin] += probability
            if label { hits[bin] += 1 }
        }
        bins = counts.indices.filter { counts[$0] > 0 }.map {
            Bin(
                count: counts[$0], predicted: sums[$0] / Double(counts[$0]),
                observed: Double(hits[$0]) / Double(counts[$0]))
        }
    }

    /// Expected calibration error: the mean of |observed − predicted| over predictions (Naeini et al., AAAI 2015).
    public var expectedError: Double {
        let total = Double(bins.reduce(0) { $0 + $1.count })
        return bins.reduce(0) { $0 + Double($1.count) / total * abs($1.observed - $1.predicted) }
    }
}
