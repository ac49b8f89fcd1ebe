import CommandInterface
import Evaluation
import Foundation
import JSON
import Learning
import NeuralModels
import Torch

/// `--tune N`: trains with N sets of settings in turn, compares them on held-out data, and says which did best.
struct SettingsSearch {
    static let options: [Option] = [
        .value(
            "tune", "N",
            "In place of training a model: measure N sets of settings in all on held-out data; options that are given stay as they are."
        ),
        .value("tune-method", "NAME", "--tune: \(TrainingOptions.names(methods)); tpe if left out."),
        .value("tune-seconds", "N", "--tune: begin no further set of settings after so long."),
        .value(
            "trials", "FILE", "--tune: where trials are recorded, to go on from; trials.jsonl in --folder if left out."),
    ]
    /// Others share people out, which a network's training cannot.
    private static let methods: [SearchMethod] = [.random, .tpe]
    /// Options that change nothing that is measured.
    private static let others: Set<String> = [
        "tune", "tune-method", "tune-seconds", "trials", "folder", "report", "threads", "quiet", "resume",
    ]

    let count: Int
    let method: SearchMethod
    let seconds: Int?

    /// - Returns: `nil` without `--tune`.
    /// - Throws: `UsageError` for options that do not go together.
    init?(_ arguments: Arguments) throws {
        guard let count = try arguments.integer("tune", in: 1...100_000) else {
            if let name = ["tune-method", "tune-seconds", "trials"].first(where: { arguments.value($0) != nil }) {
                throw UsageError("--\(name) needs --tune N.")
            }
            return nil
        }
        if let name = ["processes", "rank", "world", "rendezvous"].first(where: { arguments.value($0) != nil }) {
            throw UsageError("--tune trains in one process: leave out --\(name).")
        }
        let method = try TrainingOptions.choice(arguments, "tune-method", SearchMethod.self) ?? .tpe
        guard Self.methods.contains(method) else {
            throw UsageError("--tune-method takes \(TrainingOptions.names(Self.methods)), not '\(method.rawValue)'.")
        }
        (self.count, self.method) = (count, method)
        seconds = try arguments.integer("tune-seconds", in: 1...10_000_000)
    }

    /// Searches around a job's settings, and prints the best ones as options.
    func run<Asked: TrainingCommand>(
        _ command: Asked.Type, around job: Asked.Job, _ arguments: Arguments, _ console: Console
    ) throws {
        let isDecaying = job.settings.optimiser == .adamw
        let space = SearchSpace(
            Asked.space(of: job).filter { arguments.value($0.name) == nil && ($0.name != "decay" || isDecaying) })
        guard !space.parameters.isEmpty else {
            throw UsageError("All settings that --tune searches are given: there is nothing to search.")
        }
        let given = arguments.given.filter { !Self.others.contains($0.name) }
        let task = TuningTask(
            model: Asked.name, space: space, source: "held-out data", measure: Asked.score.words,
            measureKey: Asked.score.key, windows: ["held out"],
            protocolText: "Measured on what chooses the epoch: nothing that tests a model was read.",
            identity: given.map { .init("--" + $0.name, .string($0.values.joined(separator: " "))) }
        ) {
            { values, _, _ in
                let words = zip(space.parameters, values).map { (name: $0.name, text: $0.text($1)) }
                let score = try Self.measure(command, arguments.setting(words), beside: job.folder)
                console.note(
                    words.map { "--\($0.name) \($0.text)" }.joined(separator: " ")
                        + String(format: "  %@ %.4f", Asked.score.words, score))
                return score
            }
        }
        var request = ModelTuner.Request(
            .task(task), log: arguments.value("trials") ?? job.folder + "/trials.jsonl")
        (request.trials, request.method, request.seed) = (count, method, 1)
        request.budgetSeconds = seconds.map { Double($0) }
        request.report = arguments.value("report") ?? "var/reports/\(Asked.name)-tuning.html"
        for path in [request.log, request.report].compactMap(\.self) {
            try FileManager.default.createDirectory(
                at: URL(filePath: path).deletingLastPathComponent(), withIntermediateDirectories: true)
        }
        let line = console.progress("\(Asked.name) trials")
        let result = try JSONValue(parsing: try ModelTuner.run(request) { line.update($0, of: $1) })
        let best = space.parameters.compactMap { parameter in
            result["parameters"]?[parameter.name].map { "--\(parameter.name) \(Self.text($0))" }
        }
        line.finish("the best: \(best.joined(separator: " "))")
        console.print(
            JSONLine.text(
                .object((result.objectValue ?? []) + [.init("options", .string(best.joined(separator: " ")))])))
    }

    /// Trains with these settings in a folder of their own, which goes on if it was stopped and is removed in the end.
    private static func measure<Asked: TrainingCommand>(
        _ command: Asked.Type, _ arguments: Arguments, beside folder: String
    ) throws -> Double {
        var job = try command.job(arguments)
        let words = arguments.given.filter { !others.contains($0.name) }.map { "\($0.name) \($0.values)" }
        job.folder = "\(folder)/trials/\(String(MeasuredCases.key(words.joined(separator: " ").utf8), radix: 16))"
        let score: Double
        do { score = try job.heldOutScore(resume: true) { _ in } } catch let error as NeuralError
            where error.code == .diverged
        {
            // Settings that learn nothing are measured, too.
            score = command.worstScore
        }
        try FileManager.default.removeItem(atPath: job.folder)
        return score
    }

    /// A value as an option takes it.
    private static func text(_ json: JSONValue) -> String {
        json.stringValue ?? json.integerValue.map { String($0) } ?? json.doubleValue.map { String(format: "%.4g", $0) }
            ?? ""
    }
}
