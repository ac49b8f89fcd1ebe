import Domain
import Evaluation
import Foundation

/// Models side by side on one page.
struct ComparisonReport {
    let task: ModelBench.Task
    let entries: [MeasuredModel]

    var html: HTMLReport {
        var report = HTMLReport(title: "Models compared", subtitle: title)
        let sorted = entries.sorted { ($1.accuracy.mean, $0.name) < ($0.accuracy.mean, $1.name) }
        report.add(section: "Accuracy", conclusion: conclusion, blocks: bars(sorted) + [accuracy(sorted)])
        if let best = sorted.first {
            report.add(
                section: "Against the best", conclusion: Self.testing,
                blocks: best.figures.indices.filter { $0 == 0 || task.tests(best.figures[$0].key) }
                    .map { tests(best, sorted, $0) })
        }
        report.add(
            section: "What it costs",
            conclusion:
                "Times are of this machine and this run. Memory is how far training and answering rose above what was resident "
                + "with the data read, in which a small model may find room that reading freed; and the most of the whole process.",
            blocks: costs(sorted))
        if sorted.contains(where: { !$0.exchanged.isEmpty }) {
            report.add(
                section: "What hangs on order",
                conclusion:
                    "Neighbouring items of each history were exchanged at random and models trained anew. What a model loses "
                    + "hangs on the order of items that may have been bought together: that part of its lead is no knowledge "
                    + "of taste.",
                blocks: [order(sorted)])
        }
        return report
    }

    private static let testing =
        "A difference counts if its interval leaves zero out and its p-value after Holm is small. It says that the models "
        + "differ on this data, not that shoppers would buy more."

    private var title: String {
        switch task {
        case .sequences(let path, _): "Next item of \(URL(filePath: path).lastPathComponent), leave one out"
        case .newItems(_, let cut, _): "Next new item after \(cut.dateDescription), global time split"
        case .baskets(_, let cut): "Next basket from \(cut.dateDescription) on"
        }
    }

    /// What the figures mean, and do not.
    private var conclusion: String {
        switch task {
        case .sequences:
            "The last item of each user is predicted among all items. Other users' later items may be in the training part, "
                + "as in the published tables: read it beside a global time split."
        case .newItems:
            "What each household buys next of the \(Workbench.timeSplitItems) items that sold most, and never had before: no "
                + "history holds anything at or after the cut, and lines of one basket stand in random order."
        case .baskets:
            "Each household's first basket at or after the cut, from purchases before it alone. Recall of new items is over "
                + "households whose basket holds some, from lists of items that they never had."
        }
    }

    private func bars(_ entries: [MeasuredModel]) -> [ReportBlock] {
        guard let first = entries.first else { return [] }
        return first.figures.indices.filter { $0 == 0 || task.tests(first.figures[$0].key) }.map { figure in
            .bars(
                caption:
                    "\(first.figures[figure].name) with 95 % intervals over \(first.figures[figure].values.count) people",
                bars: entries.compactMap { entry in
                    PairedBootstrap.interval(of: entry.figures[figure].values, resamples: 500)
                        .map { .init(label: entry.name, interval: $0) }
                })
        }
    }

    private func accuracy(_ entries: [MeasuredModel]) -> ReportBlock {
        .table(
            caption: "Means over people",
            columns: ["Model"] + (entries.first?.figures.map(\.name) ?? []) + ["Coverage", "Gini"],
            rows: entries.map { entry in
                [entry.name] + entry.figures.map { Self.figure($0.mean) }
                    + [String(format: "%.1f %%", 100 * entry.coverage), String(format: "%.3f", entry.gini)]
            })
    }

    private func tests(_ best: MeasuredModel, _ entries: [MeasuredModel], _ figure: Int) -> ReportBlock {
        let own = best.figures[figure]
        let comparison = ModelComparison(
            name: best.name, measure: own.name, candidate: own.values,
            baselines: entries.filter { $0.name != best.name }
                .map { .init(name: $0.name, values: $0.figures[figure].values) }, unit: "people", draws: 2000)
        return .table(
            caption: "\(best.name) less each other model, \(own.name) of the same people",
            columns: ["Model", "Difference, 95 %", "p by permutation", "p after Holm"],
            rows: comparison.outcomes.map { outcome in
                [outcome.name, ModelComparison.text(outcome.difference)]
                    + [outcome.pValue, outcome.adjusted].map(ModelComparison.figure)
            })
    }

    private func costs(_ entries: [MeasuredModel]) -> [ReportBlock] {
        guard let first = entries.first else { return [] }
        return CostReport(
            measure: first.accuracy.name,
            caption: "Training on \(first.interactions) interactions, lists of ten for \(first.people) people",
            entries: entries.map {
                .init(
                    name: $0.name, quality: $0.accuracy.mean, trainSeconds: $0.trainSeconds,
                    answerSeconds: $0.answerSeconds, memoryMegabytes: $0.memoryMegabytes,
                    processMegabytes: $0.peakMegabytes)
            }
        ).blocks
    }

    private func order(_ entries: [MeasuredModel]) -> ReportBlock {
        .table(
            caption: "As the histories stand, and with neighbouring items exchanged",
            columns: ["Model", "NDCG@10", "exchanged", "lost", "Recall@10", "exchanged"],
            rows: entries.compactMap { entry in
                guard entry.exchanged.count > 1 else { return nil }
                let (ndcg, recall) = (entry.exchanged[0].mean, entry.exchanged[1].mean)
                let lost = entry.accuracy.mean > 0 ? 1 - ndcg / entry.accuracy.mean : 0
                return [
                    entry.name, Self.figure(entry.accuracy.mean), Self.figure(ndcg),
                    String(format: "%.0f %%", 100 * lost), Self.figure(entry.figures[1].mean), Self.figure(recall),
                ]
            })
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}

extension ModelBench.Task {
    /// Whether a measure beside the first is told apart by models too.
    fileprivate func tests(_ key: String) -> Bool {
        if case .baskets = self { return key == "recall_new@10" }
        return false
    }
}
