import Collective
import Foundation

/// The other processes of a run on this machine: this program with the same words and ranks from 1 up.
final class LocalWorkers {
    /// The file where all meet, in a folder that only its owner can enter.
    let meeting: String
    private let folder: URL
    private var processes: [(rank: Int, process: Process)] = []

    /// - Parameter threads: What was asked for each process; `nil` for an even share of the processors.
    init(count: Int, threads: String?) throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "souk-train-\(UUID().uuidString)")
        meeting = folder.appending(path: "meeting").path(percentEncoded: false)
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        let program = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
        var words = Self.words(of: Array(ProcessInfo.processInfo.arguments.dropFirst()))
        words += ["--world", String(count), "--rendezvous", meeting, "--quiet"]
        if threads == nil { words += ["--threads", String(Self.share(of: count))] }
        for rank in 1..<count {
            let process = Process()
            process.executableURL = URL(filePath: program)
            process.arguments = words + ["--rank", String(rank)]
            (process.standardInput, process.standardOutput) = (FileHandle.nullDevice, FileHandle.nullDevice)
            do { try process.run() } catch {
                _ = stop()
                throw error
            }
            processes.append((rank, process))
        }
    }

    deinit {
        // A folder that is left over in the temporary directory harms nobody.
        try? FileManager.default.removeItem(at: folder)  // See above.
    }

    /// Threads of each of `count` processes on this machine.
    static func share(of count: Int) -> Int { max(1, ProcessInfo.processInfo.activeProcessorCount / count) }

    /// The words of a command line without `--processes` and its number.
    static func words(of all: [String]) -> [String] {
        var (words, rest) = ([String](), all[...])
        while let word = rest.popFirst() {
            if word == "--processes" {
                _ = rest.popFirst()
            } else if !word.hasPrefix("--processes=") {
                words.append(word)
            }
        }
        return words
    }

    /// Throws if one has ended before all have met.
    func check() throws {
        guard let ended = processes.first(where: { !$0.process.isRunning }) else { return }
        throw CollectiveError(.lost, "Not all processes have started: \(Self.words(ended)).", lost: [ended.rank])
    }

    /// Waits until all have ended by themselves.
    func wait() { for (_, process) in processes { process.waitUntilExit() } }

    /// Ends those that still run.
    ///
    /// - Returns: How the others have ended, in words; empty if none of them failed by itself.
    func stop() -> String {
        // Their ends are known a moment after their connections end.
        for _ in 0..<20 where processes.allSatisfy(\.process.isRunning) { Thread.sleep(forTimeInterval: 0.01) }
        let ended = processes.filter { !$0.process.isRunning && $0.process.terminationReason == .uncaughtSignal }
        for (_, process) in processes where process.isRunning { process.terminate() }
        wait()
        return ended.isEmpty ? "" : ended.map(Self.words).joined(separator: "; ") + "."
    }

    private static func words(_ ended: (rank: Int, process: Process)) -> String {
        let (reason, status) = (ended.process.terminationReason, ended.process.terminationStatus)
        return "rank \(ended.rank) (process \(ended.process.processIdentifier)) "
            + (reason == .uncaughtSignal ? "was ended by signal \(status)" : "ended with status \(status)")
    }
}
