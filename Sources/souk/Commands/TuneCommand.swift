import CommandInterface
import Domain
import Foundation
import Learning

/// `souk tune`: searches a model's parameters on what lies before the test.
enum TuneCommand: Command {
    static let name = "tune"
    static let summary =
        "Search a model's parameters: in a shop's past, or on the validation part of a file of sequences."
    static let options: [Option] = [
        .value("shop", "DIR", "A shop: models foretell the first basket of each household from several cuts on."),
        .value("cuts", "DATE,DATE,…", "shop: the cuts; three a week apart before the end of the log if left out."),
        .value("before", "DATE", "shop: read nothing from this day on, so that it can be tested on."),
        .value(
            "measure", "NAME", "shop: ndcg, recall or recall_new (of items new to the household); ndcg if left out."),
        .value("best", "FILE", "shop: write the best parameters, for `souk train --parameters FILE`."),
        .value("data", "FILE", "Or lines of `user item item …`, oldest first; each user's last item is never read."),
        .value(
            "model", "NAME",
            "The model, the shipped default if left out. Both: hybrid, pctm, als, bpr, rp3beta, tifu_knn, up_cf, ease; shop: blend, personal."
        ),
        .value("method", "NAME", "random, tpe or halving; tpe if left out."),
        .value("trials", "N", "How many sets of parameters to measure in all; 40 if left out."),
        .value("budget", "SECONDS", "Begin no further trial after so long."),
        .value("patience", "N", "End when N trials did not improve on the best."),
        .flag("no-pruning", "shop: measure every trial in all windows, however badly it does in the first."),
        .value("jobs", "N", "Measure so many trials at once, 1 to 64; 1 if left out."),
        .value("log", "FILE", "Where every trial is written; a search goes on from what is there."),
        .value("seed", "N", "1 if left out."),
        .value("report", "FILE.html", "Write a report of the trials and of what mattered."), .quiet,
    ]
    static let discussion = """
        souk tune --shop DIR --model blend --log TRIALS --best FILE
        souk tune --data FILE --model pctm --log TRIALS

        The first trial is what is shipped. `souk evaluate sequences --trials FILE` measures the best trial of a file's search,
        `souk evaluate baskets --parameters FILE` the best of a shop's. The same search with the same --jobs goes on from its
        log, and gives the same trials whichever ends first. The last line of standard output is one JSON object.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        var request = ModelTuner.Request(try source(arguments), log: try arguments.required("log"))
        if let model = arguments.value("model") { request.model = model }
        request.method = try choice(arguments, "method") ?? request.method
        request.trials = try arguments.integer("trials", in: 1...100_000) ?? request.trials
        request.budgetSeconds = try arguments.integer("budget", in: 1...10_000_000).map { Double($0) }
        request.patience = try arguments.integer("patience", in: 1...100_000)
        request.prunes = !arguments.has("no-pruning")
        request.jobs = try arguments.integer("jobs", in: 1...64) ?? request.jobs
        request.seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        request.report = arguments.value("report")
        request.best = arguments.value("best")
        let line = console.progress("tune")
        let result = try ModelTuner.run(request) { line.update($0, of: $1) }
        line.finish("done")
        console.print(result)
    }

    private static func source(_ arguments: Arguments) throws -> ModelTuner.Source {
        switch (arguments.value("data"), arguments.value("shop")) {
        case (let data?, nil):
            for name in ["cuts", "before", "measure", "best"] where arguments.value(name) != nil {
                throw UsageError("--\(name) belongs to --shop DIR.")
            }
            return .file(data)
        case (nil, let shop?):
            var windows = BasketWindows()
            windows.cuts = try cuts(arguments)
            windows.end = try arguments.timestamp("before")
            windows.measure = try choice(arguments, "measure") ?? windows.measure
            return .shop(shop, windows)
        default: throw UsageError("Give either --data FILE or --shop DIR.")
        }
    }

    private static func cuts(_ arguments: Arguments) throws -> [Timestamp]? {
        guard let text = arguments.value("cuts") else { return nil }
        let cuts = text.split(separator: ",", omittingEmptySubsequences: false).map { Timestamp(iso8601: String($0)) }
        let known = cuts.compactMap(\.self)
        guard known.count == cuts.count, known.count <= 12, Set(known).count == known.count else {
            throw UsageError("--cuts takes up to twelve different dates, such as 2017-09-06,2017-10-04; not '\(text)'.")
        }
        return known
    }

    private static func choice<Choice: RawRepresentable & CaseIterable>(
        _ arguments: Arguments, _ option: String
    ) throws -> Choice? where Choice.RawValue == String {
        guard let name = arguments.value(option) else { return nil }
        guard let choice = Choice(rawValue: name) else {
            let names = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw UsageError("There is no \(option) '\(name)'; there are \(names).")
        }
        return choice
    }
}
