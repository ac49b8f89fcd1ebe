public import Collective
internal import Evaluation
internal import Foundation
public import JSON
internal import Numerics
internal import Pictures
internal import Storage
public import Torch

/// Trains a picture classifier from beginning to end: data, training, one look at the test pictures, artefact, report.
public struct PictureJob: Sendable {
    /// Training pictures that only choose the epoch.
    public static let heldOutCount = 5_000

    public enum Model: String, Sendable { case perceptron, cnn }

    public var model: Model
    public var settings: TrainingSettings
    public var batch: Int
    /// AdamW's decay.
    public var decay: Double
    public var smoothing: Double
    public var augmentation: Augmentation?
    /// Channels of the convolutional network at full size; twice and four times as many at half and quarter size.
    public var width = 32
    /// Of the convolutions in training.
    public var precision = Precision.fastest
    public var device: Device = .cpu
    /// `fashion-mnist`, or a folder with files of its names.
    public var data: String
    /// Holds the checkpoint and the log, and the model in folders 1, 2, …
    public var folder: String
    public var report: String?

    /// The settings that a model comes with, found on held-out pictures.
    public init(_ model: Model, data: String, folder: String) {
        (self.model, self.data, self.folder) = (model, data, folder)
        switch model {
        case .perceptron:
            settings = TrainingSettings(
                epochs: 60, patience: 15, rate: 0.004, schedule: .oneCycle(peak: 0.25), averaging: 0.998)
            (batch, decay, smoothing) = (128, 0.01, 0)
            augmentation = Augmentation(shift: 0, mirrors: true, cutout: 0)
        case .cnn:
            settings = TrainingSettings(
                epochs: 16, patience: 16, rate: 0.005, schedule: .oneCycle(peak: 0.25), averaging: 0.998)
            (batch, decay, smoothing) = (128, 0.1, 0.05)
            augmentation = Augmentation(shift: 1, mirrors: true, cutout: 0)
        }
    }

    /// Runs the job.
    ///
    /// - Parameter group: The processes that train together, each with the same job.
    /// - Returns: The figures on the test pictures, with the folder of the artefact; null at other ranks than 0.
    public func run(
        resume: Bool, group: ProcessGroup? = nil, report: (Trainer.Event) -> Void
    ) throws -> JSONValue {
        try run(on: try FashionMNIST(named: data), resume: resume, group: group, report: report)
    }

    func run(
        on pictures: FashionMNIST, resume: Bool, group: ProcessGroup? = nil, report: (Trainer.Event) -> Void
    ) throws -> JSONValue {
        let (task, outcome) = try train(on: pictures.training, resume: resume, group: group, report: report)
        guard group?.isFirst ?? true else { return .null }
        let start = ContinuousClock.now
        let probabilities = try task.classifier.probabilities(of: pictures.test)
        let spent = (ContinuousClock.now - start).components
        let milliseconds =
            (Double(spent.seconds) * 1e3 + Double(spent.attoseconds) * 1e-15)
            / Double(max(1, pictures.test.count))
        let result = ClassificationResult(
            classes: pictures.test.classes, probabilities: probabilities, labels: pictures.test.labels)
        return try finish(
            result, outcome, task, milliseconds: milliseconds, cases: Self.cases(pictures.test, probabilities))
    }

    /// Trains on some of the training pictures, and chooses the epoch by the others.
    func train(
        on pictures: PictureSet, resume: Bool, group: ProcessGroup?, report: (Trainer.Event) -> Void
    ) throws -> (task: PictureTask, outcome: Trainer.Outcome) {
        let (training, heldOut) = Self.split(pictures)
        let classifier = try makeClassifier(training)
        classifier.averagesMirrors = augmentation?.mirrors ?? false
        let task = PictureTask(
            classifier, training: training, heldOut: heldOut, rule: settings.optimiser.rule(decay: decay), batch: batch,
            augmentation: augmentation, smoothing: smoothing, seed: settings.seed)
        return (task, try Trainer(task, settings, folder: folder, group: group).run(resume: resume, report: report))
    }

