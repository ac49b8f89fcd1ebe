import Foundation

/// Metrics of a yes-or-no decision that a score or a probability stands for.
///
/// `nil` means that a metric has no value: only one class occurs, nothing is given, or a score is no number.
public enum ClassificationMetrics {
    /// A point of a curve.
    public struct Point: Hashable, Sendable {
        public let x: Double
        public let y: Double
        public init(x: Double, y: Double) { (self.x, self.y) = (x, y) }
    }

    /// Returns the area under the ROC curve: the probability that a positive scores above a negative, ties counting half.
    ///
    /// Hanley and McNeil, Radiology 1982. 0.5 for a constant score.
    /// - Complexity: O(*n* log *n*).
    public static func rocAUC(scores: [Double], labels: [Bool]) -> Double? {
        guard let data = ScoredLabels(scores: scores, labels: labels), data.positives > 0, data.negatives > 0 else {
            return nil
        }
        var (area, before) = (0.0, (positives: 0, negatives: 0))
        for step in data.steps {
            area += Double(step.negatives - before.negatives) * Double(step.positives + before.positives) / 2
            before = (step.positives, step.negatives)
        }
        return area / (Double(data.positives) * Double(data.negatives))
    }

    /// Returns AP = Σ (R_n − R_{n−1})·P_n over the thresholds: the area below the precision-recall curve, by steps.
    ///
    /// No interpolation, as scikit-learn defines it; for one ranked list without ties it is `RankingMetrics.averagePrecision`.
    public static func averagePrecision(scores: [Double], labels: [Bool]) -> Double? {
        guard let data = ScoredLabels(scores: scores, labels: labels), data.positives > 0 else { return nil }
        var (sum, before) = (0.0, 0)
        for step in data.steps where step.positives > before {
            sum +=
                Double(step.positives - before) * Double(step.positives)
                / Double(step.positives + step.negatives)
            before = step.positives
        }
        return sum / Double(data.positives)
    }

    /// Returns the ROC curve: x the share of negatives, y the share of positives at each threshold, from (0, 0) to (1, 1).
    public static func rocCurve(scores: [Double], labels: [Bool]) -> [Point]? {
        guard let data = ScoredLabels(scores: scores, labels: labels), data.positives > 0, data.negatives > 0 else {
            return nil
        }
        let (positives, negatives) = (Double(data.positives), Double(data.negatives))
        return [Point(x: 0, y: 0)]
            + data.steps.map { Point(x: Double($0.negatives) / negatives, y: Double($0.positives) / positives) }
    }

    /// Returns the precision-recall curve: x recall, y precision at each threshold, from the highest down.
    public static func precisionRecallCurve(scores: [Double], labels: [Bool]) -> [Point]? {
        guard let data = ScoredLabels(scores: scores, labels: labels), data.positives > 0 else { return nil }
        return data.steps.map {
            Point(
                x: Double($0.positives) / Double(data.positives),
                y: Double($0.positives) / Double($0.positives + $0.negatives))
        }
    }

    /// Returns the mean of −log p for what was positive and −log(1 − p) for what was not, in nats.
    ///
    /// Probabilities are kept 2⁻⁵² away from 0 and 1, so that one that was sure and wrong stays finite.
    public static func logLoss(probabilities: [Double], labels: [Bool]) -> Double? {
        guard isProbability(probabilities, labels) else { return nil }
        let edge = Double.ulpOfOne
        let losses = zip(probabilities, labels).map { probability, label in
            -log(min(max(label ? probability : 1 - probability, edge), 1 - edge))
        }
        return losses.reduce(0, +) / Double(losses.count)
    }

    /// Returns the mean of (p − y)², y being 1 or 0 (Brier, 1950).
    public static func brierScore(probabilities: [Double], labels: [Bool]) -> Double? {
        guard isProbability(probabilities, labels) else { return nil }
        let squares = zip(probabilities, labels).map { ($0 - ($1 ? 1 : 0)) * ($0 - ($1 ? 1 : 0)) }
        return squares.reduce(0, +) / Double(squares.count)
    }

    static func isProbability(_ values: [Double], _ labels: [Bool]) -> Bool {
        precondition(values.count == labels.count, "one label for each probability")
        return !values.isEmpty && values.allSatisfy { (0...1).contains($0) }
    }
}
