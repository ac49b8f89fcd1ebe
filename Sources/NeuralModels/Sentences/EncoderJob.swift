public import Collective
internal import Domain
internal import Encoders
internal import Evaluation
internal import Foundation
public import JSON
internal import Storage
public import Torch

/// Tunes a sentence encoder to a shop from its own pairs of texts: data, training, measuring, artefact, report.
public struct EncoderJob: Sendable {
    public var settings = TrainingSettings(
        epochs: 6, patience: 2, rate: 3e-5, schedule: .cosine(warmup: 40, floor: 0.1), clip: 1)
    /// Pairs a step and an epoch, and near texts that are no answers, for each pair.
    public var batch = 64
    public var pairs = 5120
    public var hard = 1
    public var temperature = 0.05
    /// AdamW's decay.
    public var decay = 0.01
    public var dropout = 0.1
    /// The first blocks, and the embeddings, that stay as they are.
    public var frozenLayers = 3
    /// Kinds of pairs that take part, by `TextPairs.Kind`; all that there are for `nil`.
    public var kinds: [String]?
    /// The newest days of the log, which are held out.
    public var heldOutDays = 28
    /// Questions of each kind that are measured at most.
    public var heldOut = 800
    public var device: Device = .cpu
    /// The shop's folder, which is only read.
    public var shop: String
    /// The weights to begin with, as `SentenceEncoder` reads them in single precision.
    public var base: String
    /// Holds checkpoint and log, and the encoder in folders 1, 2, …
    public var folder: String
    public var report: String?

    public init(shop: String, base: String, folder: String) {
        (self.shop, self.base, self.folder) = (shop, base, folder)
    }

    /// The kinds of pairs by name.
    public static var kindNames: [String] { TextPairs.Kind.allCases.map(\.rawValue) }

    /// What a run does, for its progress.
    public enum Part: String, Sendable { case pairs, measuring, training }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: Figures before and after on held-out questions, whether the encoder is better, and the folder of the artefact;
    ///   null where `group` has another rank than 0.
    /// - Throws: `StorageError` for a shop or weights that cannot be read, `badData` for a shop with nothing to learn from.
    public func run(
        resume: Bool, group: ProcessGroup? = nil, report: (Part, Trainer.Event?) -> Void
    ) throws -> JSONValue {
        report(.pairs, nil)
        return try run(on: try textPairs(), resume: resume, group: group, report: report)
    }

    /// The shop's pairs.
    func textPairs() throws -> TextPairs {
        try TextPairs(shop: shop, heldOutDays: heldOutDays, kinds: kinds, seed: settings.seed)
    }

    func run(
        on data: TextPairs, resume: Bool, group: ProcessGroup? = nil, report: (Part, Trainer.Event?) -> Void
    ) throws -> JSONValue {
        var data = data
        data.limitHeldOut(to: heldOut, seed: settings.seed)
        report(.measuring, nil)
        let task = try task(on: data)
        let (before, known) = (try task.measure(), try task.neighbours())
        report(.training, nil)
        let outcome = try Trainer(task, settings, folder: folder, group: group).run(resume: resume) {
            report(.training, $0)
        }
        guard group?.isFirst ?? true else { return .null }
        let (after, now) = (try task.measure(), try task.neighbours())
        let differences = zip(before, after).compactMap {
            RetrievalDifference(before: $0.scores, after: $1.scores)
        }
        let result = TuningResult(
            data: data, differences: differences, neighbours: (known, now), outcome: outcome,
            facts: facts(task, data, outcome))
        return try write(result, task)
    }

    func task(on data: TextPairs) throws -> ContrastTask {
        let network = try SentenceNetwork(folder: base, dropout: dropout, seed: settings.seed, device: device)
        guard frozenLayers < network.shape.layers else {
            throw NeuralError(
                .badData,
                "The encoder has \(network.shape.layers) layers: \(frozenLayers) frozen ones leave none to tune.")
        }
        if frozenLayers >= 0 { try network.freeze(layers: frozenLayers) }
        var plan = ContrastTask.Plan()
        (plan.batch, plan.pairs, plan.hard, plan.temperature) = (batch, pairs, hard, temperature)
        let vocabulary = try FileSystem.read(base + "/" + SentenceEncoder.vocabularyFile, maximumBytes: 64 << 20)
        let tokenizer = try WordPieceTokenizer(vocabulary: vocabulary)
        return try ContrastTask(
            network, on: data, tokenizer: tokenizer, plan: plan, rule: settings.optimiser.rule(decay: decay),
            base: try SHA256.hex(ofFile: base + "/" + SentenceEncoder.weightsFile).prefix(12) + ", dropout \(dropout)",
            seed: settings.seed)
    }

    private func write(_ result: TuningResult, _ task: ContrastTask) throws -> JSONValue {
        let shopName = String(shop.split(separator: "/").last ?? "")
        var files = result.data.casesFile(result.differences)
        for name in [SentenceEncoder.vocabularyFile, SentenceEncoder.shapeFile] {
            files.append((name: name, bytes: try FileSystem.read(base + "/" + name, maximumBytes: 64 << 20)))
        }
        let content = ModelArtefact.Content(
            kind: SentenceEncoder.tunedKind, seed: settings.seed,
            inputs: [
                "shop": shopName, "settings": result.outcome.settings,
                SentenceEncoder.baseInput: try SHA256.hex(ofFile: base + "/" + SentenceEncoder.weightsFile),
            ], metrics: result.metrics,
            figures: result.json, card: result.card(shop: shopName), weightsFile: SentenceEncoder.weightsFile,
            files: files)
        let written = try ModelArtefact.write(
            content, parameters: task.parameters, outcome: result.outcome, parent: folder)
        if let report {
            try FileSystem.makeFolder(FileSystem.folder(of: report))
            try result.report(shop: shopName).write(to: report)
        }
        return .object((result.json.objectValue ?? []) + [.init("folder", .string(written))])
    }

    private func facts(_ task: ContrastTask, _ data: TextPairs, _ outcome: Trainer.Outcome) -> [[String]] {
        [
            ["Began with", base],
            ["Learned", "\(task.parameters.count) numbers; embeddings and \(max(0, frozenLayers)) layers stay"],
            ["Texts", String(data.texts.count)],
            [
                "Pairs",
                data.parts.map { "\($0.pairCount) \($0.kind.rawValue), \($0.heldOut.count) questions held out" }
                    .joined(separator: "; "),
            ],
            ["A step", "\(batch) pairs of one kind, each with \(hard) near texts that are no answers"],
            ["Loss", "in-batch contrast with log q, temperature \(temperature)"],
            ["Rate", "\(settings.rate), \(settings.schedule.words)"],
            ["Epochs", "\(outcome.history.count) of \(pairs) pairs, the best is \(outcome.bestEpoch)"],
            ["Training", String(format: "%.0f s", outcome.history.reduce(0) { $0 + $1.seconds })],
            ["Seed", String(settings.seed)],
        ]
    }
}
