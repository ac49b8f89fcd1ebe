import Evaluation
import Foundation

/// What a search found, and which parameters mattered.
struct TuningReport {
    let trials: [Trial]
    let plan: TuningPlan
    let task: TuningTask
    /// Why no further trial was begun.
    let end: String

    var html: HTMLReport {
        var report = HTMLReport(title: "Tuning", subtitle: "\(task.model) on \(task.source)")
        let full = trials.filter { $0.share == 1 && !$0.isPruned }
        report.add(
            section: "Course",
            conclusion:
                "\(task.protocolText) The best of many trials looks better than it is, so expect a smaller gain on what "
                + "comes later.",
            blocks: [
                .lines(
                    caption: "\(task.measure) of whole trials, and the best so far", xLabel: "trial",
                    series: [
                        .init(label: "trial", x: full.map { Double($0.number) }, y: full.map(\.score)),
                        .init(label: "best", x: full.map { Double($0.number) }, y: bestSoFar(full)),
                    ]), .paragraph(course), table,
            ])
        let importance = plan.importance(of: trials)
        if !importance.isEmpty {
            report.add(
                section: "Which parameters mattered",
                conclusion:
                    "The part of the scores' variance that each parameter explains alone, within the ranges that were "
                    + "searched. What only matters together with another does not show here.",
                blocks: [
                    .bars(
                        caption: "Explained variance",
                        bars: zip(plan.space.parameters, importance).map { .init(label: $0.name, value: $1) })
                ])
        }
        return report
    }

    /// How the search went and ended.
    private var course: String {
        let pruned = trials.count { $0.isPruned }
        let early =
            pruned > 0
            ? " \(pruned) of them ended early, below the median of the trials before them in the windows up to there; what "
                + "they would have come to is estimated." : ""
        let reason =
            switch end {
            case "patience": "It ended because \(plan.patience ?? 0) trials did not improve on the best."
            case "budget": "It ended because its time was up."
            default: "It ended because that many were asked for."
            }
        return "\(trials.count) trials.\(early) \(reason)"
    }

    private func bestSoFar(_ trials: [Trial]) -> [Double] {
        var best = -Double.infinity
        return trials.map { trial in
            best = max(best, trial.score)
            return best
        }
    }

    private var table: ReportBlock {
        let sorted = trials.sorted {
            ($1.share, $0.isPruned ? 1 : 0, $1.score, $0.number) < ($0.share, $1.isPruned ? 1 : 0, $0.score, $1.number)
        }
        let windows = task.windows.count > 1 ? task.windows : []
        return .table(
            caption: "Best trials; 0 is what is shipped",
            columns: ["Trial", "Users"] + plan.space.parameters.map(\.name) + windows + [task.measure, "Seconds"],
            rows: sorted.prefix(25).map { trial in
                let figures = windows.indices.map { place in
                    place < trial.windows.count ? String(format: "%.4f", trial.windows[place]) : "–"
                }
                return [String(trial.number), String(format: "%.0f %%", 100 * trial.share)]
                    + zip(plan.space.parameters, trial.values).map { $0.text($1) } + figures
                    + [
                        (trial.isPruned ? "about " : "") + String(format: "%.4f", trial.score),
                        String(format: "%.1f", trial.seconds),
                    ]
            })
    }
}
