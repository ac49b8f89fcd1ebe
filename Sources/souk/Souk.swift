import CommandInterface
import Foundation
import Numerics

/// The program of a shop: the server and every job.
@main
enum Souk {
    static let version = "0.1.0"

    static var commands: [any Command.Type] {
        [
            InitCommand.self, ImportCommand.self, IndexCommand.self, TrainCommand.self, EvaluateCommand.self,
            PublishCommand.self, ServeCommand.self, UsersCommand.self, KeysCommand.self, PeopleCommand.self,
            SearchCommand.self, RecommendCommand.self, TuneCommand.self, CompareCommand.self, DoctorCommand.self,
            SimulateCommand.self, SynonymsCommand.self, ReportCommand.self, TranscribeCommand.self,
            SuggestCommand.self, VectorsCommand.self,
        ]
    }

    /// Exit codes: 0 done, 1 failed, 2 not understood, 3 stopped to ask (a feed that would withdraw too much).
    static func main() {
        LinearAlgebra.adoptKernels(CommandLine.arguments)
        let words = Array(ProcessInfo.processInfo.arguments.dropFirst())
        if words.first == "--version" {
            print("souk \(version)")
            exit(0)
        }
        let program = Program(
            name: "souk", noun: "command",
            headline: "souk \(version): product search and recommendations that a shop runs itself", commands: commands)
        exit(program.run(words))
    }
}
