import CommandInterface
import JSON
import Learning
import NeuralModels
import Torch

/// `souk-train cross-encoder`: a network that reads a query and a text together, to re-rank what a search finds first.
enum CrossEncoderCommand: TrainingCommand {
    static let name = "cross-encoder"
    static let summary = "A cross-encoder, which re-ranks what a search finds first."
    static let options =
        [Option.shop] + TrainingOptions.common + SettingsSearch.options + [
            .value("base", "DIR", "The sentence encoder to begin with; var/models/minilm if left out."),
            .value("layers", "N", "How many of its first layers are taken; 2 if left out."),
            .value(
                "kind", "NAME",
                "What to learn from: queries, baskets, synthetic, distillation; if left out queries and synthetic, and distillation "
                    + "where there are no queries.",
                repeatable: true),
            .value("questions", "N", "Questions an epoch; 640 if left out."),
            .value("list", "N", "Texts of a question's list, its answer included; 8 if left out."),
            .value("temperature", "X", "What a cosine is divided by in distillation; 0.05 if left out."),
            .value("dropout", "X", "Share of the numbers that training drops; 0 if left out."),
            .value("held-out-days", "N", "The newest days of the log, which measure; 28 if left out."),
            .value("held-out", "N", "Questions of each kind that measure, at most; 100 if left out."),
        ]
    static let discussion = """
        It begins with the first layers of a sentence encoder and learns to tell what was chosen or bought after a query from near
        texts. Where nobody asked yet, it learns from made-up questions and from the encoder's cosines (distillation), and the
        model card says so. The newest days measure, and choose the epoch. The shop is only read.
        `souk evaluate search --rerank DIR/1` measures what it does to a search.
        The last line of standard output is one JSON object. See docs/models.md.
        """

    static let score = (words: "MRR", key: "mrr")

    static func space(of job: CrossEncoderJob) -> [SearchSpace.Parameter] {
        [
            .around("rate", job.settings.rate), .within("dropout", 0...0.3, shipped: job.dropout),
            .logarithmic("temperature", 0.02...0.2, shipped: job.temperature),
            .within("layers", 1...3, shipped: job.layers), .one("list", of: [4, 8, 16], shipped: job.list),
        ]
    }

    static func job(_ arguments: Arguments) throws -> CrossEncoderJob {
        var job = CrossEncoderJob(
            shop: try arguments.required("shop"), base: arguments.value("base") ?? "var/models/minilm",
            folder: arguments.value("folder") ?? "var/models/\(name)")
        try TrainingOptions.apply(arguments, to: &job.settings)
        job.batch = try arguments.integer("batch", in: 1...4096) ?? job.batch
        job.decay = try TrainingOptions.number(arguments, "decay") ?? job.decay
        job.layers = try arguments.integer("layers", in: 1...48) ?? job.layers
        job.questions = try arguments.integer("questions", in: 1...100_000_000) ?? job.questions
        job.list = try arguments.integer("list", in: 2...64) ?? job.list
        job.temperature = try TrainingOptions.number(arguments, "temperature") ?? job.temperature
        guard job.temperature > 0 else { throw UsageError("--temperature takes a number above 0.") }
        job.dropout = min(0.95, try TrainingOptions.number(arguments, "dropout") ?? job.dropout)
        job.heldOutDays = try arguments.integer("held-out-days", in: 1...3650) ?? job.heldOutDays
        job.heldOut = try arguments.integer("held-out", in: 10...1_000_000) ?? job.heldOut
        job.kinds = try TrainingOptions.kinds(arguments, among: CrossEncoderJob.kindNames)
        job.device = Device(arguments.value("device") ?? "cpu")
        job.report = arguments.value("report") ?? "var/reports/\(name).html"
        return job
    }

    static func train(_ job: CrossEncoderJob, _ arguments: Arguments, _ console: Console) throws {
        try TrainingOptions.runSentences(name, arguments, console) { group, report in
            try job.run(resume: arguments.has("resume"), group: group, report: report)
        }
    }
}
