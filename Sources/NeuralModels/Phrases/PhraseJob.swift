public import Collective
internal import Encoders
internal import Evaluation
internal import Foundation
public import JSON
internal import Meaning
internal import Storage
public import Torch

/// Trains a transformer on a shop's phrases: to restore damaged ones, or to go on with their beginnings.
public struct PhraseJob: Sendable {
    public enum Model: String, Sendable { case rewriter, suggester }

    public var model: Model
    public var settings: TrainingSettings
    public var batch = 64
    /// Examples an epoch.
    public var examples: Int
    public var width = 96
    /// Of the encoder, and of the decoder.
    public var layers = 2
    public var heads = 4
    public var dropout = 0.05
    /// AdamW's decay.
    public var decay = 0.01
    public var device: Device = .cpu
    /// The shop's folder, which is only read.
    public var shop: String
    /// Holds checkpoint and log, and the model in folders 1, 2, …
    public var folder: String
    public var report: String?

    public init(_ model: Model, shop: String, folder: String) {
        (self.model, self.shop, self.folder) = (model, shop, folder)
        settings = TrainingSettings(
            epochs: model == .rewriter ? 48 : 120, patience: 12, rate: 0.003,
            schedule: .cosine(warmup: 100, floor: 0.02),
            clip: 1)
        examples = model == .rewriter ? 6_400 : 3_200
        if model == .suggester { dropout = 0.1 }
    }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: Figures on phrases that choose the epoch, with the folder of the artefact; null at other ranks than 0. The phrases that
    ///   `souk evaluate rewriting` and `suggestions` ask for take no part.
    /// - Throws: `StorageError` for a shop that cannot be read; `badData` for one with too few phrases or a width that heads do not share.
    public func run(resume: Bool, group: ProcessGroup? = nil, report: (Trainer.Event) -> Void) throws -> JSONValue {
        try run(on: try phrases(), resume: resume, group: group, report: report)
    }

    /// All phrases of the shop.
    func phrases() throws -> ShopPhrases {
        let shopFolder = ShopFolder(path: shop)
        _ = try shopFolder.config()
        return try ShopPhrases(reading: try shopFolder.openStore(.readOnly))
    }

    func run(
        on phrases: ShopPhrases, resume: Bool, group: ProcessGroup? = nil, report: (Trainer.Event) -> Void
    ) throws -> JSONValue {
        let (task, table) = try task(on: phrases)
        let outcome = try Trainer(task, settings, folder: folder, group: group).run(resume: resume, report: report)
        guard group?.isFirst ?? true else { return .null }
        return try write(task, table, outcome, phrases)
    }

    func task(on phrases: ShopPhrases) throws -> (task: PhraseTask, letters: LetterTable) {
        guard width % heads == 0, width / heads % 8 == 0 else {
            throw NeuralError(.badData, "\(heads) heads do not share a width of \(width) in multiples of 8.")
        }
        let training = phrases.texts(.training, seed: settings.seed)
        let validation = phrases.texts(.validation, seed: settings.seed)
        guard training.count >= 10, !validation.isEmpty else {
            throw NeuralError(
                .badData, "The shop has \(phrases.texts.count) phrases to learn from, too few: import more items.")
        }
        let table = LetterTable(of: training)
        let kind: PhraseModel.Kind = model == .rewriter ? .rewriter : .suggester
        let shape = PhraseModel.Shape(
            width: width, blocks: layers, heads: heads, inner: 4 * width, length: ShopPhrases.mostLetters + 2)
        let network = try PhraseTransformer(
            kind, letterCount: table.count, shape: shape, dropout: dropout, seed: settings.seed, device: device)
        let plan = PhraseTask.Plan(batch: batch, examples: examples)
        return (
            PhraseTask(
                network, table: table, training: training, validation: validation, plan: plan,
                rule: settings.optimiser.rule(decay: decay), note: "\(shape), dropout \(dropout)", seed: settings.seed),
            table
        )
    }

