internal import Domain
internal import Evaluation
internal import Foundation
public import JSON
public import Recommenders
internal import Storage
public import Torch

/// Predicts purchases from a shop's event log: data set, rolling windows, training, one look at the last window, artefact, report.
///
/// The number of epochs is chosen on earlier windows; then the network learns from the windows before the last one for as many.
public struct PurchaseJob: Sendable {
    public static let kind = "purchase"

    /// What a run does, for its progress.
    public enum Part: Hashable, Sendable, CustomStringConvertible {
        /// Examples of the window with this number, of so many.
        case examples(Int, of: Int)
        case fold(Int, of: Int)
        case training

        public var description: String {
            switch self {
            case .examples(let number, let count): "examples of window \(number) of \(count)"
            case .fold(let number, let count): "fold \(number) of \(count)"
            case .training: "training"
            }
        }
    }

    public var settings = TrainingSettings(
        epochs: 20, patience: 20, rate: 0.004, schedule: .oneCycle(peak: 0.25), averaging: 0.998)
    public var batch = 128
    /// AdamW's decay.
    public var decay = 0.01
    public var hidden = Perceptron.referenceLayers
    /// How examples of one moment are made; the numbers of examples are below.
    public var plan = PurchaseExamples.Plan()
    public var trainingCount = 60_000
    public var testCount = 10_000
    public var device: Device = .cpu
    /// The shop's folder, which is only read.
    public var shop: String
    /// Holds checkpoints and logs, and the model in folders 1, 2, …
    public var folder: String
    public var report: String?

    public init(shop: String, folder: String) { (self.shop, self.folder) = (shop, folder) }

    /// Runs the job.
    ///
    /// - Returns: The figures of the network on the last window, and the folder of the artefact.
    /// - Throws: `StorageError` for a shop that cannot be read, `badData` for a log that is too short.
    public func run(resume: Bool, report: (Part, Trainer.Event?) -> Void) throws -> JSONValue {
        let folder = ShopFolder(path: shop)
        _ = try folder.config()
        let store = try folder.openStore(.readOnly)
        return try run(on: try TrainingSet(reading: folder, store), resume: resume, report: report)
    }

    func run(on set: TrainingSet, resume: Bool, report: (Part, Trainer.Event?) -> Void) throws -> JSONValue {
        let windows = try PurchaseWindows(set, days: plan.days)
        let each = max(2, trainingCount / windows.training(for: 0).count)
        let examples = windows.cuts.indices.map { number in
            report(.examples(number + 1, of: windows.cuts.count), nil)
            var plan = plan
            plan.limit = number == 0 ? testCount : each
            plan.seed = settings.seed
            return PurchaseExamples(at: windows.cuts[number], from: set, plan: plan)
        }
        guard examples.allSatisfy({ $0.labels.contains(true) && $0.labels.contains(false) }) else {
            throw NeuralError(
                .badData, "In one of the windows of \(plan.days) days nobody bought again. Give more --days.")
        }
        let folds = try (1...windows.folds).map { number in
            try fit(
                examples[windows.training(for: number)], on: examples[number], validates: true,
                folder: "folds/\(number)", epochs: (nil, nil), resume: resume
            ) { report(.fold(number, of: windows.folds), $0) }
        }
        let epochs = (Self.mean(folds.map(\.network.bestEpoch)), Self.mean(folds.map(\.logistic.bestEpoch)))
        let final = try fit(
            examples[windows.training(for: 0)], on: examples[0], validates: false, folder: "", epochs: epochs,
            resume: resume
        ) { report(.training, $0) }
        return try finish(PurchaseOutcome(windows: windows, folds: folds, final: final))
    }

