import Evaluation

// A matrix as a row of a report's table.
extension ConfusionMatrix {
    static let columns = [
        "True positives", "False positives", "False negatives", "True negatives", "Precision", "Recall", "F1",
        "Matthews",
    ]

    /// In the order of `columns`.
    var cells: [String] {
        [truePositives, falsePositives, falseNegatives, trueNegatives].map(String.init)
            + [precision, recall, f1, matthewsCorrelation].map { $0.map(ModelComparison.figure) ?? "–" }
    }
}
