import CommandInterface
import Foundation
import Learning

/// `souk tune`: searches a model's parameters on the validation part.
enum TuneCommand: Command {
    static let name = "tune"
    static let summary = "Search a sequence model's parameters on the validation part."
    static let options: [Option] = [
        .value("data", "FILE", "Lines of `user item item …`, oldest first; each user's last item is never read."),
        .value("model", "NAME", "The model: hybrid, pctm, als, bpr or rp3beta; the shipped default if left out."),
        .value("method", "NAME", "random, tpe or halving; tpe if left out."),
        .value("trials", "N", "How many sets of parameters to measure in all; 40 if left out."),
        .value("budget", "SECONDS", "Begin no further trial after so long."),
        .value("jobs", "N", "Measure so many trials at once, 1 to 64; 1 if left out."),
        .value("log", "FILE", "Where every trial is written; a search goes on from what is there."),
        .value("seed", "N", "1 if left out."),
        .value("report", "FILE.html", "Write a report of the trials and of what mattered."), .quiet,
    ]
    static let discussion = """
        The first trial is what is shipped. `souk evaluate sequences --trials FILE` measures the best trial's parameters.
        The same search with the same --jobs goes on from its log, and gives the same trials whichever ends first.
        The last line of standard output is one JSON object.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        var request = ModelTuner.Request(data: try arguments.required("data"), log: try arguments.required("log"))
        if let model = arguments.value("model") { request.model = model }
        if let name = arguments.value("method") {
            guard let method = SearchMethod(rawValue: name) else {
                throw UsageError(
                    "There is no method '\(name)'. Methods: \(SearchMethod.allCases.map(\.rawValue).joined(separator: ", "))."
                )
            }
            request.method = method
        }
        request.trials = try arguments.integer("trials", in: 1...100_000) ?? request.trials
        request.budgetSeconds = try arguments.integer("budget", in: 1...10_000_000).map { Double($0) }
        request.jobs = try arguments.integer("jobs", in: 1...64) ?? request.jobs
        request.seed = UInt64(try arguments.integer("seed", in: 0...Int.max) ?? 1)
        request.report = arguments.value("report")
        let line = console.progress("tune")
        let result = try ModelTuner.run(request) { line.update($0, of: $1) }
        line.finish("done")
        console.print(result)
    }
}
