import CommandInterface
import JSON
import Learning
import Merchandising

/// `souk synonyms`: proposes synonyms that shoppers' own searches speak for.
enum SynonymsCommand: Command {
    static let name = "synonyms"
    static let summary = "Propose synonyms from what shoppers searched for one after the other."
    static let options: [Option] = [
        .shop, .value("sessions", "N", "Only pairs that so many sessions speak for; 3 if left out."),
        .flag("synthetic", "Let simulated sessions count too."), .quiet,
    ]
    static let discussion = """
        One JSON object a line: a synonym as the rule book holds it, with the number of sessions in which the second search
        led to an item after the first did not, and their share. Nothing is changed: approve what is right in the rules.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        let minimum = try arguments.integer("sessions", in: 1...1_000_000) ?? 3
        let candidates = try workbench.synonymCandidates(
            minimumSessions: minimum, includesSynthetic: arguments.has("synthetic"))
        for candidate in candidates {
            var writer = JSONWriter()
            writer.value(candidate.json)
            console.print(String(decoding: writer.bytes, as: UTF8.self))
        }
        console.note("\(candidates.count) candidates.")
    }
}
