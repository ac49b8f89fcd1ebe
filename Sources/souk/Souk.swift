import Foundation

/// How messages call the program.
let programName = "souk"

/// The program: finds the command that is asked for, runs it, and turns errors into one clear line and an exit code.
@main
enum Souk {
    static let version = "0.1.0"

    static var commands: [any Command.Type] {
        [
            InitCommand.self, ImportCommand.self, IndexCommand.self, TrainCommand.self, EvaluateCommand.self,
            PublishCommand.self, ServeCommand.self, UsersCommand.self, KeysCommand.self, PeopleCommand.self,
            SearchCommand.self, RecommendCommand.self, TuneCommand.self, CompareCommand.self, DoctorCommand.self,
            SimulateCommand.self, SynonymsCommand.self,
        ]
    }

    /// Exit codes: 0 done, 1 failed, 2 not understood, 3 stopped to ask (a feed that would withdraw too much).
    static func main() {
        let words = Array(ProcessInfo.processInfo.arguments.dropFirst())
        let console = Console(isQuiet: words.contains("--quiet"))
        guard let name = words.first, name != "--help", name != "help", name != "-h" else {
            console.print(overview)
            exit(words.isEmpty ? 2 : 0)
        }
        if name == "--version" {
            console.print("souk \(version)")
            exit(0)
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            let near = commands.map { (editDistance($0.name, name), $0.name) }.filter { $0.0 <= 2 }.min { $0 < $1 }
            console.fail(
                "There is no command '\(name)'." + (near.map { " Did you mean '\($0.1)'?" } ?? " See souk --help."))
            exit(2)
        }
        if words.contains("--help") || words.contains("-h") {
            console.print(command.help)
            exit(0)
        }
        exit(run(command, Array(words.dropFirst()), console))
    }

    private static func run(_ command: any Command.Type, _ words: [String], _ console: Console) -> Int32 {
        do {
            let arguments = try Arguments(words, options: command.options, maximumPositional: command.maximumPositional)
            try command.run(arguments, console: console)
            return 0
        } catch let error as UsageError {
            console.fail("\(error)\nUsage: souk \(command.name) --help")
            return 2
        } catch let error as ExitError {
            console.fail(error.description)
            return error.status
        } catch {
            console.fail("\(error)")
            return 1
        }
    }

    private static var overview: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let table = commands.map { "  \($0.name.padded(to: width))  \($0.summary)" }.joined(separator: "\n")
        return """
            souk \(version): product search and recommendations that a shop runs itself

            Usage: souk COMMAND [options]      souk COMMAND --help

            \(table)
            """
    }
}

/// An error with an exit code of its own.
struct ExitError: Error, CustomStringConvertible {
    let status: Int32
    let description: String
}
