import CommandInterface
import Domain
import Learning
import Recommenders

/// `souk compare`: puts models side by side on one page.
enum CompareCommand: Command {
    static let name = "compare"
    static let summary = "Put sequence models side by side on one page."
    static let positional = ["[MODEL …]"]
    static let maximumPositional = 32
    static let options: [Option] = [
        .flag("all", "Every model, instead of names."),
        .value("data", "FILE", "Lines of `user item item …`: leave each user's last item out."),
        .value("shop", "DIR", "Or a shop's purchases, with --cut DATE: the next new item by a global time split."),
        .value("cut", "DATE", "What lies before it is known."),
        .value("shuffle-neighbours", "SEED", "Measure once more with neighbouring items exchanged."),
        .value("report", "FILE.html", "Where the page is written."), .quiet,
    ]
    static let discussion = """
        souk compare hybrid pctm rules --data FILE --report OUT.html
        souk compare --all --shop DIR --cut DATE --report OUT.html

        The page holds accuracy with intervals, paired permutation tests with Holm's correction, training time, answer time,
        memory and coverage. The last line of standard output is one JSON object.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let source: ModelBench.Source
        switch (arguments.value("data"), arguments.value("shop")) {
        case (let data?, nil): source = .file(data)
        case (nil, let shop?):
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--shop needs --cut DATE.") }
            source = .shop(shop, cut: cut)
        default: throw UsageError("Give either --data FILE or --shop DIR.")
        }
        let models = arguments.has("all") ? SequenceModels.names : arguments.positional
        let line = console.progress("compare")
        let result = try ModelBench.compare(
            source, models: models,
            exchangeSeed: try arguments.integer("shuffle-neighbours", in: 0...Int.max).map { UInt64($0) },
            report: arguments.required("report")
        ) { line.update($0, of: $1) }
        line.finish("done")
        console.print(result)
    }
}
