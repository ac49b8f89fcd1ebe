public import Collective
internal import Evaluation
internal import Foundation
public import JSON
internal import Storage
public import Torch

/// Trains a sequence network from beginning to end: it chooses the epoch on the last item but one, then learns anew from
/// all but the last item for as many epochs.
public struct SequenceJob: Sendable {
    public var settings: TrainingSettings
    public var model: Model
    /// Of what goes into the network, and of all that follows.
    public var inputDropout = 0.5
    public var dropout = 0.2
    /// Places of a step, padding included.
    public var positions = 512
    /// Items drawn for a step against which the next item must stand out; 0 for all items.
    public var negatives = 2048
    /// What tells how well the next item stands out.
    public enum Objective: String, Sendable, CaseIterable { case softmax, bpr }
    public var loss = Objective.softmax
    /// The share of items that a cloze network is asked for.
    public var hiddenShare = 0.6
    /// How histories are changed while it learns.
    public var changes = SequenceChanges()
    /// A file with a vector for each item, see `ItemContent`.
    public var content: String?
    /// How often an item's own vector is left out in favour of its content.
    public var idDropout = 0.2
    /// AdamW's decay.
    public var decay = 0.0
    public var device: Device = .cpu
    /// A file of lines `user item item …`, oldest first. The last item of a line is never seen.
    public var data: String
    /// Holds checkpoint, log and the finished models 1, 2, …, and in `choosing` the same of the model that chose the epoch.
    public var folder: String
    public var report: String?

    /// The settings that did best on the last item but one of Amazon Beauty.
    public init(_ model: Model, data: String, folder: String) {
        (self.model, self.data, self.folder) = (model, data, folder)
        settings = TrainingSettings(epochs: 60, patience: 6, rate: 0.001)
        if model.kind == .gru4rec {
            settings = TrainingSettings(epochs: 24, patience: 4, rate: 0.002, clip: 1)
            positions = 1024
        }
        if model.kind.isCloze { inputDropout = 0.2 }
        if model.kind == .twoTower { positions = 1024 }
    }

