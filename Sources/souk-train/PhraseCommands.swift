import CommandInterface
import Evaluation
import JSON
import Learning
import NeuralModels
import Torch

/// `souk-train rewriter`: an encoder-decoder that restores damaged queries.
enum RewriterCommand: PhraseCommand {
    static let model = PhraseJob.Model.rewriter
    static let summary = "An encoder-decoder that restores queries with slips, missing words or no end."
}

/// `souk-train suggester`: a decoder that goes on with the beginning of a query.
enum SuggesterCommand: PhraseCommand {
    static let model = PhraseJob.Model.suggester
    static let summary = "A decoder that goes on with the beginning of a query, letter by letter."
}

/// What the commands on phrases share.
protocol PhraseCommand: TrainingCommand where Job == PhraseJob {
    static var model: PhraseJob.Model { get }
}

extension PhraseCommand {
    static var name: String { model.rawValue }
    static var score: (words: String, key: String) { ("chance of a held-out letter", "letter_chance") }

    static var options: [Option] {
        [Option.shop] + TrainingOptions.common + SettingsSearch.options + [
            .value("examples", "N", "Examples an epoch; 6400 of a rewriter, 3200 of a suggester, if left out."),
            .value("width", "N", "Numbers a letter; 96 if left out."),
            .value("layers", "N", "Blocks of the decoder, and of the encoder; 2 if left out."),
            .value("heads", "N", "Heads of attention; 4 if left out."),
            .value("dropout", "X", "Share of the numbers that training drops; 0.05 of a rewriter, 0.1 of a suggester."),
        ]
    }

    static var discussion: String {
        """
        Phrases are names of the shop's items, categories and queries that people asked more than once. A fifth is left out, by phrase and
        seed: `souk evaluate rewriting` and `souk evaluate suggestions` ask for it. The shop is only read.
        The last line of standard output is one JSON object. See docs/models.md.
        """
    }

    static func space(of job: PhraseJob) -> [SearchSpace.Parameter] {
        [
            .around("rate", job.settings.rate), .within("dropout", 0...0.3, shipped: job.dropout),
            .logarithmic("decay", 0.001...0.3, shipped: job.decay),
            .one("width", of: [64, 96, 128], shipped: job.width), .within("layers", 1...3, shipped: job.layers),
        ]
    }

    static func job(_ arguments: Arguments) throws -> PhraseJob {
        var job = PhraseJob(
            model, shop: try arguments.required("shop"), folder: arguments.value("folder") ?? "var/models/\(name)")
        try TrainingOptions.apply(arguments, to: &job.settings)
        job.batch = try arguments.integer("batch", in: 2...4096) ?? job.batch
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.examples = try arguments.integer("examples", in: 2...100_000_000) ?? job.examples
        job.width = try arguments.integer("width", in: 8...1024) ?? job.width
        job.layers = try arguments.integer("layers", in: 1...24) ?? job.layers
        job.heads = try arguments.integer("heads", in: 1...64) ?? job.heads
        guard job.width % job.heads == 0, job.width / job.heads % 8 == 0 else {
            throw UsageError("--width must be a multiple of eight times --heads.")
        }
        job.dropout = min(0.95, try TrainingOptions.number(arguments, "dropout") ?? job.dropout)
        job.device = Device(arguments.value("device") ?? "cpu")
        job.report = arguments.value("report") ?? "var/reports/\(name).html"
        return job
    }

    static func train(_ job: PhraseJob, _ arguments: Arguments, _ console: Console) throws {
        let (line, report) = TrainingOptions.follow(name, console)
        let result = try ProcessOptions.together(arguments) { group in
            try job.run(resume: arguments.has("resume"), group: group, report: report)
        }
        if case .null = result { return }
        line.finish("loss \(result["held_out_loss"]?.doubleValue ?? .nan) a held-out letter")
        console.print(JSONLine.text(result))
    }
}
