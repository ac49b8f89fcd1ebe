import Evaluation
import Foundation

/// What a search found, and which parameters mattered.
struct TuningReport {
    let trials: [Trial]
    let plan: TuningPlan
    let model: String
    let file: String

    var html: HTMLReport {
        var report = HTMLReport(title: "Tuning", subtitle: "\(model) on the validation part of \(file)")
        let full = trials.filter { $0.share == 1 }
        report.add(
            section: "Course",
            conclusion:
                "Measured on the item before each user's last: the test item was never read. The best of many trials looks "
                + "better than it is, so expect a smaller gain on the test part.",
            blocks: [
                .lines(
                    caption: "NDCG@10 of trials on all users, and the best so far", xLabel: "trial",
                    series: [
                        .init(label: "trial", x: full.map { Double($0.number) }, y: full.map(\.score)),
                        .init(label: "best", x: full.map { Double($0.number) }, y: bestSoFar(full)),
                    ]),
                table,
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

    private func bestSoFar(_ trials: [Trial]) -> [Double] {
        var best = -Double.infinity
        return trials.map { trial in
            best = max(best, trial.score)
            return best
        }
    }

    private var table: ReportBlock {
        let sorted = trials.sorted { ($1.share, $1.score, $0.number) < ($0.share, $0.score, $1.number) }
        return .table(
            caption: "Best trials; 0 is what is shipped",
            columns: ["Trial", "Users"] + plan.space.parameters.map(\.name) + ["NDCG@10", "Seconds"],
            rows: sorted.prefix(25).map { trial in
                [String(trial.number), String(format: "%.0f %%", 100 * trial.share)]
                    + trial.values.map { String(format: "%.4g", $0) }
                    + [String(format: "%.4f", trial.score), String(format: "%.1f", trial.seconds)]
            })
    }
}
