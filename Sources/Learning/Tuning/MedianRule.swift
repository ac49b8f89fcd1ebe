/// When a trial is not worth its further windows: the median stopping rule (Golovin et al., KDD 2017).
struct MedianRule: Hashable, Sendable {
    /// Fewer earlier trials say too little.
    private static let leastRivals = 5

    /// Scores by window of the trials before it; those that ended early have fewer.
    let rivals: [[Double]]

    /// Whether the mean over the windows so far lies below the median of the earlier trials' means over the same windows.
    func ends(_ scores: [Double]) -> Bool {
        let means = rivals.filter { $0.count >= scores.count }.map { Self.mean($0.prefix(scores.count)) }.sorted()
        guard !scores.isEmpty, means.count >= Self.leastRivals else { return false }
        let median = 0.5 * (means[(means.count - 1) / 2] + means[means.count / 2])
        return Self.mean(scores[...]) < median
    }

    /// What a trial's mean over all windows would be if in the others it stood to the first trial as in those it has.
    ///
    /// The mean itself where it has all of them.
    static func standing(_ scores: [Double], beside first: [Double]) -> Double {
        guard scores.count < first.count else { return mean(scores[...]) }
        return mean(first[...]) + mean(scores[...]) - mean(first.prefix(scores.count))
    }

    private static func mean(_ scores: ArraySlice<Double>) -> Double {
        scores.reduce(0, +) / Double(max(1, scores.count))
    }
}
