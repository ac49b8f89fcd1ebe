internal import Evaluation

/// The HTML report of a sequence network: how it learned.
enum SequenceReport {
    static func make(
        _ job: SequenceJob, _ outcome: Trainer.Outcome, facts: [[String]], _ notes: SequenceJob.Notes
    ) -> HTMLReport {
        var report = HTMLReport(
            title: "Next item: \(job.model.name)", subtitle: "\(notes.data), seed \(job.settings.seed)")
        let epochs = outcome.history.map { Double($0.epoch) }
        report.add(
            section: "Training",
            conclusion:
                "The epoch with the highest NDCG@10 on \(notes.heldOut) is kept. What comes later is measured by `souk "
                + "evaluate \(job.plan == nil ? "sequences" : "baskets")`.",
            blocks: [
                .table(caption: "The run", columns: ["What", "Value"], rows: facts),
                .lines(
                    caption: "NDCG@10 on \(notes.heldOut); the best epoch is \(outcome.bestEpoch)",
                    xLabel: "epoch",
                    series: [.init(label: "held out", x: epochs, y: outcome.history.compactMap(\.validation?.score))]),
                .lines(
                    caption: "Loss by epoch: in training against what is drawn and with dropout, held out against all",
                    xLabel: "epoch",
                    series: [
                        .init(label: "training", x: epochs, y: outcome.history.map(\.trainingLoss)),
                        .init(label: "held out", x: epochs, y: outcome.history.compactMap(\.validation?.loss)),
                    ]),
            ])
        return report
    }
}
