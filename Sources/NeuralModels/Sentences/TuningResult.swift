internal import Encoders
internal import Evaluation
internal import Foundation
internal import JSON

/// What tuning a sentence encoder came to: figures, model card and report.
struct TuningResult {
    let data: TextPairs
    let differences: [RetrievalDifference]
    /// The ten texts nearest to each before and after.
    let neighbours: (before: [[Int]], after: [[Int]])
    let outcome: Trainer.Outcome
    let facts: [[String]]

    var verdict: TuningVerdict { TuningVerdict(differences) }

    /// The mean share of a text's ten nearest that stayed among them.
    var neighboursKept: Double {
        let shares = zip(neighbours.before, neighbours.after).map { before, after in
            Double(Set(before).intersection(after).count) / Double(max(1, before.count))
        }
        return shares.reduce(0, +) / Double(max(1, shares.count))
    }

    var metrics: [String: Double] {
        var metrics = [SentenceEncoder.betterMetric: verdict.isBetter ? 1 : 0, "neighbours_kept": neighboursKept]
        for difference in differences { metrics.merge(difference.metrics) { _, new in new } }
        return metrics
    }

    var json: JSONValue {
        .object(metrics.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
    }

    func card(shop: String) -> String {
        """
        # Model card: a sentence encoder tuned to \(shop)

        **Purpose.** Turns queries and items' texts of this shop into vectors: `souk index --encoder` takes it.

        **Verdict.** It is \(verdict.reason).\(verdict.isBetter ? "" : " `souk index` refuses it without `--allow-worse`.")

        **Data.** `queries` are queries with what was chosen or bought after them, `baskets` texts that are bought together more often
        than by chance; both are measured on the newest days, which training did not see. `synthetic` questions are made up
        of words of items' texts, some with a slip; they are measured on items that no synthetic training pair asks for. Nobody asked them.

        | held out | questions | recall@10 before | after | difference (95 %) | MRR before | after | difference (95 %) |
        |---|---|---|---|---|---|---|---|
        \(rows.map { "| " + $0.joined(separator: " | ") + " |" }.joined(separator: "\n"))

        \(String(format: "%.2f", neighboursKept)) of a text's ten nearest stayed among them.

        | what | value |
        |---|---|
        \(facts.map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n"))

        """
    }

    func report(shop: String) -> HTMLReport {
        var report = HTMLReport(title: "A sentence encoder tuned to \(shop)", subtitle: verdict.reason)
        report.add(
            section: "Held-out questions",
            conclusion:
                "Answers are looked for among all \(data.texts.count) texts. Synthetic questions are made up of words of "
                + "items' texts: nobody asked them.",
            blocks: [
                .table(
                    caption: "Before and after, 95 % by drawing questions",
                    columns: RetrievalDifference.columns, rows: rows),
                .table(caption: "The run", columns: ["What", "Value"], rows: facts),
            ])
        let epochs = outcome.history.map { Double($0.epoch) }
        report.add(
            section: "Training", conclusion: "The epoch with the highest mean of the kinds' MRR is kept.",
            blocks: [
                .lines(
                    caption: "Loss by epoch", xLabel: "epoch",
                    series: [
                        .init(label: "training, in the batch", x: epochs, y: outcome.history.map(\.trainingLoss)),
                        .init(
                            label: "held out, among all texts", x: epochs,
                            y: outcome.history.compactMap(\.validation?.loss)),
                    ]),
                .lines(
                    caption: "Mean of the kinds' MRR", xLabel: "epoch",
                    series: [.init(label: "held out", x: epochs, y: outcome.history.compactMap(\.validation?.score))]),
            ])
        report.add(
            section: "Similar items",
            conclusion: String(format: "%.2f of a text's ten nearest stayed among them.", neighboursKept),
            blocks: [
                .table(
                    caption: "The nearest texts of some", columns: ["Text", "Before", "After"], rows: examples)
            ])
        return report
    }

    private var rows: [[String]] { differences.map(\.row) }

    private var examples: [[String]] {
        stride(from: 0, to: data.texts.count, by: max(1, data.texts.count / 12)).map { place in
            func names(_ nearest: [[Int]]) -> String {
                nearest[place].prefix(3).map { data.texts[$0] }.joined(separator: "; ")
            }
            return [data.texts[place], names(neighbours.before), names(neighbours.after)]
        }
    }
}