    /// Which test pictures were told right: 1 or 0 each.
    static func cases(_ pictures: PictureSet, _ probabilities: [Float]) -> MeasuredCases {
        let decided = ClassificationResult.decisions(probabilities, classes: pictures.classes.count)
        return MeasuredCases(
            figure: "accuracy",
            pictures.labels.indices.map { place in
                let pixels = pictures.pixels[place * pictures.pixelCount..<(place + 1) * pictures.pixelCount]
                let label = pictures.labels[place]
                return (key: MeasuredCases.key(pixels + [label]), value: decided[place] == Int(label) ? 1 : 0)
            })
    }

    /// The pictures without those that are held out, which are the same for every seed.
    static func split(_ pictures: PictureSet) -> (training: PictureSet, heldOut: PictureSet) {
        var random = SeededGenerator(seed: 5_000)
        let order = Array(0..<pictures.count).shuffled(using: &random)
        let count = min(heldOutCount, pictures.count / 5)
        return (pictures.subset(order[count...].sorted()), pictures.subset(order[..<count].sorted()))
    }

    private func makeClassifier(_ pictures: PictureSet) throws -> PictureClassifier {
        switch model {
        case .perceptron:
            try Perceptron.pictures(
                pixelCount: pictures.pixelCount, classCount: pictures.classes.count, seed: settings.seed, device: device
            )
        case .cnn:
            try ConvolutionalNetwork.pictures(
                classCount: pictures.classes.count, widths: [width, 2 * width, 4 * width], precision: precision,
                seed: settings.seed, device: device)
        }
    }

    private func finish(
        _ result: ClassificationResult, _ outcome: Trainer.Outcome, _ task: PictureTask, milliseconds: Double,
        cases: MeasuredCases
    ) throws -> JSONValue {
        let seconds = outcome.history.reduce(0) { $0 + $1.seconds }
        let heldOut = outcome.history[outcome.bestEpoch - 1].validation?.score ?? .nan
        let facts = [
            ["Model", "\(model.rawValue), \(task.parameters.count) numbers"],
            ["Epochs", "\(outcome.history.count), the best is \(outcome.bestEpoch)"],
            ["Accuracy on held-out pictures", PictureReport.figure(heldOut)],
            ["Training", String(format: "%.0f s", seconds)],
            ["Test pictures", String(format: "%ld, %.3f ms each in batches", result.count, milliseconds)],
            ["Decision", task.classifier.averagesMirrors ? "mean over the picture and its mirror image" : "one look"],
            ["Seed", String(settings.seed)],
        ]
        let metrics = result.metrics.merging([
            "held_out_accuracy": heldOut, "test_pictures": Double(result.count),
            "best_epoch": Double(outcome.bestEpoch),
            "epochs": Double(outcome.history.count), "training_seconds": seconds, "milliseconds_a_sample": milliseconds,
        ]) { first, _ in first }
        let content = ModelArtefact.Content(
            kind: model.rawValue, seed: settings.seed, inputs: ["data": data, "settings": outcome.settings],
            metrics: metrics, figures: result.json, card: card(result, facts),
            files: [(name: MeasuredCases.file, bytes: cases.encoded)])
        let written = try ModelArtefact.write(
            content, parameters: task.parameters, outcome: outcome, parent: folder)
        if let report {
            try FileSystem.makeFolder(FileSystem.folder(of: report))
            try PictureReport.make(
                title: "Pictures: \(model.rawValue)", subtitle: "\(data), seed \(settings.seed)", result: result,
                outcome: outcome, facts: facts
            ).write(to: report)
        }
        return .object(
            metrics.sorted { $0.key < $1.key }.map { .init($0.key, .number($0.value)) }
                + [.init("folder", .string(written))])
    }

    private func card(_ result: ClassificationResult, _ facts: [[String]]) -> String {
        let table = facts.map { "| \($0[0]) | \($0[1]) |" }.joined(separator: "\n")
        let figures = result.metrics.sorted { $0.key < $1.key }.map {
            "| \($0.key) | \(PictureReport.figure($0.value)) |"
        }
        .joined(separator: "\n")
        return """
            # Model card: \(model.rawValue) on \(data)

            **Purpose.** Tells the class of a product picture of 28 × 28 grey pixels: \(result.classes.joined(separator: ", ")).
            It is no judge of photographs of another kind, and knows no other class.

            **Training.** \(Self.heldOutCount) of the training pictures were held out to choose the epoch; the test pictures
            were looked at once, afterwards.

            | what | value |
            |---|---|
            \(table)

            **On the test pictures.**

            | metric | value |
            |---|---|
            \(figures)

            """
    }
}
