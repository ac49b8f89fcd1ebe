public import Collective
public import Domain
internal import Encoders
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
    public static let kind = PurchaseEncoder.kind

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

    public let network: PurchaseNetworkKind
    /// Of the network; plainer networks beside it keep those of the perceptron.
    public var settings: TrainingSettings
    public var batch = 128
    /// AdamW's decay, of the network.
    public var decay: Double
    public var shape = NetworkShape()
    /// How examples of one moment are made; the numbers of examples are below.
    public var plan = PurchaseExamples.Plan()
    public var trainingCount = 60_000
    public var testCount = 10_000
    /// Whether simulated lists and clicks count, for a network that is asked for clicks; real ones do. They are bounded by the numbers above.
    public var countsSynthetic = false
    public var device: Device = .cpu
    /// The shop's folder, which is only read.
    public var shop: String
    /// Events at or after it do not count; `nil` for all.
    public var before: Timestamp?
    /// Holds checkpoints and logs, and the model in folders 1, 2, …
    public var folder: String
    public var report: String?

    public init(_ network: PurchaseNetworkKind = .perceptron, shop: String, folder: String) {
        (self.network, self.shop, self.folder) = (network, shop, folder)
        (settings, decay) = (network.settings, network.decay)
    }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: The figures of the network on the last window, and the folder of the artefact; null at other ranks than 0.
    /// - Throws: `StorageError` for a shop that cannot be read, `badData` for a log that is too short.
    public func run(
        resume: Bool, group: ProcessGroup? = nil, report: (Part, Trainer.Event?) -> Void
    ) throws -> JSONValue {
        let read = try read()
        return try run(
            on: read.set, branches: read.branches, clicks: read.clicks, of: read.origin, resume: resume, group: group,
            report: report)
    }

    /// The shop that a network learns from.
    struct Origin {
        var shop = ""
        /// How many people had been erased before the log was read.
        var erasures = 0
    }

    /// The shop's log, and, if the network looks at them, the branches where people bought and the lists from which they chose.
    func read() throws -> (set: TrainingSet, branches: BranchLog, clicks: ClickLog, origin: Origin) {
        let folder = ShopFolder(path: shop)
        let config = try folder.config()
        let store = try folder.openStore(.readOnly)
        // Before the log is read: whoever is erased meanwhile may have left traces in what is learned.
        let origin = Origin(shop: config.shop.rawValue, erasures: try store.erasureCount())
        let branches = network.hasFields ? try BranchLog(reading: store) : BranchLog()
        let clicks =
            network.hasQuestions
            ? try ClickLog(reading: store, before: before, includesSynthetic: countsSynthetic) : ClickLog()
        return (try TrainingSet(reading: folder, store, before: before), branches, clicks, origin)
    }

    func run(
        on set: TrainingSet, branches: BranchLog = BranchLog(), clicks: ClickLog = ClickLog(),
        of origin: Origin = Origin(), resume: Bool,
        group: ProcessGroup? = nil, report: (Part, Trainer.Event?) -> Void
    ) throws -> JSONValue {
        let windows = try PurchaseWindows(set, days: plan.days)
        var lists = clickLists(clicks, windows)
        let examples = try windows.cuts.indices.map { number in
            report(.examples(number + 1, of: windows.cuts.count), nil)
            return try window(number, of: windows, from: set, branches, &lists)
        }
        let folds = try (1...windows.folds).map { number in
            let way = Way(validates: true, folder: "folds/\(number)", epochs: [:], group: group, resume: resume)
            return try fit(
                examples[windows.training(for: number)], on: examples[number],
                clicks: lists?.examples(testing: number, facts: set.facts), way
            ) {
                report(.fold(number, of: windows.folds), $0)
            }
        }
        let epochs = Dictionary(grouping: folds.flatMap { $0.trained }, by: \.name)
            .mapValues { Self.mean($0.map(\.trained.bestEpoch)) }
        let way = Way(validates: false, folder: "", epochs: epochs, group: group, resume: resume)
        let final = try fit(
            examples[windows.training(for: 0)], on: examples[0],
            clicks: lists?.examples(testing: 0, facts: set.facts), way
        ) { report(.training, $0) }
        guard group?.isFirst ?? true else { return .null }
        let names = FieldNames(facts: set.facts, branches: branches)
        return try finish(PurchaseOutcome(windows: windows, folds: folds, final: final), names, origin)
    }

    /// Examples of the window with this number, 0 for the last one; lists learn what is known of their items at its moment.
    ///
    /// - Throws: `badData` if nobody bought in it, or everybody.
    private func window(
        _ number: Int, of windows: PurchaseWindows, from set: TrainingSet, _ branches: BranchLog,
        _ lists: inout ClickLists?
    ) throws(NeuralError) -> PurchaseWindow {
        var plan = plan
        plan.limit = number == 0 ? testCount : max(2, trainingCount / windows.training(for: 0).count)
        plan.seed = settings.seed
        let ranker = RankerRows(at: windows.cuts[number], from: set)
        lists?.add(ranker, window: number)
        let examples = PurchaseExamples(ranker, plan: plan)
        guard examples.labels.contains(true), examples.labels.contains(false) else {
            throw NeuralError(
                .badData, "In one of the windows of \(plan.days) days nobody bought again. Give more --days.")
        }
        let fields = PurchaseFields(
            examples, at: windows.cuts[number], from: set, branches: branches, days: plan.days,
            length: network.hasHistories ? shape.length : 0)
        return PurchaseWindow(examples: examples, fields: fields)
    }

    /// The mean over the folds of the network's best held-out score. The last window is not looked at, nor are rivals trained.
    func heldOutScore(
        on set: TrainingSet, branches: BranchLog, clicks: ClickLog = ClickLog(), resume: Bool,
        report: (Trainer.Event) -> Void
    ) throws -> Double {
        let windows = try PurchaseWindows(set, days: plan.days)
        var lists = clickLists(clicks, windows)
        let examples = try (1..<windows.cuts.count).map { try window($0, of: windows, from: set, branches, &lists) }
        let scores = try (1...windows.folds).map { number in
            let training = windows.training(for: number)
            let fold = PurchaseFold(
                examples[training.lowerBound - 1..<training.upperBound - 1], test: examples[number - 1],
                network: network, least: shape.least, clicks: lists?.examples(testing: number, facts: set.facts))
            let way = Way(validates: true, folder: "folds/\(number)", epochs: [:], group: nil, resume: resume)
            return try train(
                network.rawValue, try own(fold), on: (fold.shared, fold.asked), (settings, decay), way, place: "",
                report: report
            ).outcome.heldOutScore
        }
        return scores.reduce(0, +) / Double(scores.count)
    }

    /// How networks are fitted.
    private struct Way {
        /// Whether held-out examples choose the epoch.
        let validates: Bool
        let folder: String
        /// The number of epochs by model; those that held-out examples choose where there is none.
        let epochs: [String: Int]
        let group: ProcessGroup?
        let resume: Bool
    }

    /// Trains a network, and scores what it is asked.
    ///
    /// - Parameter clicks: What a network of three questions is asked of clicks.
    private func train(
        _ name: String, _ model: any PurchaseNetwork, on rows: (known: PurchaseInputs, asked: PurchaseInputs),
        clicks: PurchaseInputs? = nil, _ how: (settings: TrainingSettings, decay: Double), _ way: Way, place: String,
        question: Int = 0, report: (Trainer.Event) -> Void
    ) throws -> PurchaseFit.Trained {
        let task = PurchaseTask(
            model, name: "\(name) \(shape)", training: rows.known, heldOut: way.validates ? rows.asked : nil,
            rule: how.settings.optimiser.rule(decay: how.decay), batch: batch, seed: settings.seed,
            question: question)
        var settings = how.settings
        settings.lastEpoch = way.epochs[name]
        let parts = [self.folder, way.folder, place].filter { !$0.isEmpty }
        let outcome = try Trainer(task, settings, folder: parts.joined(separator: "/"), group: way.group)
            .run(resume: way.resume, report: report)
        func scores(_ asked: PurchaseInputs, _ column: Int, _ question: Int) throws -> PurchaseScores {
            PurchaseScores(
                name, try model.chances(asked, question: column, device: device), asked.labels[question])
        }
        return PurchaseFit.Trained(
            scores: try scores(rows.asked, 0, question), model: model, task: task, outcome: outcome,
            second: model.questionCount > 1 ? try scores(rows.asked, 1, 1) : nil,
            clicks: model.questionCount > 2 ? try clicks.map { try scores($0, 2, 2) } : nil)
    }

    private func own(_ fold: PurchaseFold) throws -> any PurchaseNetwork {
        try network.make(
            inputs: fold.scaling.width, rows: fold.vocabulary?.count ?? 0, shape: shape,
            questions: fold.questionCount, seed: settings.seed, device: device)
    }

    /// Fits the network and its rivals to some windows, and scores another.
    private func fit(
        _ training: ArraySlice<PurchaseWindow>, on test: PurchaseWindow,
        clicks: (learned: ClickExamples, asked: ClickExamples)?, _ way: Way, report: (Trainer.Event) -> Void
    ) throws -> PurchaseFit {
        let fold = PurchaseFold(training, test: test, network: network, least: shape.least, clicks: clicks)
        let rows = (fold.known, fold.asked)
        func plain(_ hidden: [Int]) throws -> any PurchaseNetwork {
            try PerceptronNetwork(inputs: fold.scaling.width, hidden: hidden, seed: settings.seed, device: device)
        }
        let own = try own(fold)
        let main = try train(
            network.rawValue, own, on: (fold.shared, fold.asked), clicks: fold.clicks?.asked, (settings, decay), way,
            place: "", report: report)
        var plainer = [
            try train(
                "logistic regression", try plain([]), on: rows, self.plainer, way, place: "logistic", report: report)
        ]
        if network.hasFields {
            let perceptron = try plain(Perceptron.referenceLayers)
            plainer.insert(
                try train(
                    PurchaseNetworkKind.perceptron.rawValue, perceptron, on: rows, self.plainer, way,
                    place: "perceptron", report: report), at: 0)
        }
        let second =
            own.questionCount > 1
            ? try train(
                "perceptron for it alone", try plain(Perceptron.referenceLayers), on: rows, self.plainer, way,
                place: "second", question: 1, report: report) : nil
        let alone = try fold.clicks.map { clicks in
            try train(
                "perceptron for clicks alone", try plain(Perceptron.referenceLayers), on: (clicks.known, clicks.asked),
                self.plainer, way, place: "clicks", question: 2, report: report)
        }
        return PurchaseFit(
            network: main, plainer: plainer,
            others: way.group?.isFirst ?? true
                ? [
                    try PurchaseRivals.trees(fold.learned, fold.test, seed: settings.seed),
                    PurchaseRivals.habit(fold.learned, fold.test),
                ] : [], second: second, scaling: fold.scaling, vocabulary: fold.vocabulary,
            trainingCount: fold.learned.count, test: fold.test, clicks: ClickFit(fold.clicks, main, alone: alone))
    }

    /// Of the networks beside the one that was asked for.
    private var plainer: (settings: TrainingSettings, decay: Double) {
        guard network.hasFields else { return (settings, decay) }
        var settings = PurchaseNetworkKind.perceptron.settings
        settings.seed = self.settings.seed
        return (settings, PurchaseNetworkKind.perceptron.decay)
    }

    private static func mean(_ epochs: [Int]) -> Int {
        max(1, Int((Double(epochs.reduce(0, +)) / Double(max(1, epochs.count))).rounded()))
    }

    private func finish(
        _ outcome: PurchaseOutcome, _ names: FieldNames, _ origin: Origin
    ) throws -> JSONValue {
        let network = outcome.final.network
        let facts = facts(outcome)
        var metrics = network.scores.figures.filter { $0.value.isFinite }
        for (name, value) in network.second?.figures ?? [:] where value.isFinite { metrics["type_" + name] = value }
        for (name, value) in network.clicks?.figures ?? [:] where value.isFinite { metrics["click_" + name] = value }
        var files = [
            (name: PurchaseEncoder.scalingFile, bytes: outcome.final.scaling.json.encoded + [0x0A]),
            (name: MeasuredCases.file, bytes: outcome.cases.encoded),
        ]
        if let vocabulary = outcome.final.vocabulary {
            files.append((name: "fields.json", bytes: vocabulary.json(names.value).encoded + [0x0A]))
        }
        var inputs = [
            "network": self.network.rawValue, "shop": origin.shop, "erasures": String(origin.erasures),
            // Labels of the newest training window end where the test begins.
            "until": outcome.windows.cuts[0].description, "days": String(plan.days),
            "negatives": plan.negatives.rawValue, "settings": network.outcome.settings,
        ]
        inputs["clicks"] = outcome.final.clicks?.words
        let content = ModelArtefact.Content(
            kind: Self.kind, seed: settings.seed, inputs: inputs, metrics: metrics, figures: outcome.json,
            card: PurchaseReport.card(outcome, facts: facts),
            files: files)
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
        let seconds = network.outcome.history.reduce(0) { $0 + $1.seconds }
        let date = outcome.windows.cuts[0].dateDescription
        return [
            ["Question", "bought within \(plan.days) days"],
            [
                "Network",
                "\(self.network.words(inputs: final.scaling.width, shape)), \(network.model.parameters.count) numbers",
            ],
            [
                "Inputs",
                "\(final.scaling.names.count) features of the shop's ranker, "
                    + "\(final.scaling.indicators.count) of what is missing"
                    + (final.vocabulary.map { ", \(PurchaseFields.Field.allCases.count) fields of \($0.count) values" }
                        ?? ""),
            ],
            ["Training examples", "\(final.trainingCount), half bought, from moments before \(date)"],
            ["Test examples", "\(final.test.count), half bought, of people at \(date)"],
            ["Items not bought", Self.words(plan.negatives)],
            [
                "Epochs",
                "\(network.outcome.history.count), the mean of the best of \(outcome.folds.count) folds",
            ],
            ["Training", String(format: "%.0f s", seconds)], ["Seed", String(settings.seed)],
        ] + clickFacts(final.clicks)
    }

    private static func words(_ negatives: PurchaseExamples.Negatives) -> String {
        switch negatives {
        case .catalogue: "drawn evenly from all that ever sold"
        case .popular: "drawn as they sell"
        case .candidates: "drawn from what the shop would recommend to the person"
        }
    }
}
