internal import Domain
internal import Evaluation
internal import Foundation

/// The HTML report and the model card of purchase prediction.
enum PurchaseReport {
    static func make(_ outcome: PurchaseOutcome, facts: [[String]]) -> HTMLReport {
        var report = HTMLReport(
            title: "Purchases: \(outcome.final.network.scores.name)",
            subtitle: "Tested at \(outcome.windows.cuts[0].dateDescription)")
        report.add(
            section: "On the last window",
            conclusion:
                "The last window was looked at once. Half of its examples were bought, which no shop's pairs of people and "
                + "items are: a chance counts among such examples alone, and figures change with how the others are drawn.",
            blocks: [
                table("Figures at a threshold of one half", outcome.final.scores),
                .table(caption: "The run", columns: ["What", "Value"], rows: facts),
                confusion(outcome.final.network.scores),
                differences(outcome.final.network.scores.name, outcome.final.differences),
            ])
        if let second = outcome.final.secondScores.first {
            report.add(
                section: "The second question",
                conclusion:
                    "The same network also tells whether something of the item's type is bought, on the same examples. Beside it "
                    + "stands a perceptron that was taught this question alone.",
                blocks: [
                    table("Figures at a threshold of one half", outcome.final.secondScores),
                    differences(second.name, outcome.final.secondDifferences),
                ])
        }
        if let clicks = outcome.final.clicks { addClicks(clicks, to: &report) }
        report.add(
            section: "New and known items",
            conclusion:
                "Whether a person buys again what they bought before is another question than whether they take to "
                + "something new: the figures of all examples mix the two.",
            blocks: parts(outcome.final))
        report.add(
            section: "Chances",
            conclusion:
                "Where the line lies on the diagonal, what is given a chance of .7 is bought seven times of ten.",
            blocks: curves(outcome.final))
        report.add(
            section: "Rolling windows",
            conclusion:
                "Each fold learns from the windows before it and chooses the number of epochs for the last one.",
            blocks: outcome.folds.enumerated().flatMap { number, fold in
                let cut = outcome.windows.cuts[number + 1].dateDescription
                return [table("At \(cut), \(fold.trainingCount) training examples", fold.scores), training(fold, cut)]
            })
        return report
    }

    static func table(_ caption: String, _ scores: [PurchaseScores]) -> ReportBlock {
        .table(
            caption: caption, columns: ["Model"] + PurchaseScores.names.map(title),
            rows: scores.map { score in
                let figures = score.figures
                return [score.name] + PurchaseScores.names.map { figure(figures[$0]) }
            })
    }

    private static func differences(_ name: String, _ differences: [PurchaseDifference]) -> ReportBlock {
        .table(
            caption: "\(name) less each rival, 95 % by drawing people with all of their examples",
            columns: ["Rival", "Accuracy", "Log loss (less is better)"],
            rows: differences.map { [$0.rival, interval($0.accuracy), interval($0.logLoss)] })
    }

    private static func confusion(_ scores: PurchaseScores) -> ReportBlock {
        let matrix = scores.matrix
        return .table(
            caption: "The decisions of \(scores.name)", columns: ["", "Said yes", "Said no"],
            rows: [
                ["Bought", String(matrix.truePositives), String(matrix.falseNegatives)],
                ["Not bought", String(matrix.falsePositives), String(matrix.trueNegatives)],
            ])
    }

    private static func parts(_ fit: PurchaseFit) -> [ReportBlock] {
        let isKnown = PurchaseRivals.isKnown(fit.test)
        return [("Items that the person had bought before", isKnown), ("Items new to the person", isKnown.map { !$0 })]
            .map { caption, marks in
                let share = fit.network.scores.part(marks)
                let bought = share.labels.count { $0 }
                return table(
                    "\(caption): \(share.labels.count) examples, \(bought) bought", fit.scores.map { $0.part(marks) })
            }
    }

    private static func curves(_ fit: PurchaseFit) -> [ReportBlock] {
        let calibrated = fit.scores.compactMap { score in
            score.calibration.map {
                ReportBlock.Series(label: score.name, x: $0.bins.map(\.predicted), y: $0.bins.map(\.observed))
            }
        }
        let roc = fit.scores.compactMap { score in
            ClassificationMetrics.rocCurve(scores: score.chances, labels: score.labels).map { points in
                let shown = points.count > 201 ? (0...200).map { points[$0 * (points.count - 1) / 200] } : points
                return ReportBlock.Series(label: score.name, x: shown.map(\.x), y: shown.map(\.y))
            }
        }
        return [
            .square(
                caption: "How often it happened, by the chance that was given", xLabel: "mean chance",
                yLabel: "share that was bought", series: calibrated, hasDiagonal: true),
            .square(
                caption: "ROC curves", xLabel: "false positive rate", yLabel: "true positive rate", series: roc,
                hasDiagonal: true),
        ]
    }

    private static func training(_ fit: PurchaseFit, _ cut: String) -> ReportBlock {
        let history = fit.network.outcome.history
        let epochs = history.map { Double($0.epoch) }
        return .lines(
            caption:
                "Loss of \(fit.network.scores.name) by epoch, window of \(cut); the best epoch is \(fit.network.bestEpoch)",
            xLabel: "epoch",
            series: [
                .init(label: "training", x: epochs, y: history.map(\.trainingLoss)),
                .init(label: "window", x: epochs, y: history.compactMap(\.validation?.loss)),
            ])
    }

    static func card(_ outcome: PurchaseOutcome, facts: [[String]]) -> String {
        let names = ["Model"] + PurchaseScores.names.map(title)
        func rows(_ scores: [PurchaseScores]) -> String {
            scores.map { score in
                let figures = score.figures
                return "| \(score.name) | " + PurchaseScores.names.map { figure(figures[$0]) }.joined(separator: " | ")
                    + " |"
            }.joined(separator: "\n")
        }
        let head = "| \(names.joined(separator: " | ")) |\n|\(names.map { _ in "---|" }.joined())"
        let second = outcome.final.secondScores
        let secondPart =
            second.isEmpty
            ? "" : "\n**The second question: is something of the item's type bought?**\n\n\(head)\n\(rows(second))\n"
        return """
            # Model card: purchases

            **Purpose.** The chance that a person buys an item within some days, from what the shop knows of both. It was
            taught pairs of which half were bought: its chances are to be compared with each other, not taken for shares of all
            pairs of a shop.

            **Data.** Purchases of the shop under pseudonyms. Features look at events before a moment alone, labels at what came
            from there on; the last window chose nothing.

            | what | value |
            |---|---|
            \(facts.map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n"))

            **On the last window.**

            \(head)
            \(rows(outcome.final.scores))
            \(secondPart)\(outcome.final.clicks.map(clickCard) ?? "")
            """
    }

    static func title(_ name: String) -> String {
        switch name {
        case "f1": "F1"
        case "auc": "AUC"
        default: name.prefix(1).uppercased() + name.dropFirst().replacing("_", with: " ")
        }
    }

    static func figure(_ value: Double?) -> String {
        value.map { $0.isNaN ? "–" : String(format: "%.4f", $0) } ?? "–"
    }

    static func interval(_ value: ConfidenceInterval) -> String {
        String(format: "%+.4f (%+.4f to %+.4f)", value.mean, value.lower, value.upper)
    }
}
