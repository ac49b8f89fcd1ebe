internal import Evaluation
internal import JSON

/// How well chances of purchases did, on one set of examples.
struct PurchaseScores {
    static let threshold = 0.5

    let name: String
    let chances: [Double]
    let labels: [Bool]
    let matrix: ConfusionMatrix

    init(_ name: String, _ chances: [Double], _ labels: [Bool]) {
        (self.name, self.chances, self.labels) = (name, chances, labels)
        matrix = ConfusionMatrix(scores: chances, labels: labels, threshold: Self.threshold)
    }

    /// Names of the figures, in the order in which they are shown.
    static let names = [
        "accuracy", "precision", "recall", "f1", "auc", "average_precision", "log_loss", "brier", "calibration_error",
    ]

    /// Figures by name; one that has no value is NaN.
    var figures: [String: Double] {
        [
            "accuracy": matrix.accuracy ?? .nan, "precision": matrix.precision ?? .nan,
            "recall": matrix.recall ?? .nan, "f1": matrix.f1 ?? .nan,
            "auc": ClassificationMetrics.rocAUC(scores: chances, labels: labels) ?? .nan,
            "average_precision": ClassificationMetrics.averagePrecision(scores: chances, labels: labels) ?? .nan,
            "log_loss": ClassificationMetrics.logLoss(probabilities: chances, labels: labels) ?? .nan,
            "brier": ClassificationMetrics.brierScore(probabilities: chances, labels: labels) ?? .nan,
            "calibration_error": calibration?.expectedError ?? .nan,
        ]
    }

    var calibration: Calibration? { Calibration(probabilities: chances, labels: labels) }

    /// 1 for each right decision.
    var hits: [Double] { zip(chances, labels).map { ($0 >= Self.threshold) == $1 ? 1 : 0 } }

    /// The log loss of each example.
    var losses: [Double] {
        zip(chances, labels).map { ClassificationMetrics.logLoss(probabilities: [$0], labels: [$1]) ?? .nan }
    }

    /// The same for the examples that are marked.
    func part(_ isMarked: [Bool]) -> PurchaseScores {
        let places = chances.indices.filter { isMarked[$0] }
        return PurchaseScores(name, places.map { chances[$0] }, places.map { labels[$0] })
    }

    var json: JSONValue {
        let figures = figures
        return .object(
            [.init("model", .string(name))] + Self.names.map { .init($0, .number(figures[$0] ?? .nan)) } + [
                .init(
                    "confusion",
                    .object([
                        .init("true_positives", .integer(Int64(matrix.truePositives))),
                        .init("false_positives", .integer(Int64(matrix.falsePositives))),
                        .init("false_negatives", .integer(Int64(matrix.falseNegatives))),
                        .init("true_negatives", .integer(Int64(matrix.trueNegatives))),
                    ]))
            ])
    }
}

/// A difference of two models on the same examples, people drawn with all of theirs.
struct PurchaseDifference {
    let rival: String
    let accuracy: ConfidenceInterval
    let logLoss: ConfidenceInterval

    init?(_ model: PurchaseScores, _ rival: PurchaseScores, people: [UInt32]) {
        let groups = people.map { Int($0) }
        guard
            let accuracy = ClusterBootstrap.interval(
                of: model.hits, less: rival.hits, groups: groups, measure: .mean),
            let logLoss = ClusterBootstrap.interval(
                of: model.losses, less: rival.losses, groups: groups, measure: .mean)
        else { return nil }
        (self.rival, self.accuracy, self.logLoss) = (rival.name, accuracy, logLoss)
    }

    var json: JSONValue {
        .object([
            .init("rival", .string(rival)), .init("accuracy", .number(accuracy.mean)),
            .init("accuracy_lower", .number(accuracy.lower)), .init("accuracy_upper", .number(accuracy.upper)),
            .init("log_loss", .number(logLoss.mean)), .init("log_loss_lower", .number(logLoss.lower)),
            .init("log_loss_upper", .number(logLoss.upper)),
        ])
    }
}
