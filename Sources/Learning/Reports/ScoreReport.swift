import Evaluation
import Foundation

/// How well a model's scores tell what was bought from what was not, among the candidates that it scores itself.
struct ScoreReport {
    /// Scores of the candidates of all users, one after the other.
    struct Scorer {
        let name: String
        let scores: [Double]
        /// Whether a score says how likely it is that the candidate is bought.
        let isChance: Bool
    }

    /// The model whose candidates these are.
    let model: Scorer
    /// Plainer models on the same candidates.
    let plainer: [Scorer]
    /// Whether each candidate was bought.
    let labels: [Bool]
    /// Candidates of each user, as ranges of `labels`.
    let users: [Range<Int>]
    /// How many items all users bought, among the candidates or not.
    let wanted: Int

    /// At which chances a decision is shown: they are fixed, so that no threshold is chosen on the test part.
    static let thresholds = [0.02, 0.05, 0.1, 0.2, 0.5]
    /// How many of either kind chances are fitted on at least.
    private static let leastPositives = 20
    private static let fitting =
        "The model's scores are no chances. Those below come from an isotonic regression of what was wanted on the score, fitted "
        + "on half of the users and judged on the other half, both ways."
    /// How far two neighbouring points of a drawn curve lie apart at least.
    private static let drawnStep = 0.004

    var blocks: [ReportBlock] {
        let found = labels.count { $0 }
        guard found > 0, found < labels.count else { return [] }
        return [
            .paragraph(
                "\(labels.count) candidates of \(users.count) users, \(found) of them bought "
                    + "(\(Self.percent(found, of: labels.count))): "
                    + "\(Self.percent(found, of: wanted)) of all that was bought is among them."), table,
            curves(
                "ROC curve: of what was bought, how much stands above a threshold; of what was not, how much does too",
                xLabel: "false positive rate", yLabel: "true positive rate", hasDiagonal: true,
                area: ClassificationMetrics.rocAUC, curve: ClassificationMetrics.rocCurve),
            curves(
                "Precision-recall curve: recall is of what was bought among the candidates",
                xLabel: "recall", yLabel: "precision", hasDiagonal: false,
                area: ClassificationMetrics.averagePrecision, curve: ClassificationMetrics.precisionRecallCurve),
        ] + (decided.map { decisions($0.chances, areFitted: $0.areFitted) } ?? [])
    }

    /// The chance of each candidate: the model's score if it is one, else fitted on the other half of the users.
    ///
    /// `nil` if there are too few to fit on, or scores that are not finite.
    private var decided: (chances: [Double], areFitted: Bool)? {
        if model.isChance { return (model.scores, false) }
        var chances = [Double](repeating: 0, count: labels.count)
        for half in 0...1 {
            let others = users.indices.filter { $0 % 2 != half }.flatMap { Array(users[$0]) }
            let positives = others.count { labels[$0] }
            guard min(positives, others.count - positives) >= Self.leastPositives,
                let fitted = IsotonicChances(
                    scores: others.map { model.scores[$0] }, labels: others.map { labels[$0] })
            else { return nil }
            // A fit never knows that something cannot be, or must be.
            let edge = 0.5 / Double(others.count)
            for user in users.indices where user % 2 == half {
                for place in users[user] {
                    chances[place] = min(max(fitted.chance(of: model.scores[place]), edge), 1 - edge)
                }
            }
        }
        return (chances, true)
    }

    private var table: ReportBlock {
        .table(
            caption: "Over all candidates, and within each user's own with 95 % intervals over users",
            columns: ["Scores of", "AUC-ROC", "Average precision", "AUC within a user", "Users with both"],
            rows: ([model] + plainer).map { scorer in
                let areas = users.compactMap {
                    ClassificationMetrics.rocAUC(scores: Array(scorer.scores[$0]), labels: Array(labels[$0]))
                }
                let interval = PairedBootstrap.interval(of: areas, resamples: 500)
                return [
                    scorer.name, Self.figure(ClassificationMetrics.rocAUC(scores: scorer.scores, labels: labels)),
                    Self.figure(ClassificationMetrics.averagePrecision(scores: scorer.scores, labels: labels)),
                    interval.map { String(format: "%.4f (%.4f to %.4f)", $0.mean, $0.lower, $0.upper) } ?? "–",
                    String(areas.count),
                ]
            })
    }

