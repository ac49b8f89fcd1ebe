import CommandInterface
import Domain
import Learning

/// `souk compare`: puts models side by side on one page.
enum CompareCommand: Command {
    static let name = "compare"
    static let summary = "Put models side by side on one page: on the next item, or on a shop's next baskets."
    static let positional = ["[MODEL …]"]
    static let maximumPositional = 64
    static let options: [Option] = [
        .flag("all", "Every model of the task, instead of names."),
        .value("data", "FILE", "Lines of `user item item …`: leave each user's last item out."),
        .value("shop", "DIR", "Or a shop's purchases, with --cut DATE."),
        .value(
            "task", "NAME",
            "shop: new-items, the next item that a household never had, or baskets, its next basket; new-items if left out."
        ),
        .value("cut", "DATE", "What lies before it is known."),
        .value("shuffle-neighbours", "SEED", "Next items: measure once more with neighbouring items exchanged."),
        .flag("no-curves", "Do not train models on parts of the people too, which takes half as long again."),
        .value("report", "FILE.html", "Where the page is written."),
        .value("figures", "FILE", "Instead of a page: measure one model here, and write its figures by person."),
        .quiet,
    ]
    static let discussion = """
        souk compare hybrid pctm rules --data FILE --report OUT.html
        souk compare --all --shop DIR --task baskets --cut DATE --report OUT.html
        souk compare hybrid hybrid@FILE --shop DIR --task baskets --cut DATE --report OUT.html

        MODEL@FILE is a model with the parameters that `souk tune --shop DIR --best FILE` wrote. The page says what to conclude,
        and holds accuracy with intervals, paired permutation tests with Holm's correction, learning curves, training time, answer
        time and memory, ROC and precision-recall curves, confusion matrices, groups of people and of items, and the worst lists;
        each model is measured in a process of its own. The last line of standard output is one JSON object; a check of the split
        that fails ends the command with an error.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        var (task, words) = try task(arguments)
        let hasCurves = !arguments.has("no-curves")
        if !hasCurves { words.append("--no-curves") }
        if let path = arguments.value("figures") {
            guard arguments.positional.count == 1, !arguments.has("all"), arguments.value("report") == nil else {
                throw UsageError("--figures FILE takes one model, and no --report.")
            }
            return try ModelBench.measure(task, model: arguments.positional[0], hasCurves: hasCurves, figures: path)
        }
        let models = arguments.has("all") ? ModelBench.names(for: task) : arguments.positional
        guard !arguments.has("all") || arguments.positional.isEmpty else {
            throw UsageError("Give either names of models or --all.")
        }
        try console.printMeasured(name) { progress in
            try ModelBench.compare(
                task, models: models, place: .processes([name] + words), hasCurves: hasCurves,
                report: arguments.required("report"), progress: progress)
        }
    }

    /// What is compared, and the words that say so.
    private static func task(_ arguments: Arguments) throws -> (ModelBench.Task, words: [String]) {
        let seed = try arguments.integer("shuffle-neighbours", in: 0...Int.max).map { UInt64($0) }
        let exchange = seed.map { ["--shuffle-neighbours", String($0)] } ?? []
        switch (arguments.value("data"), arguments.value("shop")) {
        case (let data?, nil):
            for option in ["task", "cut"] where arguments.value(option) != nil {
                throw UsageError("--\(option) belongs to --shop DIR.")
            }
            return (.sequences(data, exchangeSeed: seed), ["--data", data] + exchange)
        case (nil, let shop?):
            guard let cut = try arguments.timestamp("cut") else { throw UsageError("--shop needs --cut DATE.") }
            let words = ["--shop", shop, "--cut", try arguments.required("cut")]
            switch arguments.value("task") ?? "new-items" {
            case "new-items":
                return (.newItems(shop: shop, cut: cut, exchangeSeed: seed), words + exchange)
            case "baskets":
                guard seed == nil else { throw UsageError("--shuffle-neighbours is for next items, not for baskets.") }
                return (.baskets(shop: shop, cut: cut), words + ["--task", "baskets"])
            case let other: throw UsageError("There is no task '\(other)'; there are new-items and baskets.")
            }
        default: throw UsageError("Give either --data FILE or --shop DIR.")
        }
    }
}
