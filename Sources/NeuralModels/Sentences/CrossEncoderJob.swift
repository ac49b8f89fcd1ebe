public import Collective
internal import Encoders
internal import Evaluation
internal import Foundation
public import JSON
internal import Storage
public import Torch

/// Trains a cross-encoder for a shop from its own pairs of texts, begun with the first layers of a sentence encoder.
public struct CrossEncoderJob: Sendable {
    /// The kind that learns from the sentence encoder's cosines.
    public static let distillation = "distillation"

    public var settings = TrainingSettings(
        epochs: 7, patience: 3, rate: 3e-4, schedule: .cosine(warmup: 20, floor: 0.1), clip: 1)
    /// Questions a step and an epoch, and texts of a question's list.
    public var batch = 8
    public var questions = 640
    public var list = 8
    public var temperature = 0.05
    /// AdamW's decay.
    public var decay = 0.01
    public var dropout = 0.0
    /// The first blocks of the encoder that are taken.
    public var layers = 2
    /// Kinds that take part, of `kindNames`; for `nil` queries and synthetic ones, and distillation where there are no queries.
    public var kinds: [String]?
    /// The newest days of the log, which are held out.
    public var heldOutDays = 28
    /// Questions of each kind that are measured at most.
    public var heldOut = 100
    public var device: Device = .cpu
    /// The shop's folder, which is only read.
    public var shop: String
    /// The weights to begin with, as `SentenceEncoder` reads them in single precision.
    public var base: String
    /// Holds checkpoint and log, and the cross-encoder in folders 1, 2, …
    public var folder: String
    public var report: String?

    public init(shop: String, base: String, folder: String) {
        (self.shop, self.base, self.folder) = (shop, base, folder)
    }

    public static var kindNames: [String] { EncoderJob.kindNames + [distillation] }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: Figures on held-out questions in the encoder's order and in the cross-encoder's, whether it is better, and the folder
    ///   of the artefact; null where `group` has another rank than 0.
    /// - Throws: `StorageError` for a shop or weights that cannot be read, `badData` for a shop with nothing to learn from.
    public func run(
        resume: Bool, group: ProcessGroup? = nil, report: (EncoderJob.Part, Trainer.Event?) -> Void
    ) throws -> JSONValue {
        report(.pairs, nil)
        return try run(on: try textPairs(), resume: resume, group: group, report: report)
    }

    /// The shop's pairs of every kind.
    func textPairs() throws -> TextPairs {
        try TextPairs(shop: shop, heldOutDays: heldOutDays, kinds: nil, seed: settings.seed)
    }

    func run(
        on data: TextPairs, resume: Bool, group: ProcessGroup? = nil,
        report: (EncoderJob.Part, Trainer.Event?) -> Void
    ) throws -> JSONValue {
        let task = try task(on: data)
        report(.training, nil)
        let outcome = try Trainer(task, settings, folder: folder, group: group).run(resume: resume) {
            report(.training, $0)
        }
        guard group?.isFirst ?? true else { return .null }
        report(.measuring, nil)
        return try write(CrossResult(task: task, outcome: outcome, job: self), task)
    }

    func task(on data: TextPairs) throws -> CrossTask {
        var data = data
        let hasQueries = data.parts.contains { $0.kind == .queries }
        let named =
            kinds
            ?? [TextPairs.Kind.queries.rawValue, TextPairs.Kind.synthetic.rawValue]
            + (hasQueries ? [] : [Self.distillation])
        // What is asked where cosines answer: what people asked, or else made-up questions.
        let isDistilled = named.contains(Self.distillation)
        let asked: TextPairs.Kind? = isDistilled ? (hasQueries ? .queries : .synthetic) : nil
        data.parts.removeAll { !named.contains($0.kind.rawValue) && $0.kind != asked }
        data.limitHeldOut(to: heldOut, seed: settings.seed)
        var lessons = data.parts.indices.filter { named.contains(data.parts[$0].kind.rawValue) }
            .map { CrossTask.Lesson.answers($0) }
        if let place = data.parts.firstIndex(where: { $0.kind == asked }) { lessons.append(.distillation(place)) }
        let network = try CrossEncoderNetwork(
            folder: base, layers: layers, dropout: dropout, seed: settings.seed, device: device)
        try network.parameters.freeze { $0 == "embeddings.word_embeddings.weight" }
        var plan = CrossTask.Plan()
        (plan.batch, plan.questions, plan.list, plan.temperature) = (batch, questions, list, temperature)
        let vocabulary = try FileSystem.read(base + "/" + SentenceEncoder.vocabularyFile, maximumBytes: 64 << 20)
        return try CrossTask(
            network, on: data, lessons: lessons, tokenizer: try WordPieceTokenizer(vocabulary: vocabulary),
            teacher: try CosineTeacher(folder: base, texts: data.texts), plan: plan,
            rule: settings.optimiser.rule(decay: decay),
            base: try SHA256.hex(ofFile: base + "/" + SentenceEncoder.weightsFile).prefix(12) + ", dropout \(dropout)",
            seed: settings.seed)
    }

    private func write(_ result: CrossResult, _ task: CrossTask) throws -> JSONValue {
        let shopName = String(shop.split(separator: "/").last ?? "")
        let vocabulary = try FileSystem.read(base + "/" + SentenceEncoder.vocabularyFile, maximumBytes: 64 << 20)
        let content = ModelArtefact.Content(
            kind: CrossEncoder.kind, seed: settings.seed,
            inputs: ["shop": shopName, "settings": result.outcome.settings], metrics: result.metrics,
            figures: result.json,
            card: result.card(shop: shopName), weightsFile: SentenceEncoder.weightsFile,
            files: [(SentenceEncoder.vocabularyFile, vocabulary), (SentenceEncoder.shapeFile, try shapeFile())]
                + task.data.casesFile(result.differences))
        let written = try ModelArtefact.write(
            content, parameters: task.parameters, outcome: result.outcome, parent: folder)
        if let report {
            try FileSystem.makeFolder(FileSystem.folder(of: report))
            try result.report(shop: shopName).write(to: report)
        }
        return .object((result.json.objectValue ?? []) + [.init("folder", .string(written))])
    }

    /// The encoder's `config.json` with the number of layers that were taken.
    private func shapeFile() throws -> [UInt8] {
        let config = try JSONValue(
            parsing: FileSystem.read(base + "/" + SentenceEncoder.shapeFile, maximumBytes: 1 << 20))
        let members = (config.objectValue ?? []).map { member in
            member.name == "num_hidden_layers" ? .init(member.name, .integer(Int64(layers))) : member
        }
        return JSONValue.object(members).encoded + [0x0A]
    }
}