    /// Parts of a run, for its progress.
    public enum Part: String, Sendable { case choosing, refitting }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: Null at other ranks than 0, and else the figures on the last item but one, and the folders of both models. The last item is not looked at.
    /// - Throws: `NeuralError` `badData`, `diverged` or `otherRun`; `EvaluationError` for a file that cannot be read.
    public func run(
        resume: Bool, group: ProcessGroup? = nil, report: (Part, Trainer.Event) -> Void
    ) throws -> JSONValue {
        try model.check()
        guard loss == .softmax || negatives > 0 else {
            throw NeuralError(.badData, "The loss bpr compares with drawn items: give --negatives above 0.")
        }
        let data = try SequenceEvaluation.readData(path: data)
        let read = try content.map { try ItemContent.read($0, items: data.items) }
        let items = read?.items ?? data.items
        let chosen = try train(.choosing, data, read?.content, settings, group, resume: resume) {
            report(.choosing, $0)
        }
        var again = settings
        again.lastEpoch = chosen.outcome.bestEpoch
        let refitted = try train(.refitting, data, read?.content, again, group, resume: resume) {
            report(.refitting, $0)
        }
        guard group?.isFirst ?? true else { return .null }
        if let path = self.report {
            try FileSystem.makeFolder(FileSystem.folder(of: path))
            try SequenceReport.make(self, chosen.outcome, facts: facts(chosen)).write(to: path)
        }
        return .object(
            metrics(chosen).sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) } + [
                .init("folder", .string(try write(refitted, chosen, items, parent: folder))),
                .init("choosing", .string(try write(chosen, chosen, items, parent: folder + "/choosing"))),
            ])
    }

    private struct Trained {
        let task: NextItemTask
        let outcome: Trainer.Outcome
        let part: Part
    }

    private func train(
        _ part: Part, _ data: SequenceEvaluation.Data, _ content: ItemContent?, _ settings: TrainingSettings,
        _ group: ProcessGroup?, resume: Bool, report: (Trainer.Event) -> Void
    ) throws -> Trained {
        var set = part == .choosing ? try SequenceSet.choosing(data) : try SequenceSet.refitting(data)
        if let content { set = try set.widened(to: content.isKnown.count) }
        let task = try task(on: set, content: content, seed: settings.seed)
        let trainer = try Trainer(
            task, settings, folder: part == .choosing ? folder + "/choosing" : folder, group: group)
        return Trained(task: task, outcome: try trainer.run(resume: resume, report: report), part: part)
    }

    func task(on set: SequenceSet, content: ItemContent? = nil, seed: UInt64) throws -> NextItemTask {
        var content = content
        content?.isKnown = set.counts.map { $0 > 0 }
        content?.idDropout = idDropout
        let network = try model.network(
            itemCount: set.itemCount, hidesItems: changes.mask > 0, content: content, inputDropout: inputDropout,
            dropout: dropout,
            seed: seed, device: device)
        let recipe = SequenceRecipe(
            length: model.shape.length, objective: model.kind.isCloze ? .cloze(hiddenShare) : .next, changes: changes,
            vocabulary: network.vocabulary)
        return NextItemTask(
            network, on: set, recipe: recipe, rule: settings.optimiser.rule(decay: decay), positions: positions,
            contrast: contrast, note: content.map { "content \($0.checksum.text), \(idDropout)" },
            seed: seed)
    }

    private var contrast: NextItemTask.Contrast {
        if loss == .bpr { return .pairs(drawn: negatives) }
        if model.kind == .twoTower { return .batch(drawn: negatives) }
        return negatives == 0 ? .all : .drawn(negatives)
    }

    private func metrics(_ chosen: Trained) -> [String: Double] {
        let history = chosen.outcome.history
        return [
            "validation_ndcg@10": history[chosen.outcome.bestEpoch - 1].validation?.score ?? .nan,
            "best_epoch": Double(chosen.outcome.bestEpoch), "epochs": Double(history.count),
            "training_seconds": history.reduce(0) { $0 + $1.seconds },
        ]
    }

    private func write(
        _ trained: Trained, _ chosen: Trained, _ items: [String], parent: String
    ) throws -> String {
        let figures = metrics(chosen)
        let known = trained.part == .choosing ? "all but the last two items" : "all but the last item"
        let content = ModelArtefact.Content(
            kind: model.name, seed: settings.seed,
            inputs: ["data": data, "known": known, "settings": trained.outcome.settings], metrics: figures,
            figures: .object(figures.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }),
            card: card(chosen, known),
            files: Self.files(items: items, model: model))
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

    private func facts(_ chosen: Trained) -> [[String]] {
        [
            ["Model", "\(model.name), \(chosen.task.parameters.count) numbers"],
            ["Shape", model.words],
            ["Against", contrast.words],
            ["Dropout", "\(inputDropout) of the input, \(dropout) of the rest"],
            ["Content", content.map { "\($0), own vectors left out at \(idDropout)" } ?? "none"],
            ["Changed histories", Self.words(changes)],
            ["Score", model.shape.temperature > 0 ? "cosine / \(model.shape.temperature)" : "product"],
            ["Epochs", "\(chosen.outcome.history.count), the best is \(chosen.outcome.bestEpoch)"],
            [
                "NDCG@10 on the last item but one",
                String(format: "%.4f", metrics(chosen)["validation_ndcg@10"] ?? .nan),
            ],
            ["Training", String(format: "%.0f s", metrics(chosen)["training_seconds"] ?? .nan)],
            ["Seed", String(settings.seed)],
        ]
    }

    private static func words(_ changes: SequenceChanges) -> String {
        let all = [("crop", changes.crop), ("mask", changes.mask), ("reorder", changes.reorder)]
        let ways = all.filter { $0.1 > 0 }.map { "\($0) \($1)" }
        return ways.isEmpty ? "none" : ways.joined(separator: ", ")
    }

    private func card(_ chosen: Trained, _ known: String) -> String {
        """
        # Model card: \(model.name)

        **Purpose.** Scores every item as the next of a person's history of items. It knows the items of `items.txt` alone, in
        the order of the rows of its weights.

        **Training.** On \(known) of each person in \(data). Epoch and settings were chosen on the last item but one; the last
        item was not looked at.

        | what | value |
        |---|---|
        \(facts(chosen).map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n"))

        """
    }
}
