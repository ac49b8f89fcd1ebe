internal import Evaluation
internal import Foundation
internal import JSON
internal import Storage

extension SequenceJob {
    /// What a run says of itself beside its figures.
    struct Notes {
        /// Where the histories come from.
        let data: String
        /// What chose the epoch.
        let heldOut: String
        let contrast: NextItemTask.Contrast
        /// Numbers of the network.
        var count: Int
        /// What the model of an artefact knows.
        var known = ""
        /// What tested nothing yet.
        var unseen = "the last item was not looked at"
        /// Further rows of tables.
        var rows: [[String]] = []
        /// Further inputs of a manifest.
        var inputs: [String: String] = [:]
    }

    func metrics(_ chosen: Trainer.Outcome) -> [String: Double] {
        let history = chosen.history
        return [
            "validation_ndcg@10": history[chosen.bestEpoch - 1].validation?.score ?? .nan,
            "best_epoch": Double(chosen.bestEpoch), "epochs": Double(history.count),
            "training_seconds": history.reduce(0) { $0 + $1.seconds },
        ]
    }

    /// The last line of a run.
    static func result(_ figures: [String: Double], folder: String, choosing: String) -> JSONValue {
        .object(
            figures.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) } + [
                .init("folder", .string(folder)), .init("choosing", .string(choosing)),
            ])
    }

    func writeReport(_ chosen: Trainer.Outcome, _ figures: [String: Double], _ notes: Notes) throws {
        guard let report else { return }
        try FileSystem.makeFolder(FileSystem.folder(of: report))
        try SequenceReport.make(self, chosen, facts: facts(chosen, figures, notes), notes).write(to: report)
    }

    func write(
        _ trained: Trained, _ chosen: Trainer.Outcome, _ items: [String], _ figures: [String: Double], _ notes: Notes,
        files: [(name: String, bytes: [UInt8])] = [], parent: String
    ) throws -> String {
        let inputs = ["data": notes.data, "known": notes.known, "settings": trained.outcome.settings]
        let content = ModelArtefact.Content(
            kind: model.name, seed: settings.seed, inputs: inputs.merging(notes.inputs) { $1 }, metrics: figures,
            figures: .object(figures.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }),
            card: card(chosen, figures, notes), files: Self.files(items: items, model: model) + files)
        return try ModelArtefact.write(
            content, tensors: try trained.task.network.stored(), outcome: trained.outcome, parent: parent)
    }

    /// What inference needs beside the weights.
    static func files(items: [String], model: Model) -> [(name: String, bytes: [UInt8])] {
        [
            (name: "items.txt", bytes: Array((items.joined(separator: "\n") + "\n").utf8)),
            (name: "shape.json", bytes: model.json.encoded + [0x0A]),
        ]
    }

    private func facts(_ chosen: Trainer.Outcome, _ figures: [String: Double], _ notes: Notes) -> [[String]] {
        [
            ["Model", "\(model.name), \(notes.count) numbers"],
            ["Shape", model.words],
            ["Against", notes.contrast.words],
            ["Dropout", "\(inputDropout) of the input, \(dropout) of the rest"],
            ["Changed histories", Self.words(changes)],
            ["Score", model.shape.temperature > 0 ? "cosine / \(model.shape.temperature)" : "product"],
        ] + notes.rows + [
            ["Epochs", "\(chosen.history.count), the best is \(chosen.bestEpoch)"],
            ["NDCG@10 on \(notes.heldOut)", String(format: "%.4f", figures["validation_ndcg@10"] ?? .nan)],
            ["Training", String(format: "%.0f s", figures["training_seconds"] ?? .nan)],
            ["Seed", String(settings.seed)],
        ]
    }

    private static func words(_ changes: SequenceChanges) -> String {
        let all = [("crop", changes.crop), ("mask", changes.mask), ("reorder", changes.reorder)]
        let ways = all.filter { $0.1 > 0 }.map { "\($0) \($1)" }
        return ways.isEmpty ? "none" : ways.joined(separator: ", ")
    }

    private func card(_ chosen: Trainer.Outcome, _ figures: [String: Double], _ notes: Notes) -> String {
        """
        # Model card: \(model.name)

        **Purpose.** Scores every item as the next of a person's history of items. It knows the items of `items.txt` alone, in
        the order of the rows of its weights.

        **Training.** On \(notes.known) of each person in \(notes.data). Epoch and settings were chosen on \(notes.heldOut);
        \(notes.unseen).

        | what | value |
        |---|---|
        \(facts(chosen, figures, notes).map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n"))

        """
    }
}
