import Evaluation
import Foundation
import JSON
import Recommenders

/// What an evaluation of ratings came to.
struct RatingOutcome {
    let data: RatingEvaluation.Table
    let known: [RatingEvaluation.Rating]
    let asked: [RatingEvaluation.Rating]
    let choice: RatingFactorModel.Choice
    let trainSeconds: Double
    /// The best model first.
    let entries: [RatingTask.Entry]

    /// Ratings asked for whose user or item has none in the part that was learned from.
    private var strangers: Int {
        let (users, items) = (Set(known.map(\.user)), Set(known.map(\.item)))
        return asked.count { !users.contains($0.user) || !items.contains($0.item) }
    }

    var json: JSONValue {
        var members: [JSONValue.Member] = [
            .init("ratings", .integer(Int64(data.ratings.count))), .init("users", .integer(Int64(data.users.count))),
            .init("items", .integer(Int64(data.items.count))), .init("duplicates", .integer(Int64(data.duplicates))),
            .init("predicted", .integer(Int64(asked.count))), .init("strangers", .integer(Int64(strangers))),
        ]
        members += entries.first.map { Self.figures($0) } ?? []
        members += [
            .init("train_seconds", .number(trainSeconds)), .init("epochs", .integer(Int64(choice.parameters.epochs))),
            .init("regularisation", .number(choice.parameters.regularisation)),
            .init("baselines", .object(entries.dropFirst().map { .init($0.name, .object(Self.figures($0))) })),
        ]
        return .object(members)
    }

    private static func figures(_ entry: RatingTask.Entry) -> [JSONValue.Member] {
        [("rmse", entry.result.rootMeanSquaredError), ("mae", entry.result.meanAbsoluteError)].flatMap { name, value in
            [
                JSONValue.Member(name, .number(value.mean)),
                .init("\(name)_interval", .array([.number(value.lower), .number(value.upper)])),
            ]
        }
    }

    func html(path: String, split: RatingEvaluation.Split) -> HTMLReport {
        let how =
            switch split {
            case .seed(let seed): "at random, seed \(seed)"
            case .time: "the newest"
            }
        var report = HTMLReport(
            title: "Ratings", subtitle: "\(URL(filePath: path).lastPathComponent), a fifth kept back: \(how)")
        report.add(
            section: "How far predictions are off",
            conclusion:
                "Lower is better. People rate what they chose: figures say nothing about items that nobody would have "
                + "rated, and little about the order of a list.",
            blocks: [
                .bars(
                    caption: "RMSE with 95 % intervals over users",
                    bars: entries.map { .init(label: $0.name, interval: $0.result.rootMeanSquaredError) }),
                .table(
                    caption: "\(asked.count) ratings predicted from \(known.count)",
                    columns: ["Prediction", "RMSE, 95 %", "MAE, 95 %", "RMSE of factors less this, 95 %"],
                    rows: entries.map { row($0) }),
                .paragraph(
                    "\(strangers) of them are of a user or an item without any rating to learn from. \(data.duplicates) "
                        + "ratings gave way to a later one of the same user and item. Regularisation "
                        + "\(choice.parameters.regularisation) and \(choice.parameters.epochs) epochs did best on a tenth of "
                        + "the ratings to learn from, which was kept back for choosing."),
            ])
        return report
    }

    private func row(_ entry: RatingTask.Entry) -> [String] {
        let best = entries.first.flatMap { best in
            best.name == entry.name
                ? nil
                : ClusterBootstrap.interval(
                    of: best.result.errors, less: entry.result.errors, groups: asked.map { Int($0.user) },
                    measure: .rootMeanSquare)
        }
        return [
            entry.name, Self.text(entry.result.rootMeanSquaredError), Self.text(entry.result.meanAbsoluteError),
            best.map { String(format: "%+.4f (%+.4f to %+.4f)", $0.mean, $0.lower, $0.upper) } ?? "–",
        ]
    }

    private static func text(_ value: ConfidenceInterval) -> String {
        String(format: "%.4f (%.4f to %.4f)", value.mean, value.lower, value.upper)
    }
}