    private func write(
        _ task: PhraseTask, _ table: LetterTable, _ outcome: Trainer.Outcome, _ phrases: ShopPhrases
    ) throws -> JSONValue {
        let best = outcome.history[outcome.bestEpoch - 1].validation
        let seconds = outcome.history.reduce(0) { $0 + $1.seconds }
        let metrics: [String: Double] = [
            "held_out_loss": best?.loss ?? .nan, "held_out_letter_chance": best?.score ?? .nan,
            "best_epoch": Double(outcome.bestEpoch), "epochs": Double(outcome.history.count),
            "training_seconds": seconds, "phrases": Double(phrases.texts.count),
        ]
        let figures = JSONValue.object(
            metrics.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) })
        let shopName = String(shop.split(separator: "/").last ?? "")
        let facts = facts(task, outcome, phrases, seconds)
        let content = ModelArtefact.Content(
            kind: model.rawValue, seed: settings.seed, inputs: ["shop": shopName, "settings": outcome.settings],
            metrics: metrics, figures: figures, card: card(shopName, facts),
            files: [
                (name: PhraseModel.shapeFile, bytes: task.network.shape.bytes),
                (name: PhraseModel.lettersFile, bytes: Array(String(String.UnicodeScalarView(table.letters)).utf8)),
            ])
        let written = try ModelArtefact.write(content, parameters: task.parameters, outcome: outcome, parent: folder)
        if let report {
            try FileSystem.makeFolder(FileSystem.folder(of: report))
            try page(shopName, outcome, facts).write(to: report)
        }
        return .object((figures.objectValue ?? []) + [.init("folder", .string(written))])
    }

    private func facts(
        _ task: PhraseTask, _ outcome: Trainer.Outcome, _ phrases: ShopPhrases, _ seconds: Double
    ) -> [[String]] {
        func count(_ part: ShopPhrases.Part) -> Int { phrases.texts(part, seed: settings.seed).count }
        let best = outcome.history[outcome.bestEpoch - 1].validation
        return [
            ["Model", "\(model.rawValue), \(task.parameters.count) numbers, letters as tokens"],
            ["Shape", "width \(width), \(layers) blocks a side, \(heads) heads, dropout \(dropout)"],
            [
                "Phrases",
                "\(count(.training)) to learn from, \(count(.validation)) choose the epoch, \(count(.test)) left out",
            ],
            ["Epochs", "\(outcome.history.count) of \(examples) examples, the best is \(outcome.bestEpoch)"],
            ["Held-out loss of a letter", String(format: "%.4f", best?.loss ?? .nan)],
            ["Training", String(format: "%.0f s", seconds)], ["Seed", String(settings.seed)],
        ]
    }

    private var purpose: String {
        model == .rewriter
            ? "Reads a query with slips, missing words or no end, and writes the phrase of the shop that was meant."
            : "Goes on with the beginning of a query, as the shop's phrases go on."
    }

    private func card(_ shop: String, _ facts: [[String]]) -> String {
        """
        # Model card: \(model.rawValue) of \(shop)

        **Purpose.** \(purpose) `souk suggest --weights` asks it; the server does not.

        **Data.** Names of items without sizes, categories of all levels, and queries that people asked more than once. \
        \(model == .rewriter ? "Slips, missing words and cut ends are made up: nobody typed them. " : "")The parts are told by phrase \
        and seed. A phrase that is left out may share all its words with others.

        **Comparison.** `souk evaluate \(model == .rewriter ? "rewriting" : "suggestions")` asks for the phrases that were left out, \
        beside what the shop does without the model.

        **Limits.** What it writes need not exist in the shop; words that it never read come out wrong.

        | what | value |
        |---|---|
        \(facts.map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n"))

        """
    }

    private func page(_ shop: String, _ outcome: Trainer.Outcome, _ facts: [[String]]) -> HTMLReport {
        var report = HTMLReport(title: "Phrases: \(model.rawValue)", subtitle: "\(shop), seed \(settings.seed)")
        let epochs = outcome.history.map { Double($0.epoch) }
        report.add(
            section: "Training", conclusion: "The epoch with the lowest loss on held-out phrases is kept.",
            blocks: [
                .lines(
                    caption: "Loss of a letter by epoch", xLabel: "epoch",
                    series: [
                        .init(label: "training", x: epochs, y: outcome.history.map(\.trainingLoss)),
                        .init(label: "held out", x: epochs, y: outcome.history.compactMap(\.validation?.loss)),
                    ]), .table(caption: "The run", columns: ["What", "Value"], rows: facts),
            ])
        return report
    }
}
