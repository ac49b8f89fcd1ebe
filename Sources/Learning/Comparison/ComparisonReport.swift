import Evaluation
import Foundation

/// Models side by side on one page.
struct ComparisonReport {
    let task: ComparisonTask
    let entries: [ModelBench.Entry]

    var html: HTMLReport {
        var report = HTMLReport(title: "Models compared", subtitle: task.title)
        let sorted = entries.sorted { ($1.result.ndcg, $0.name) < ($0.result.ndcg, $1.name) }
        report.add(
            section: "Accuracy",
            conclusion: task.conclusion,
            blocks: [
                .bars(
                    caption: "NDCG@10 with 95 % intervals over \(task.data.users.count) users",
                    bars: sorted.compactMap { entry in
                        PairedBootstrap.interval(of: entry.result.ndcgByUser, resamples: 500)
                            .map { .init(label: entry.name, interval: $0) }
                    }), accuracy(sorted),
            ])
        if let best = sorted.first {
            report.add(section: "Against the best", conclusion: Self.testing, blocks: [tests(best, sorted)])
        }
        report.add(
            section: "What it costs",
            conclusion:
                "Times are of this machine and this run. Memory is how far the process's peak rose: a model that stays below "
                + "an earlier one's peak shows none.",
            blocks: [costs(sorted)])
        if sorted.contains(where: { $0.exchanged != nil }) {
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

    private func accuracy(_ entries: [ModelBench.Entry]) -> ReportBlock {
        .table(
            caption: "Means over users", columns: ["Model", "NDCG@10", "Recall@10", "MRR", "Coverage", "Gini"],
            rows: entries.map {
                [
                    $0.name, Self.figure($0.result.ndcg), Self.figure($0.result.recall),
                    Self.figure($0.result.reciprocalRank), String(format: "%.1f %%", 100 * $0.coverage),
                    String(format: "%.3f", $0.gini),
                ]
            })
    }

    private func tests(_ best: ModelBench.Entry, _ entries: [ModelBench.Entry]) -> ReportBlock {
        let others = entries.filter { $0.name != best.name }
        let pValues = others.map { other in
            PairedPermutationTest.pValue(
                candidate: best.result.ndcgByUser, baseline: other.result.ndcgByUser, draws: 2000) ?? 1
        }
        let adjusted = HolmCorrection.adjusted(pValues)
        return .table(
            caption: "\(best.name) less each other model, NDCG@10 on the same users",
            columns: ["Model", "Difference, 95 %", "p by permutation", "p after Holm"],
            rows: others.indices.map { place in
                let interval = PairedBootstrap.interval(
                    candidate: best.result.ndcgByUser, baseline: others[place].result.ndcgByUser, resamples: 500)
                let text = interval.map {
                    String(format: "%+.4f (%+.4f to %+.4f)", $0.mean, $0.lower, $0.upper)
                }
                return [
                    others[place].name, text ?? "–", String(format: "%.4f", pValues[place]),
                    String(format: "%.4f", adjusted[place]),
                ]
            })
    }

    private func costs(_ entries: [ModelBench.Entry]) -> ReportBlock {
        .table(
            caption:
                "Training on \(task.data.history.count) interactions, lists of ten for \(task.data.users.count) users",
            columns: ["Model", "Training, s", "One list, ms", "Peak memory, MB more", "NDCG@10"],
            rows: entries.map {
                [
                    $0.name, String(format: "%.2f", $0.trainSeconds), String(format: "%.3f", 1000 * $0.answerSeconds),
                    String(format: "%.0f", $0.memoryMegabytes), Self.figure($0.result.ndcg),
                ]
            })
    }

    private func order(_ entries: [ModelBench.Entry]) -> ReportBlock {
        .table(
            caption: "As the histories stand, and with neighbouring items exchanged",
            columns: ["Model", "NDCG@10", "exchanged", "lost", "Recall@10", "exchanged"],
            rows: entries.compactMap { entry in
                guard let exchanged = entry.exchanged else { return nil }
                let lost = entry.result.ndcg > 0 ? 1 - exchanged.ndcg / entry.result.ndcg : 0
                return [
                    entry.name, Self.figure(entry.result.ndcg), Self.figure(exchanged.ndcg),
                    String(format: "%.0f %%", 100 * lost), Self.figure(entry.result.recall),
                    Self.figure(exchanged.recall),
                ]
            })
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
