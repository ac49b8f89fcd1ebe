import CommandInterface
import Learning
import NeuralModels
import Torch

/// `souk-train encoder`: a sentence encoder, tuned to a shop.
enum EncoderCommand: TrainingCommand {
    static let name = "encoder"
    static let summary = "The sentence encoder, tuned to a shop's own pairs of queries and items."
    static let options =
        [Option.shop] + TrainingOptions.common + SettingsSearch.options + [
            .value("base", "DIR", "The weights to begin with; var/models/minilm if left out."),
            .value(
                "kind", "NAME", "Pairs to learn from: queries, baskets, synthetic; all that there are if left out.",
                repeatable: true),
            .value("pairs", "N", "Pairs an epoch; 5120 if left out."),
            .value("hard", "N", "Near texts that are no answers, for each pair; 1 if left out."),
            .value("temperature", "X", "What a cosine is divided by; 0.05 if left out."),
            .value("dropout", "X", "Share of the numbers that training drops; 0.1 if left out."),
            .value("frozen", "N", "The first layers that stay as they are, beside the embeddings; 3 if left out."),
            .value("held-out-days", "N", "The newest days of the log, which measure; 28 if left out."),
            .value("held-out", "N", "Questions of each kind that measure, at most; 800 if left out."),
        ]
    static let discussion = """
        Pairs are queries with what was chosen or bought after them, items that are bought together more often than by chance, and
        synthetic questions made of items' words. The newest days measure, and choose the epoch. The shop is only read.
        `souk index --encoder DIR/1` takes the encoder if the log's queries find better with it, beyond the 95 % interval.
        The last line of standard output is one JSON object. See docs/models.md.
        """

    static let score = (words: "MRR", key: "mrr")

    static func space(of job: EncoderJob) -> [SearchSpace.Parameter] {
        [
            .around("rate", job.settings.rate, times: 10),
            .logarithmic("temperature", 0.02...0.2, shipped: job.temperature),
            .within("dropout", 0...0.3, shipped: job.dropout), .within("hard", 0...3, shipped: job.hard),
            .within("frozen", 0...5, shipped: job.frozenLayers),
        ]
    }

    static func job(_ arguments: Arguments) throws -> EncoderJob {
        var job = EncoderJob(
            shop: try arguments.required("shop"), base: arguments.value("base") ?? "var/models/minilm",
            folder: arguments.value("folder") ?? "var/models/\(name)")
        try TrainingOptions.apply(arguments, to: &job.settings)
        job.batch = try arguments.integer("batch", in: 2...4096) ?? job.batch
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.pairs = try arguments.integer("pairs", in: 2...100_000_000) ?? job.pairs
        job.hard = try arguments.integer("hard", in: 0...16) ?? job.hard
        job.temperature = try TrainingOptions.number(arguments, "temperature") ?? job.temperature
        guard job.temperature > 0 else { throw UsageError("--temperature takes a number above 0.") }
        job.dropout = min(0.95, try TrainingOptions.number(arguments, "dropout") ?? job.dropout)
        job.frozenLayers = try arguments.integer("frozen", in: 0...47) ?? job.frozenLayers
        job.heldOutDays = try arguments.integer("held-out-days", in: 1...3650) ?? job.heldOutDays
        job.heldOut = try arguments.integer("held-out", in: 10...1_000_000) ?? job.heldOut
        job.kinds = try TrainingOptions.kinds(arguments, among: EncoderJob.kindNames)
        job.device = Device(arguments.value("device") ?? "cpu")
        job.report = arguments.value("report") ?? "var/reports/\(name).html"
        return job
    }

    static func train(_ job: EncoderJob, _ arguments: Arguments, _ console: Console) throws {
        try TrainingOptions.runSentences(name, arguments, console) { group, report in
            try job.run(resume: arguments.has("resume"), group: group, report: report)
        }
    }
}
