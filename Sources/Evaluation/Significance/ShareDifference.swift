/// How far two shares of counted cases lie apart, of cases that are not the same.
public enum ShareDifference {
    /// The two-sided 95 % point of the standard normal distribution.
    private static let deviations = 1.959_963_984_540_054

    /// The 95 % interval of `candidate − baseline`; `nil` without cases.
    ///
    /// Agresti and Caffo (The American Statistician, 2000): one hit and one miss are added on both sides, then the normal approximation
    /// holds for few cases too. `mean` is the difference of the shares themselves.
    public static func interval(
        candidate: (share: Double, count: Int), baseline: (share: Double, count: Int)
    ) -> ConfidenceInterval? {
        guard candidate.count > 0, baseline.count > 0 else { return nil }
        func adjusted(_ side: (share: Double, count: Int)) -> (share: Double, variance: Double) {
            let count = Double(side.count) + 2
            let share = (side.share * Double(side.count) + 1) / count
            return (share, share * (1 - share) / count)
        }
        let (one, other) = (adjusted(candidate), adjusted(baseline))
        let width = deviations * (one.variance + other.variance).squareRoot()
        let centre = one.share - other.share
        return ConfidenceInterval(
            mean: candidate.share - baseline.share, lower: centre - width, upper: centre + width, confidence: 0.95)
    }
}
