import CommandInterface
import Evaluation
import JSON
import NeuralModels
import Torch

/// `souk-train rewriter`: an encoder-decoder that restores damaged queries.
enum RewriterCommand: Command {
    static let name = "rewriter"
    static let summary = "An encoder-decoder that restores queries with slips, missing words or no end."
    static let options = PhraseCommand.options
    static let discussion = PhraseCommand.discussion

    static func run(_ arguments: Arguments, console: Console) throws {
        try PhraseCommand.run(.rewriter, arguments, console)
    }
}

/// `souk-train suggester`: a decoder that goes on with the beginning of a query.
enum SuggesterCommand: Command {
    static let name = "suggester"
    static let summary = "A decoder that goes on with the beginning of a query, letter by letter."
    static let options = PhraseCommand.options
    static let discussion = PhraseCommand.discussion

    static func run(_ arguments: Arguments, console: Console) throws {
        try PhraseCommand.run(.suggester, arguments, console)
    }
}

/// What the commands on phrases share.
enum PhraseCommand {
    static let options: [Option] =
        [Option.shop] + TrainingOptions.common + [
            .value("examples", "N", "Examples an epoch; 6400 of a rewriter, 3200 of a suggester, if left out."),
            .value("width", "N", "Numbers a letter; 96 if left out."),
            .value("layers", "N", "Blocks of the decoder, and of the encoder; 2 if left out."),
            .value("heads", "N", "Heads of attention; 4 if left out."),
            .value("dropout", "X", "Share of the numbers that training drops; 0.05 of a rewriter, 0.1 of a suggester."),
        ]

    static let discussion = """
        Phrases are names of the shop's items, categories and queries that people asked more than once. A fifth is left out, by phrase and
        seed: `souk evaluate rewriting` and `souk evaluate suggestions` ask for it. The shop is only read.
        The last line of standard output is one JSON object. See docs/models.md.
        """

    static func run(_ model: PhraseJob.Model, _ arguments: Arguments, _ console: Console) throws {
        let name = model.rawValue
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
        let (line, report) = TrainingOptions.follow(name, console)
        let result = try ProcessOptions.together(arguments) { group in
            try job.run(resume: arguments.has("resume"), group: group, report: report)
        }
        if case .null = result { return }
        line.finish("loss \(result["held_out_loss"]?.doubleValue ?? .nan) a held-out letter")
        console.print(JSONLine.text(result))
    }
}
