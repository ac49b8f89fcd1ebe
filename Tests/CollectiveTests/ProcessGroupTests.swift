import Foundation
import Synchronization
import TestSupport
import Testing

@testable import Collective

/// Members of a group are threads here: each has its own connections, as processes have.
@Suite struct ProcessGroupTests {
    /// Runs `body` on a thread for each rank, and gives what came out, by rank.
    private func run<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (Int) throws -> Value
    ) -> [Result<Value, any Error>] {
        let results = Mutex<[Int: Result<Value, any Error>]>([:])
        let running = DispatchGroup()
        for rank in 0..<count {
            running.enter()
            Thread {
                let result = Result { try body(rank) }
                results.withLock { $0[rank] = result }
                running.leave()
            }.start()
        }
        running.wait()
        return results.withLock { found in (0..<count).compactMap { found[$0] } }
    }

    @Test func `sums are equal everywhere and rank 0's numbers and texts reach all`() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("meeting")
        let results = run(2) { rank in
            let group = try ProcessGroup(rank: rank, count: 2, at: .file(file))
            var numbers = (0..<1000).map { Float(rank * 1000 + $0) / 3 }
            var span = numbers.mutableSpan
            try group.sum(&span)
            var same: [Float] = rank == 0 ? [1, .nan, -3] : [0, 0, 0]
            var second = same.mutableSpan
            try group.broadcast(&second)
            let texts = try group.gather(rank == 0 ? "" : "what rank 1 says")
            return (numbers, same.map(\.bitPattern), texts)
        }
        let values = try results.map { try $0.get() }
        let sums: [Float] = (0..<1000).map { place in Float(place) / 3 + Float(1000 + place) / 3 }
        for value in values {
            #expect(value.0 == sums)
            #expect(value.1 == ([1, .nan, -3] as [Float]).map(\.bitPattern))
            #expect(value.2 == ["", "what rank 1 says"])
        }
        #expect(!FileManager.default.fileExists(atPath: file))
    }

    @Test func `a member that leaves is named, and at once`() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("meeting")
        let results = run(2) { rank in
            let group = try ProcessGroup(rank: rank, count: 2, at: .file(file))
            var numbers: [Float] = [1, 2]
            var span = numbers.mutableSpan
            // It leaves when both have met.
            try group.sum(&span)
            guard rank == 0 else { return Duration.zero }
            let start = ContinuousClock.now
            let error = #expect(throws: CollectiveError.self) { try group.sum(&span) }
            #expect(error?.code == .lost && error?.lost == [1] && error?.message.contains("rank 1") == true)
            return ContinuousClock.now - start
        }
        #expect(try results[0].get() < .seconds(5))
    }

    @Test func `a member that stands still is noticed when patience ends`() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("meeting")
        let done = Mutex(false)
        _ = run(2) { rank in
            let group = try ProcessGroup(rank: rank, count: 2, at: .file(file))
            while rank == 1, !done.withLock({ $0 }) { Thread.sleep(forTimeInterval: 0.01) }
            guard rank == 0 else { return }
            defer { done.withLock { $0 = true } }
            group.patience = .milliseconds(100)
            var numbers: [Float] = [1]
            var span = numbers.mutableSpan
            let error = #expect(throws: CollectiveError.self) { try group.sum(&span) }
            #expect(error?.code == .lost && error?.message.contains("did not answer") == true)
        }
    }

    @Test func `another number of processes, a rank twice and a rank too high are refused at both ends`() throws {
        let folder = try TemporaryFolder()
        for (number, (rank, count, words)) in [(1, 4, "4 processes"), (5, 3, "from 0 to 2")].enumerated() {
            let file = folder.file("meeting\(number)")
            let results = run(2) { place in
                if place == 0 { _ = try ProcessGroup(rank: 0, count: 3, at: .file(file)) }
                // A rank that is too high for its own number is refused before it goes anywhere.
                _ = try Meeting(
                    rank: rank, count: count, rendezvous: .file(file), host: nil, patience: .seconds(20), check: {}
                ).addresses { _ in [] }
            }
            for result in results {
                let error = #expect(throws: CollectiveError.self) { try result.get() }
                #expect(error?.code == .refused && error?.message.contains(words) == true)
            }
        }
        let file = folder.file("twice")
        let results = run(3) { place in
            _ = try ProcessGroup(rank: min(place, 1), count: 3, at: .file(file), arrival: .seconds(20))
        }
        for result in results {
            #expect((#expect(throws: CollectiveError.self) { try result.get() })?.message.contains("as rank 1") == true)
        }
        #expect(throws: CollectiveError.self) { try ProcessGroup(rank: 2, count: 2, at: .file(file)) }
        #expect(throws: CollectiveError.self) { try ProcessGroup(rank: 0, count: 1, at: .file(file)) }
    }

    @Test func `who waits in vain says for whom, and strangers and files of earlier runs are passed over`() throws {
        let folder = try TemporaryFolder()
        let file = folder.file("meeting")
        try Data("souk-group 1\n127.0.0.1\n1\nold\n".utf8).write(to: URL(filePath: file))
        let early = #expect(throws: CollectiveError.self) {
            try ProcessGroup(rank: 1, count: 2, at: .file(file), arrival: .milliseconds(200))
        }
        #expect(early?.code == .incomplete && early?.message.contains(file) == true)
        let results = run(2) { place in
            if place == 0 {
                _ = try ProcessGroup(rank: 0, count: 2, at: .file(file), arrival: .milliseconds(700))
            } else {
                var lines: [Substring] = []
                while lines.count < 4 || lines[3] == "old" {
                    lines = try String(contentsOfFile: file, encoding: .utf8).split(separator: "\n")
                }
                for message in [[], Array("souk-group 1\nguess\n1\n2".utf8), [UInt8](repeating: 7, count: 5000)] {
                    let socket = try Socket.connected(host: "127.0.0.1", port: try #require(UInt16(lines[2])))
                    _ = socket.send(message)
                }
            }
        }
        let late = #expect(throws: CollectiveError.self) { try results[0].get() }
        #expect(late?.code == .incomplete && late?.message.contains("rank 1 is missing") == true)
    }

    @Test func `members meet at an address, and rank 0 listens nowhere else`() throws {
        let port = UInt16.random(in: 20_000..<30_000)
        let results = run(2) { rank in
            let group = try ProcessGroup(rank: rank, count: 2, at: Rendezvous(parsing: ":\(port)"))
            return try group.broadcast(rank == 0 ? "hello" : "")
        }
        #expect(try results.map { try $0.get() } == ["hello", "hello"])
        let socket = try Socket.listening(host: "127.0.0.1", port: 0)
        #expect(try socket.local().host == "127.0.0.1")
    }

    @Test func `rendezvous are read, and what is none is refused`() throws {
        #expect(try Rendezvous(parsing: "/tmp/a:1") == .file("/tmp/a:1"))
        #expect(try Rendezvous(parsing: "meeting") == .file("meeting"))
        #expect(try Rendezvous(parsing: ":7000") == .address(host: "127.0.0.1", port: 7000))
        #expect(try Rendezvous(parsing: "[::1]:7000") == .address(host: "::1", port: 7000))
        #expect(try Rendezvous(parsing: "train-0:7000").description == "train-0:7000")
        for text in ["", "host:", "host:0", "host:65536", "host:x"] {
            #expect(throws: CollectiveError.self) { try Rendezvous(parsing: text) }
        }
        #expect(throws: CollectiveError.self) {
            try ProcessGroup(rank: 0, count: 2, at: .address(host: "no such host", port: 7000))
        }
    }
}