    /// Calibration and decisions.
    private func decisions(_ chances: [Double], areFitted: Bool) -> [ReportBlock] {
        guard let calibration = Calibration(probabilities: chances, labels: labels) else { return [] }
        return (areFitted ? [.paragraph(Self.fitting)] : []) + [
            .square(
                caption:
                    "Calibration: what was given a chance, in tenths, and how often it was bought; the broken line is right",
                xLabel: "mean chance that was given", yLabel: "share that was bought",
                series: [
                    .init(
                        label: "\(model.name), expected error \(Self.figure(calibration.expectedError))",
                        x: calibration.bins.map(\.predicted), y: calibration.bins.map(\.observed))
                ], hasDiagonal: true),
            .table(
                caption: "The same as numbers", columns: ["Chance given", "Bought", "Candidates"],
                rows: calibration.bins.map { [Self.figure($0.predicted), Self.figure($0.observed), String($0.count)] }),
            .table(
                caption: "Chances as probabilities", columns: ["Metric", "Value", "Always the mean"],
                rows: [
                    row("Log loss, nats", chances, ClassificationMetrics.logLoss),
                    row("Brier score", chances, ClassificationMetrics.brierScore),
                ]),
            .table(
                caption: "Confusion matrices: decided for where the chance is at least the threshold",
                columns: ["Threshold"] + ConfusionMatrix.columns,
                rows: Self.thresholds.map { threshold in
                    [String(threshold)]
                        + ConfusionMatrix(scores: chances, labels: labels, threshold: threshold).cells
                }),
        ]
    }

    private func row(
        _ name: String, _ chances: [Double], _ metric: ([Double], [Bool]) -> Double?
    ) -> [String] {
        let mean = Double(labels.count { $0 }) / Double(labels.count)
        let constant = Array(repeating: mean, count: labels.count)
        return [name, Self.figure(metric(chances, labels)), Self.figure(metric(constant, labels))]
    }

    private func curves(
        _ caption: String, xLabel: String, yLabel: String, hasDiagonal: Bool,
        area: ([Double], [Bool]) -> Double?, curve: ([Double], [Bool]) -> [ClassificationMetrics.Point]?
    ) -> ReportBlock {
        let series = ([model] + plainer).compactMap { scorer -> ReportBlock.Series? in
            guard let points = curve(scorer.scores, labels) else { return nil }
            let drawn = Self.thinned(points)
            return .init(
                label: "\(scorer.name), area \(Self.figure(area(scorer.scores, labels)))", x: drawn.map(\.x),
                y: drawn.map(\.y))
        }
        return .square(caption: caption, xLabel: xLabel, yLabel: yLabel, series: series, hasDiagonal: hasDiagonal)
    }

    /// Leaves out points that lie too near to the last one to be seen; the first and the last stay.
    static func thinned(_ points: [ClassificationMetrics.Point]) -> [ClassificationMetrics.Point] {
        guard let last = points.last else { return [] }
        var kept: [ClassificationMetrics.Point] = []
        for point in points.dropLast() {
            if let before = kept.last, abs(point.x - before.x) + abs(point.y - before.y) < drawnStep { continue }
            kept.append(point)
        }
        return kept + [last]
    }

    private static func percent(_ part: Int, of whole: Int) -> String {
        whole > 0 ? String(format: "%.1f %%", 100 * Double(part) / Double(whole)) : "–"
    }

    private static func figure(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "–" }
}
