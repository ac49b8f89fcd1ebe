import CommandInterface
import Evaluation
import JSON
import Learning
import NeuralModels
import Torch

/// `souk-train perceptron`: the multilayer perceptron on pictures.
enum PerceptronCommand: PictureCommand {
    static let model = PictureJob.Model.perceptron
    static let name = "perceptron"
    static let summary = "A multilayer perceptron with two hidden layers of 64, on pictures."
    static let options = TrainingOptions.all + SettingsSearch.options + PictureOptions.all
}

/// `souk-train cnn`: the convolutional network on pictures.
enum ConvolutionalCommand: PictureCommand {
    static let model = PictureJob.Model.cnn
    static let name = "cnn"
    static let summary = "A small residual convolutional network, on pictures with augmentation."
    static let options =
        TrainingOptions.all + SettingsSearch.options + PictureOptions.all + [
            .value("width", "N", "Channels at full size; twice and four times as many at half and quarter size."),
            .value(
                "precision", "single|mixed",
                "Of the convolutions in training; mixed (16 bits) if left out and the processor multiplies such numbers itself."
            ),
        ]
}

/// What networks on pictures have.
enum PictureOptions {
    static let all: [Option] = [
        .value("shift", "N", "Shift training pictures by up to N pixels."),
        .value("mirrors", "0|1", "Mirror half of the training pictures."),
        .value("cutout", "N", "Blacken a square of N pixels of each training picture."),
        .value("smoothing", "X", "Share of each label that is spread over all classes."),
        .value("averaging", "X", "Decay of the running average of the weights; 0 for none."),
    ]
}

/// What the commands on pictures share.
protocol PictureCommand: TrainingCommand where Job == PictureJob {
    static var model: PictureJob.Model { get }
}

extension PictureCommand {
    static var discussion: String {
        """
        --data is fashion-mnist (Debian's dataset-fashion-mnist), or a folder with IDX files of the same names.
        5,000 training pictures are held out to choose the epoch; the test pictures are looked at once, at the end.
        The last line of standard output is one JSON object. See docs/models.md.
        """
    }

    static var score: (words: String, key: String) { ("accuracy", "accuracy") }

    static func space(of job: PictureJob) -> [SearchSpace.Parameter] {
        [
            .around("rate", job.settings.rate), .logarithmic("decay", 0.001...1, shipped: job.decay),
            .within("smoothing", 0...0.2, shipped: job.smoothing),
            .one("averaging", of: ["0", "0.99", "0.998"], shipped: TrainingOptions.text(job.settings.averaging)),
            .within("shift", 0...2, shipped: job.augmentation?.shift ?? 0),
            .one("cutout", of: [0, 4, 8], shipped: job.augmentation?.cutout ?? 0),
        ] + (model == .cnn ? [.one("width", of: [16, 32, 48], shipped: job.width)] : [])
    }

    static func job(_ arguments: Arguments) throws -> PictureJob {
        var job = PictureJob(
            model, data: try arguments.required("data"),
            folder: arguments.value("folder") ?? "var/models/\(model.rawValue)")
        try TrainingOptions.apply(arguments, to: &job.settings)
        job.batch = try arguments.integer("batch", in: 2...65_536) ?? job.batch
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.smoothing = min(0.9, try TrainingOptions.number(arguments, "smoothing") ?? job.smoothing)
        job.settings.averaging = min(
            0.9999, try TrainingOptions.number(arguments, "averaging") ?? job.settings.averaging)
        let usual = job.augmentation ?? Augmentation(shift: 0, mirrors: false, cutout: 0)
        job.augmentation = Augmentation(
            shift: try arguments.integer("shift", in: 0...14) ?? usual.shift,
            mirrors: try arguments.integer("mirrors", in: 0...1).map { $0 == 1 } ?? usual.mirrors,
            cutout: try arguments.integer("cutout", in: 0...28) ?? usual.cutout)
        if model == .cnn {
            job.width = try arguments.integer("width", in: 4...512) ?? job.width
            job.precision = try TrainingOptions.choice(arguments, "precision", Precision.self) ?? job.precision
        }
        job.device = Device(arguments.value("device") ?? "cpu")
        job.report = arguments.value("report") ?? "var/reports/\(model.rawValue).html"
        return job
    }

    static func train(_ job: PictureJob, _ arguments: Arguments, _ console: Console) throws {
        let (line, report) = TrainingOptions.follow(name, console)
        let result = try ProcessOptions.together(arguments) { group in
            try job.run(resume: arguments.has("resume"), group: group, report: report)
        }
        if case .null = result { return }
        line.finish("accuracy \(result["accuracy"]?.doubleValue ?? .nan) on the test pictures")
        console.print(JSONLine.text(result))
    }
}
