internal import Evaluation
internal import Foundation

/// The HTML report of a picture classifier: figures, curves, confusion matrix.
enum PictureReport {
    static func make(
        title: String, subtitle: String, result: ClassificationResult, outcome: Trainer.Outcome, facts: [[String]]
    ) -> HTMLReport {
        var report = HTMLReport(title: title, subtitle: subtitle)
        report.add(
            section: "On the test pictures",
            conclusion: "The test pictures were looked at once, after the epoch had been chosen on held-out training "
                + "pictures. Precision, recall and F1 are means over the classes, AUC is of each class against the rest.",
            blocks: [
                .table(
                    caption: "Figures", columns: ["Metric", "Value"],
                    rows: [
                        ["Accuracy", figure(result.accuracy)], ["Macro precision", figure(result.precision)],
                        ["Macro recall", figure(result.recall)], ["Macro F1", figure(result.f1)],
                        ["Macro AUC, one against the rest", figure(result.area)],
                    ]),
                .table(caption: "The run", columns: ["What", "Value"], rows: facts),
            ])
        report.add(
            section: "Training",
            conclusion: "Held-out loss that rises while training loss falls would mean overfitting; "
                + "the epoch with the highest held-out accuracy is kept.", blocks: curves(outcome))
        report.add(
            section: "Classes",
            conclusion: "A row is the true class, a column the decision: what lies off the diagonal is confused.",
            blocks: classes(result))
        return report
    }

    private static func curves(_ outcome: Trainer.Outcome) -> [ReportBlock] {
        let epochs = outcome.history.map { Double($0.epoch) }
        return [
            .lines(
                caption: "Loss by epoch", xLabel: "epoch",
                series: [
                    .init(label: "training", x: epochs, y: outcome.history.map(\.trainingLoss)),
                    .init(label: "held out", x: epochs, y: outcome.history.compactMap(\.validation?.loss)),
                ]),
            .lines(
                caption: "Accuracy on held-out pictures; the best epoch is \(outcome.bestEpoch)", xLabel: "epoch",
                series: [.init(label: "held out", x: epochs, y: outcome.history.compactMap(\.validation?.score))]),
            .lines(
                caption: "Learning rate at the end of each epoch", xLabel: "epoch",
                series: [.init(label: "rate", x: epochs, y: outcome.history.map(\.rate))]),
        ]
    }

    private static func classes(_ result: ClassificationResult) -> [ReportBlock] {
        let rows = result.classes.indices.map { number in
            let matrix = result.matrix(of: number)
            return [
                result.classes[number], figure(matrix.precision), figure(matrix.recall), figure(matrix.f1),
                figure(result.areas[number]),
            ]
        }
        let confusion = result.classes.indices.map { [result.classes[$0]] + result.confusion[$0].map(String.init) }
        // Four lines can be told apart: those of the classes that are hardest to tell from the rest.
        let hardest = result.classes.indices.sorted { (result.areas[$0] ?? 2) < (result.areas[$1] ?? 2) }.prefix(4)
        return [
            .table(caption: "By class", columns: ["Class", "Precision", "Recall", "F1", "AUC"], rows: rows),
            .table(caption: "Confusion matrix", columns: ["True class"] + result.classes, rows: confusion),
            .square(
                caption: "ROC curves of the four hardest classes", xLabel: "false positive rate",
                yLabel: "true positive rate",
                series: hardest.map {
                    .init(
                        label: result.classes[$0], x: result.curves[$0].map(\.x), y: result.curves[$0].map(\.y))
                }, hasDiagonal: true),
        ]
    }

    static func figure(_ value: Double?) -> String { value.map { String(format: "%.4f", $0) } ?? "–" }
}
