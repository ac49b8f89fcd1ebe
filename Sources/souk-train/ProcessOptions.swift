import Collective
import CommandInterface
import Foundation
import NeuralModels

/// Options of training in several processes, and the group that they ask for.
enum ProcessOptions {
    static let all: [Option] = [
        .value("processes", "N", "Train in N processes of this machine, each with its share of every batch."),
        .value("world", "N", "Train in N processes that are started one by one, on this machine or several."),
        .value("rank", "R", "Which of them this is, from 0; rank 0 measures, writes and prints."),
        .value(
            "rendezvous", "FILE|HOST:PORT",
            "Where they meet: a file that all see, or an address of rank 0 that all reach; a path needs a '/'."),
        .value("address", "HOST", "Where this process listens for the others, if the way to rank 0 does not tell."),
    ]

    /// How many processes of this machine share its processors.
    static func local(_ arguments: Arguments) throws -> Int { try arguments.integer("processes", in: 1...64) ?? 1 }

    /// Runs `body` with the group that the options ask for, `nil` for one process alone.
    ///
    /// With `--processes` it starts the others, which end with this one.
    static func together<Result>(
        _ arguments: Arguments, body: (ProcessGroup?) throws -> Result
    ) throws -> Result {
        let count = try local(arguments)
        let names = ["rank", "world", "rendezvous"].filter { arguments.value($0) != nil }
        guard arguments.value("processes") == nil || names.isEmpty else {
            throw UsageError("--processes starts all processes itself: leave out --\(names[0]).")
        }
        if !names.isEmpty { return try member(arguments, body) }
        guard count > 1 else { return try body(nil) }
        let workers = try LocalWorkers(count: count, threads: arguments.value("threads"))
        do {
            let group = try ProcessGroup(
                rank: 0, count: count, at: .file(workers.meeting), check: workers.check)
            let result = try body(group)
            workers.wait()
            return result
        } catch {
            let ends = workers.stop()
            throw ends.isEmpty ? error : ExitError(status: 1, description: "\(error) \(ends)")
        }
    }

    /// Takes part as the rank that the options say.
    private static func member<Result>(_ arguments: Arguments, _ body: (ProcessGroup?) throws -> Result) throws
        -> Result
    {
        guard let world = try arguments.integer("world", in: 2...1024), let place = arguments.value("rendezvous"),
            let rank = try arguments.integer("rank", in: 0...world - 1)
        else { throw UsageError("--rank, --world and --rendezvous go together.") }
        let rendezvous: Rendezvous
        do { rendezvous = try Rendezvous(parsing: place) } catch { throw UsageError(error.message) }
        do {
            return try body(
                try ProcessGroup(
                    rank: rank, count: world, at: rendezvous, host: arguments.value("address"), arrival: .seconds(300)))
        } catch {
            guard rank > 0 else { throw error }
            throw ExitError(status: 1, description: "rank \(rank) of \(world): \(error)")
        }
    }
}
