import Collective
import CommandInterface
import Evaluation
import JSON
import NeuralModels

/// What the commands share that learn from a shop's texts.
extension TrainingOptions {
    /// The values of `--kind`; `nil` without it.
    static func kinds(_ arguments: Arguments, among names: [String]) throws -> [String]? {
        let kinds = arguments.values("kind")
        if let unknown = kinds.first(where: { !names.contains($0) }) {
            throw UsageError("--kind takes one of \(names.joined(separator: ", ")), not '\(unknown)'.")
        }
        return kinds.isEmpty ? nil : kinds
    }

    /// Runs a job, alone or with other processes, and prints its figures.
    static func runSentences(
        _ name: String, _ arguments: Arguments, _ console: Console,
        run: (ProcessGroup?, (EncoderJob.Part, Trainer.Event?) -> Void) throws -> JSONValue
    ) throws {
        let (line, report) = follow(name, console)
        var part: EncoderJob.Part?
        let result = try ProcessOptions.together(arguments) { group in
            try run(group) { current, event in
                if current != part { console.note("\(name): \(current.rawValue)") }
                part = current
                if let event { report(event) }
            }
        }
        if case .null = result { return }
        line.finish(result["better"]?.doubleValue == 1 ? "better than its base" : "not better than its base")
        console.print(JSONLine.text(result))
    }
}