    /// Fits the network and its rivals to some windows, and scores another.
    private func fit(
        _ training: ArraySlice<PurchaseExamples>, on test: PurchaseExamples, validates: Bool, folder: String,
        epochs: (network: Int?, logistic: Int?), resume: Bool, report: (Trainer.Event) -> Void
    ) throws -> PurchaseFit {
        let learned = training.reduce(into: PurchaseExamples()) { $0.append($1) }
        let scaling = FeatureScaling(learning: learned.rows, names: PurchaseExamples.features)
        func scaled(_ examples: PurchaseExamples) -> ScaledExamples {
            ScaledExamples(width: scaling.width, rows: scaling.apply(examples.rows), labels: examples.labels)
        }
        let (known, asked) = (scaled(learned), scaled(test))
        func train(_ name: String, _ hidden: [Int], _ last: Int?) throws -> PurchaseFit.Trained {
            let model = try PurchaseNetwork(
                inputs: scaling.width, hidden: hidden, seed: settings.seed, device: device)
            let task = PurchaseTask(
                model, training: known, heldOut: validates ? asked : nil, rule: Adam(weightDecay: decay), batch: batch,
                seed: settings.seed)
            var settings = settings
            settings.lastEpoch = last
            let outcome = try Trainer(task, settings, folder: place(name, folder)).run(resume: resume, report: report)
            return PurchaseFit.Trained(
                scores: PurchaseScores(name, try model.chances(asked.rows), asked.labels), model: model, task: task,
                outcome: outcome)
        }
        return PurchaseFit(
            network: try train(Self.networkName, hidden, epochs.network),
            logistic: try train("logistic regression", [], epochs.logistic),
            others: [
                try PurchaseRivals.trees(learned, test, seed: settings.seed), PurchaseRivals.habit(learned, test),
            ], scaling: scaling, trainingCount: learned.count, test: test)
    }

    static let networkName = "perceptron"

    /// The folder of a network's checkpoint; the final one's is the job's own.
    private func place(_ name: String, _ part: String) -> String {
        let parent = part.isEmpty ? folder : folder + "/" + part
        return name == Self.networkName ? parent : parent + "/logistic"
    }

    private static func mean(_ epochs: [Int]) -> Int {
        max(1, Int((Double(epochs.reduce(0, +)) / Double(max(1, epochs.count))).rounded()))
    }

    private func finish(_ outcome: PurchaseOutcome) throws -> JSONValue {
        let network = outcome.final.network
        let facts = facts(outcome)
        let metrics = network.scores.figures.filter { $0.value.isFinite }
        let content = ModelArtefact.Content(
            kind: Self.kind, seed: settings.seed,
            inputs: [
                "shop": String(shop.split(separator: "/").last ?? ""), "days": String(plan.days),
                "negatives": plan.negatives.rawValue,
                "cut": outcome.windows.cuts[0].description, "settings": network.task.fingerprint,
            ], metrics: metrics, figures: outcome.json, card: PurchaseReport.card(outcome, facts: facts),
            files: [(name: "scaling.json", bytes: outcome.final.scaling.json.encoded + [0x0A])])
        let written = try ModelArtefact.write(
            content, parameters: network.model.parameters, outcome: network.outcome, parent: folder)
        if let report {
            try FileSystem.makeFolder(FileSystem.folder(of: report))
            try PurchaseReport.make(outcome, facts: facts).write(to: report)
        }
        return .object(
            metrics.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }
                + [.init("folder", .string(written))])
    }

    private func facts(_ outcome: PurchaseOutcome) -> [[String]] {
        let (final, network) = (outcome.final, outcome.final.network)
        let layers = ([final.scaling.width] + hidden + [1]).map(String.init).joined(separator: "-")
        let seconds = network.outcome.history.reduce(0) { $0 + $1.seconds }
        let date = outcome.windows.cuts[0].dateDescription
        return [
            ["Question", "bought within \(plan.days) days"],
            ["Network", "\(layers), sigmoid units, \(network.model.parameters.count) numbers"],
            [
                "Inputs",
                "\(final.scaling.names.count) features of the shop's ranker, "
                    + "\(final.scaling.indicators.count) of what is missing",
            ],
            ["Training examples", "\(final.trainingCount), half bought, from moments before \(date)"],
            ["Test examples", "\(final.test.count), half bought, of people at \(date)"],
            ["Items not bought", Self.words(plan.negatives)],
            [
                "Epochs",
                "\(network.outcome.history.count), the mean of the best of \(outcome.folds.count) folds",
            ],
            ["Training", String(format: "%.0f s", seconds)], ["Seed", String(settings.seed)],
        ]
    }

    private static func words(_ negatives: PurchaseExamples.Negatives) -> String {
        switch negatives {
        case .catalogue: "drawn evenly from all that ever sold"
        case .popular: "drawn as they sell"
        case .candidates: "drawn from what the shop would recommend to the person"
        }
    }
}
