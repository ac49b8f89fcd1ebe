public import Collective
internal import Evaluation
internal import Foundation
public import JSON
internal import Storage
public import Torch

/// Trains a sequence network from beginning to end: it chooses the epoch on what is held out, then learns anew from that too for as
/// many epochs.
///
/// Of a file the last item but one of each line is held out, and the last is never seen. Of a shop the first baskets of windows of
/// time are held out, see `ShopHistories`.
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
    /// A file with a vector for each item, see `ItemContent`; a shop's plan names its own.
    public var content: String?
    /// How often an item's own vector is left out in favour of its content.
    public var idDropout = 0.2
    /// AdamW's decay.
    public var decay = 0.0
    public var device: Device = .cpu
    /// A file of lines `user item item …`, oldest first; with a `plan` the folder of a shop, which is only read.
    public var data: String
    /// How a shop's log is learned from; `nil` for a file.
    public var plan: ShopPlan?
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
    public enum Part: Hashable, Sendable, CustomStringConvertible {
        /// A window before the newest one, counted from it.
        case window(Int, of: Int)
        case choosing, refitting

        public var description: String {
            switch self {
            case .window(let number, let count): "window \(number) of \(count)"
            case .choosing: "choosing"
            case .refitting: "refitting"
            }
        }
    }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: Null at other ranks than 0, and else the figures on what was held out, and the folders of both models. What is to be
    ///   tested on is not looked at.
    /// - Throws: `NeuralError` `badData`, `diverged` or `otherRun`; `EvaluationError` for a file that cannot be read, `StorageError` for
    ///   a shop.
    public func run(
        resume: Bool, group: ProcessGroup? = nil, report: (Part, Trainer.Event) -> Void
    ) throws -> JSONValue {
        try check()
        let run = Run(resume: resume, group: group)
        return if let plan { try runShop(plan, run, report: report) } else { try runFile(run, report: report) }
    }

    /// Refuses settings that do not go together.
    func check() throws(NeuralError) {
        try model.check()
        guard loss == .softmax || negatives > 0 else {
            throw NeuralError(.badData, "The loss bpr compares with drawn items: give --negatives above 0.")
        }
    }

    private func runFile(_ run: Run, report: (Part, Trainer.Event) -> Void) throws -> JSONValue {
        let file = try File(self)
        let chosen = try choose(file, run) { report(.choosing, $0) }
        var again = settings
        again.lastEpoch = chosen.outcome.bestEpoch
        let refitted = try train(try file.widened(try .refitting(file.data)), file.content, again, folder: folder, run)
        {
            report(.refitting, $0)
        }
        guard run.isFirst else { return .null }
        let figures = metrics(chosen.outcome)
        var notes = Notes(
            data: self.data, heldOut: "the last item but one", contrast: contrast, count: chosen.task.parameters.count)
        notes.rows.append(["Content", content.map { "\($0), own vectors left out at \(idDropout)" } ?? "none"])
        try writeReport(chosen.outcome, figures, notes)
        notes.known = "all but the last item"
        let written = try write(refitted, chosen.outcome, file.items, figures, notes, parent: folder)
        notes.known = "all but the last two items"
        let choosing = try write(chosen, chosen.outcome, file.items, figures, notes, parent: folder + "/choosing")
        return Self.result(figures, folder: written, choosing: choosing)
    }

    /// A file of histories, with what is told of items.
    struct File {
        let data: SequenceEvaluation.Data
        let items: [String]
        let content: ItemContent?

        init(_ job: SequenceJob) throws {
            data = try SequenceEvaluation.readData(path: job.data)
            let (known, path) = (data.items, job.content)
            let read = try path.map { try ItemContent.read($0, items: known) }
            (items, content) = (read?.items ?? known, read?.content)
        }

        /// The set with a place for each item that has a content.
        func widened(_ set: SequenceSet) throws -> SequenceSet {
            try content.map { try set.widened(to: $0.isKnown.count) } ?? set
        }
    }

    /// Learns from all but the last two items of each line, and chooses the epoch by the last but one.
    func choose(_ file: File, _ run: Run, report: (Trainer.Event) -> Void) throws -> Trained {
        try train(
            try file.widened(try .choosing(file.data)), file.content, settings, folder: folder + "/choosing", run,
            report: report)
    }

    /// How a run goes on.
    struct Run {
        let resume: Bool
        let group: ProcessGroup?
        var isFirst: Bool { group?.isFirst ?? true }
    }

    struct Trained {
        let task: NextItemTask
        let outcome: Trainer.Outcome
    }

    func train(
        _ set: SequenceSet, _ content: ItemContent?, _ settings: TrainingSettings, folder: String, _ run: Run,
        report: (Trainer.Event) -> Void
    ) throws -> Trained {
        let task = try task(on: set, content: content, seed: settings.seed)
        let trainer = try Trainer(task, settings, folder: folder, group: run.group)
        return Trained(task: task, outcome: try trainer.run(resume: run.resume, report: report))
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

    var contrast: NextItemTask.Contrast {
        if loss == .bpr { return .pairs(drawn: negatives) }
        if model.kind == .twoTower { return .batch(drawn: negatives) }
        return negatives == 0 ? .all : .drawn(negatives)
    }
}
