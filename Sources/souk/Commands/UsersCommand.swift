import CommandInterface
import Foundation
import Learning

/// `souk users`: what the shop knows of a person, and its removal.
enum UsersCommand: Command {
    static let name = "users"
    static let summary = "Export or erase a person."
    static let positional = ["ACTION", "[ID]"]
    static let options: [Option] = [
        .shop, .value("users", "FILE", "The shop's own identifiers, one a line, instead of ID."),
        .value("output", "FILE", "export: where to write; standard output if left out."), .quiet,
    ]
    static let discussion = """
        souk users export --shop DIR ID      everything stored about the person, as JSON
        souk users erase  --shop DIR ID      removes it; the next `souk train` forgets the person's influence too

        Identifiers on a command line can be seen by other users of the machine: prefer --users FILE there.
        """

    static func run(_ arguments: Arguments, console: Console) throws {
        let workbench = try Workbench(path: arguments.required("shop"))
        var people = Array(arguments.positional.dropFirst())
        if let file = arguments.value("users") { people += try identifiers(in: file) }
        guard !people.isEmpty else { throw UsageError("Whose? Give ID or --users FILE.") }
        switch arguments.positional.first {
        case "export":
            let text = try people.map { try workbench.exportJSON(of: $0) }.joined(separator: "\n") + "\n"
            if let output = arguments.value("output") {
                try Data(text.utf8).write(to: URL(filePath: output), options: .atomic)
            } else {
                console.print(String(text.dropLast()))
            }
        case "erase":
            for person in people {
                let count = try workbench.erase(person)
                console.note("\(count) events are gone. Train and publish anew, so that models forget them too.")
            }
        case let other:
            throw UsageError("There is no action '\(other ?? "")'. Actions: export, erase.")
        }
    }

    private static func identifiers(in file: String) throws -> [String] {
        try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n").compactMap {
            $0.split(whereSeparator: { $0 == " " || $0 == "\t" }).first.map(String.init)
        }
    }
}
