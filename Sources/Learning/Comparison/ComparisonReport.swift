import Domain
import Evaluation
import Foundation

/// Models side by side on one page.
struct ComparisonReport {
    let task: ModelBench.Task
    let compared: ComparedTask
    /// The best first; of equals the first by name.
    let entries: [MeasuredModel]

    init(task: ModelBench.Task, compared: ComparedTask, entries: [MeasuredModel]) {
        (self.task, self.compared) = (task, compared)
        self.entries = entries.sorted { ($1.accuracy.mean, $0.name) < ($0.accuracy.mean, $1.name) }
    }

    func html() throws -> HTMLReport {
        var report = HTMLReport(title: "Models compared", subtitle: title)
        let comparisons = tested.compactMap(comparison)
        comparisons.first?.addVerdict(to: &report, limits: limits)
        EvaluationReports.add(compared.checks, to: &report)
        report.add(section: "Accuracy", conclusion: meaning, blocks: bars + [accuracy])
        report.add(section: "Against the best", conclusion: Self.testing, blocks: comparisons.map(tests))
        LearningCurve(measure: measure, models: entries.map { ($0.name, $0.curve) }).add(to: &report)
        report.add(
            section: "What it costs",
            conclusion:
                "Times are of this machine and this run. Memory is how far training and answering rose above what was resident "
                + "with the data read, in which a small model may find room that reading freed; and the most of the whole process.",
            blocks: costs)
        report.add(
            section: "Lists as decisions",
            conclusion:
                "What stands in a list is taken for wanted. Precision cannot rise far where people want few things of many; "
                + "compare it between models and not with one.", blocks: decisions)
        report.add(
            section: "Who is served how well",
            conclusion:
                "Groups are of people whose past is of similar length. Wide intervals are small groups: no order of models "
                + "follows from them.", blocks: groups)
        report.add(
            section: "Which items are found",
            conclusion:
                "A model may look good by the head alone. Few items of the tail are wanted by anybody in so short a test.",
            blocks: items)
        if entries.contains(where: { !$0.exchanged.isEmpty }) {
            report.add(
                section: "What hangs on order",
                conclusion:
                    "Neighbouring items of each history were exchanged at random and models trained anew. What a model loses "
                    + "hangs on the order of items that may have been bought together: that part of its lead is no knowledge "
                    + "of taste.",
                blocks: [order])
        }
        try worst()?.add(to: &report)
        return report
    }

    /// What models are put in order by.
    var measure: String { entries.first?.accuracy.name ?? "" }

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

    private var limits: String {
        "Everything below says how well known behaviour is foretold, not how much more a shop would sell: for that, run an "
            + "experiment. The best of many models looks better here than it will on other data."
    }

    /// What the figures mean, and do not.
    private var meaning: String {
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

    /// The measures that models are told apart by: the first, and what the task adds.
    private var tested: [Int] {
        guard let figures = entries.first?.figures else { return [] }
        return figures.indices.filter { $0 == 0 || task.tests(figures[$0].key) }
    }

    private var bars: [ReportBlock] {
        tested.map { figure in
            let first = entries[0].figures[figure]
            return .bars(
                caption: "\(first.name) with 95 % intervals over \(first.values.count) people",
                bars: entries.compactMap { entry in
                    PairedBootstrap.interval(of: entry.figures[figure].values, resamples: 500)
                        .map { .init(label: entry.name, interval: $0) }
                })
        }
    }

    private var accuracy: ReportBlock {
        .table(
            caption: "Means over people",
            columns: ["Model"] + (entries.first?.figures.map(\.name) ?? []) + ["Coverage", "Gini"],
            rows: entries.map { entry in
                [entry.name] + entry.figures.map { ModelComparison.figure($0.mean) }
                    + [String(format: "%.1f %%", 100 * entry.coverage), String(format: "%.3f", entry.gini)]
            })
    }

    /// The best by the first measure beside all others, by any measure.
    private func comparison(_ figure: Int) -> ModelComparison? {
        guard let best = entries.first else { return nil }
        let own = best.figures[figure]
        return ModelComparison(
            name: best.name, measure: own.name, candidate: own.values,
            baselines: entries.dropFirst().map { .init(name: $0.name, values: $0.figures[figure].values) },
            unit: "people", draws: 2000)
    }

    private func tests(_ comparison: ModelComparison) -> ReportBlock {
        .table(
            caption: "\(comparison.name) less each other model, \(comparison.measure) of the same people",
            columns: ["Model", "Difference, 95 %", "p by permutation", "p after Holm"],
            rows: comparison.outcomes.map { outcome in
                [outcome.name, ModelComparison.text(outcome.difference)]
                    + [outcome.pValue, outcome.adjusted].map(ModelComparison.figure)
            })
    }

    private var costs: [ReportBlock] {
        guard let first = entries.first else { return [] }
        return CostReport(
            measure: measure,
            caption: "Training on \(first.interactions) interactions, lists of ten for \(first.people) people",
            entries: entries.map {
                .init(
                    name: $0.name, quality: $0.accuracy.mean, trainSeconds: $0.trainSeconds,
                    answerSeconds: $0.answerSeconds, memoryMegabytes: $0.memoryMegabytes,
                    processMegabytes: $0.peakMegabytes)
            }
        ).blocks
    }

    private var order: ReportBlock {
        .table(
            caption: "As the histories stand, and with neighbouring items exchanged",
            columns: ["Model", "NDCG@10", "exchanged", "lost", "Recall@10", "exchanged"],
            rows: entries.compactMap { entry in
                guard entry.exchanged.count > 1 else { return nil }
                let (ndcg, recall) = (entry.exchanged[0].mean, entry.exchanged[1].mean)
                let lost = entry.accuracy.mean > 0 ? 1 - ndcg / entry.accuracy.mean : 0
                let figures = [entry.accuracy.mean, ndcg, entry.figures[1].mean, recall].map(ModelComparison.figure)
                return [entry.name] + figures[..<2] + [String(format: "%.0f %%", 100 * lost)] + figures[2...]
            })
    }
}

extension ModelBench.Task {
    /// Whether a measure beside the first is told apart by models too.
    fileprivate func tests(_ key: String) -> Bool {
        if case .baskets = self { return key == "recall_new@10" }
        return false
    }
}
