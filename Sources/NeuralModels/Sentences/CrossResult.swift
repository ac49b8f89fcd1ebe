internal import Encoders
internal import Evaluation
internal import Foundation
internal import JSON
internal import Torch

/// What training a cross-encoder came to: figures, model card and report.
struct CrossResult {
    let measured: [CrossTask.Measured]
    let differences: [RetrievalDifference]
    let outcome: Trainer.Outcome
    let facts: [[String]]
    let isDistilled: Bool

    init(task: CrossTask, outcome: Trainer.Outcome, job: CrossEncoderJob) throws {
        measured = try task.measure()
        differences = measured.compactMap { RetrievalDifference(before: $0.before, after: $0.after) }
        self.outcome = outcome
        isDistilled = task.lessons.contains { if case .distillation = $0 { true } else { false } }
        facts = [
            ["Began with", "the first \(job.layers) layers of \(job.base)"],
            ["Settings", outcome.settings],
            ["Rate", "\(job.settings.rate), \(job.settings.schedule.words)"],
            ["Epochs", "\(outcome.history.count) of \(job.questions) questions, the best is \(outcome.bestEpoch)"],
            ["Training", String(format: "%.0f s", outcome.history.reduce(0) { $0 + $1.seconds })],
            ["Seed", String(job.settings.seed)],
        ]
    }

    var verdict: TuningVerdict { TuningVerdict(differences) }

    var metrics: [String: Double] {
        var metrics = [SentenceEncoder.betterMetric: verdict.isBetter ? 1.0 : 0, "distilled": isDistilled ? 1 : 0]
        for difference in differences { metrics.merge(difference.metrics) { _, new in new } }
        for part in measured { metrics["\(part.after.kind.rawValue)_agreement"] = part.agreement }
        return metrics
    }

    var json: JSONValue {
        .object(metrics.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
    }

    private var labels: String {
        isDistilled
            ? "**Labels.** Among them are cosines of the sentence encoder that it began as (distillation, margin-MSE): it can "
                + "learn to compute them sooner, and hardly to know better. Nobody judged them."
            : "**Labels.** Answers alone; no scores of another model."
    }

    func card(shop: String) -> String {
        """
        # Model card: a cross-encoder for \(shop)

        **Purpose.** Reads a query of this shop together with an item's text and scores it: `souk evaluate search --rerank` takes it.

        **Verdict.** It is \(verdict.reason).

        \(labels)

        **Data.** `queries` are queries with what was chosen or bought after them, measured on the newest days, which training
        did not see. `synthetic` questions are made up of words of items' texts, some with a slip, and are measured on items that
        no synthetic question of training asks for. Nobody asked them. Measuring puts the thirty texts in order that are nearest
        by the sentence encoder; "before" is its order.

        | held out | questions | recall@10 before | after | difference (95 %) | MRR before | after | difference (95 %) |
        |---|---|---|---|---|---|---|---|
        \(differences.map { "| " + $0.row.joined(separator: " | ") + " |" }.joined(separator: "\n"))

        \(agreements)

        | what | value |
        |---|---|
        \(facts.map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n"))

        """
    }

    private var agreements: String {
        measured.map { part in
            "\(RetrievalDifference.figure(part.agreement)) of the pairs of texts near to `\(part.after.kind.rawValue)` questions "
                + "stand as by the encoder's cosines."
        }.joined(separator: "\n")
    }

    func report(shop: String) -> HTMLReport {
        var report = HTMLReport(title: "A cross-encoder for \(shop)", subtitle: verdict.reason)
        report.add(
            section: "Held-out questions",
            conclusion:
                "The thirty texts nearest by the sentence encoder are put in order. Synthetic questions are made up of "
                + "words of items' texts: nobody asked them. \(agreements)",
            blocks: [
                .table(
                    caption: "In the encoder's order and in the cross-encoder's, 95 % by drawing questions",
                    columns: RetrievalDifference.columns, rows: differences.map(\.row)),
                .table(caption: "The run", columns: ["What", "Value"], rows: facts),
            ])
        let epochs = outcome.history.map { Double($0.epoch) }
        report.add(
            section: "Training", conclusion: "The epoch with the highest figure on held-out questions is kept.",
            blocks: [
                .lines(
                    caption: "Loss by epoch", xLabel: "epoch",
                    series: [
                        .init(label: "training, the lessons' mean", x: epochs, y: outcome.history.map(\.trainingLoss)),
                        .init(
                            label: "held out, answers among the nearest", x: epochs,
                            y: outcome.history.compactMap(\.validation?.loss)),
                    ])
            ])
        return report
    }
}
