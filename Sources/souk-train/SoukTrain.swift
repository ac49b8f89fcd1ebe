import Foundation
import Torch

/// How messages call the program.
let programName = "souk-train"

/// The program that trains neural models: finds the command, runs it, and turns errors into one clear line.
@main
enum SoukTrain {
    static var commands: [any Command.Type] { [PerceptronCommand.self, ConvolutionalCommand.self] }

    /// Exit codes: 0 done, 1 failed, 2 not understood.
    static func main() {
        Runtime.keepFreedMemory()
        let words = Array(ProcessInfo.processInfo.arguments.dropFirst())
        let console = Console(isQuiet: words.contains("--quiet"))
        guard let name = words.first, name != "--help", name != "help", name != "-h" else {
            console.print(overview)
            exit(words.isEmpty ? 2 : 0)
        }
        guard let command = commands.first(where: { $0.name == name }) else {
            console.fail("There is no model '\(name)'. See souk-train --help.")
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
            let arguments = try Arguments(words, options: command.options, maximumPositional: command.positional.count)
            try command.run(arguments, console: console)
            return 0
        } catch let error as UsageError {
            console.fail("\(error)\nUsage: souk-train \(command.name) --help")
            return 2
        } catch {
            console.fail("\(error)")
            return 1
        }
    }

    private static var overview: String {
        let width = commands.map { $0.name.count }.max() ?? 0
        let table = commands.map { "  \($0.name.padded(to: width))  \($0.summary)" }.joined(separator: "\n")
        return """
            souk-train: trains neural models; souk serves them without libtorch

            Usage: souk-train MODEL [options]      souk-train MODEL --help

            \(table)
            """
    }
}
