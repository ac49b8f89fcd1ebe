internal import Domain
internal import Evaluation

/// What the report and the card say of clicks.
extension PurchaseReport {
    private static let names = ["log_loss", "auc", "average_precision", "brier", "calibration_error"]

    static func addClicks(_ clicks: ClickFit, to report: inout HTMLReport) {
        report.add(
            section: "Clicks",
            conclusion: source(clicks)
                + "The same network also tells whether an item in a list is clicked, on the newest fifth of the lists. Beside it stand a "
                + "perceptron that was taught clicks alone and the smoothed rate of the item. A list counts from its top to its lowest click: "
                + "chances are among such places, and none of the models is told the place.",
            blocks: [
                .table(
                    caption: "\(clicks.test.count) places of \(clicks.test.listCount) lists", columns: columns,
                    rows: rows(clicks)),
                .table(
                    caption: "\(clicks.scores[0].name) less each rival, 95 % by drawing lists with all of their places",
                    columns: ["Rival", "Log loss (less is better)", "AUC"],
                    rows: clicks.differences.map {
                        [$0.rival, interval($0.logLoss), $0.area.map(interval) ?? "–"]
                    }),
            ])
    }

    static func clickCard(_ clicks: ClickFit) -> String {
        func line(_ cells: [String]) -> String { "| \(cells.joined(separator: " | ")) |" }
        let table = [line(columns), "|" + columns.map { _ in "---|" }.joined()] + rows(clicks).map(line)
        return """

            **The third question: is an item in a list clicked?**

            \(source(clicks))\(clicks.learned.count) places of \(clicks.learned.listCount) lists taught it, \(clicks.test.count) places of
            \(clicks.test.listCount) newer lists tested it, each list from its top to its lowest click.

            \(table.joined(separator: "\n"))

            """
    }

    private static func source(_ clicks: ClickFit) -> String {
        clicks.isSynthetic
            ? "These clicks are \(ClickFit.syntheticWords), who click by price and brand, and say nothing of people. "
            : ""
    }

    private static var columns: [String] { ["Model"] + names.map(title) }

    private static func rows(_ clicks: ClickFit) -> [[String]] {
        clicks.scores.map { score in
            let figures = score.figures
            return [score.name] + names.map { figure(figures[$0]) }
        }
    }
}
