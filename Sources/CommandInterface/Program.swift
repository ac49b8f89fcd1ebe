import Foundation

/// A program of several commands: finds the one that is asked for, runs it, and turns errors into one clear line and an
/// exit code.
public struct Program: Sendable {
    private let name: String
    /// What a first word is called: `command`, `model`.
    private let noun: String
    private let headline: String
    private let commands: [any Command.Type]

    /// - Parameter headline: What stands above the list of commands.
    public init(name: String, noun: String, headline: String, commands: [any Command.Type]) {
        (self.name, self.noun, self.headline, self.commands) = (name, noun, headline, commands)
    }

    /// Runs what the words ask for.
    ///
    /// - Returns: The exit code: 0 done, 1 failed, 2 not understood, or an `ExitError`'s own.
    public func run(_ words: [String]) -> Int32 {
        let console = Console(program: name, isQuiet: words.contains("--quiet"))
        guard let first = words.first, first != "--help", first != "help", first != "-h" else {
            console.print(overview)
            return words.isEmpty ? 2 : 0
        }
        guard let command = commands.first(where: { $0.name == first }) else {
            let near = commands.map { (editDistance($0.name, first), $0.name) }.filter { $0.0 <= 2 }.min { $0 < $1 }
            console.fail(
                "There is no \(noun) '\(first)'." + (near.map { " Did you mean '\($0.1)'?" } ?? " See \(name) --help."))
            return 2
        }
        if words.contains("--help") || words.contains("-h") {
            console.print(command.help(of: name))
            return 0
        }
        return run(command, Array(words.dropFirst()), console)
    }

    private func run(_ command: any Command.Type, _ words: [String], _ console: Console) -> Int32 {
        do {
            let arguments = try Arguments(words, options: command.options, maximumPositional: command.maximumPositional)
            try command.run(arguments, console: console)
            return 0
        } catch let error as UsageError {
            console.fail("\(error)\nUsage: \(name) \(command.name) --help")
            return 2
        } catch let error as ExitError {
            console.fail(error.description)
            return error.status
        } catch {
            console.fail("\(error)")
            return 1
        }
    }

    private var overview: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let table = commands.map { "  \($0.name.padded(to: width))  \($0.summary)" }.joined(separator: "\n")
        return """
            \(headline)

            Usage: \(name) \(noun.uppercased()) [options]      \(name) \(noun.uppercased()) --help

            \(table)
            """
    }
}

/// An error with an exit code of its own.
public struct ExitError: Error, CustomStringConvertible {
    let status: Int32
    public let description: String

    public init(status: Int32, description: String) { (self.status, self.description) = (status, description) }
}
