import Collective
import Foundation
import Storage
import Synchronization
import TestSupport
import Testing
import Torch

@testable import NeuralModels

/// Processes are threads here, each with a network, an optimiser and connections of its own.
@Suite struct ReplicaTests {
    private struct Stopped: Error {}

    private func settings(_ epochs: Int = 3) -> TrainingSettings {
        TrainingSettings(
            epochs: epochs, patience: 10, rate: 0.02, schedule: .oneCycle(peak: 0.3), clip: 1, averaging: 0.9)
    }

    /// What a process ended with.
    private struct End: Sendable {
        var weights: [[Float]] = []
        var losses: [Double] = []
        var best = 0
        var resumedAt = 0
    }

    /// Trains in `count` processes; `change` alters the run of one rank.
    private func train(
        _ count: Int, _ folder: TemporaryFolder, resume: Bool = false,
        settings: @escaping @Sendable (Int) -> TrainingSettings,
        report: @escaping @Sendable (Int, Trainer.Event) -> Void = { _, _ in },
        write: @escaping @Sendable ([UInt8], String) throws -> Void = { try AtomicFile.write($0, to: $1) },
        task: @escaping @Sendable () throws -> any TrainingTask
    ) -> [Result<End, any Error>] {
        let file = folder.file("meeting")
        let results = Mutex<[Int: Result<End, any Error>]>([:])
        let running = DispatchGroup()
        for rank in 0..<count {
            running.enter()
            Thread {
                let result = Result {
                    let task = try task()
                    let group = count > 1 ? try ProcessGroup(rank: rank, count: count, at: .file(file)) : nil
                    let trainer = try Trainer(
                        task, settings(rank), folder: folder.file(rank == 0 ? "model" : "none"), group: group,
                        write: write)
                    var end = End()
                    let outcome = try trainer.run(resume: resume) { event in
                        if case .resumed(let epoch) = event { end.resumedAt = epoch }
                        report(rank, event)
                    }
                    end.weights = try task.parameters.entries.map { try $0.tensor.floats() }
                    (end.losses, end.best) = (outcome.history.map(\.trainingLoss), outcome.bestEpoch)
                    return end
                }
                results.withLock { $0[rank] = result }
                running.leave()
            }.start()
        }
        running.wait()
        return results.withLock { found in (0..<count).compactMap { found[$0] } }
    }

    private func distance(_ left: End, _ right: End) -> Float {
        zip(left.weights.joined(), right.weights.joined()).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }

    @Test(arguments: [2, 3]) func `processes end with one process's weights, equal bit for bit`(count: Int) throws {
        let (one, several) = (try TemporaryFolder(), try TemporaryFolder())
        let alone = try train(1, one, settings: { _ in settings() }, task: { try SmallTasks.perceptron() })[0].get()
        let ends = try train(count, several, settings: { _ in settings() }, task: { try SmallTasks.perceptron() })
            .map { try $0.get() }
        #expect(ends.allSatisfy { $0.weights == ends[0].weights && $0.losses == ends[0].losses })
        // Adam divides by roots of squares that are near zero at first: rounding shows more than in the gradients.
        #expect(distance(ends[0], alone) < 1e-4)
        #expect(zip(ends[0].losses, alone.losses).allSatisfy { abs($0 - $1) < 1e-5 })
        #expect(!FileSystem.exists(several.file("none")), "other ranks write nothing")
    }

    @Test func `a sequence network ends with one process's weights`() throws {
        let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
        let make: @Sendable () throws -> any TrainingTask = { try SmallTasks.sasrec(.drawn(8)) }
        let alone = try train(1, one, settings: { _ in settings(2) }, task: make)[0].get()
        let ends = try train(2, two, settings: { _ in settings(2) }, task: make).map { try $0.get() }
        #expect(ends[0].weights == ends[1].weights)
        #expect(zip(ends[0].losses, alone.losses).allSatisfy { abs($0 - $1) < 1e-3 })
        #expect(distance(ends[0], alone) < 1e-2)
    }

    @Test func `a network of three questions ends with one process's weights`() throws {
        let (one, two) = (try TemporaryFolder(), try TemporaryFolder())
        let make: @Sendable () throws -> any TrainingTask = { try SmallTasks.purchases(63, clicks: 6, batch: 8).task }
        let alone = try train(1, one, settings: { _ in settings() }, task: make)[0].get()
        let ends = try train(2, two, settings: { _ in settings() }, task: make).map { try $0.get() }
        #expect(ends[0].weights == ends[1].weights && ends[0].losses == ends[1].losses)
        #expect(zip(ends[0].losses, alone.losses).allSatisfy { abs($0 - $1) < 1e-4 })
        #expect(distance(ends[0], alone) < 1e-3)
    }

    @Test func `running means become the same everywhere, and processes drop other numbers`() throws {
        let folder = try TemporaryFolder()
        let ends = try train(2, folder, settings: { _ in settings() }, task: { try SmallTasks.normalised() })
            .map { try $0.get() }
        #expect(ends[0].weights == ends[1].weights)
        let (first, second) = (try TemporaryFolder(), try TemporaryFolder())
        let dropped = try [(2, first), (1, second)].map { count, folder in
            try train(count, folder, settings: { _ in settings() }, task: { try SmallTasks.perceptron(dropout: 0.3) })[
                0
            ].get()
        }
        #expect(distance(dropped[0], dropped[1]) > 1e-3)
    }

    @Test func `a lost process stops the others, and resuming ends as if it had not been lost`() throws {
        let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
        let make: @Sendable () throws -> any TrainingTask = { try SmallTasks.perceptron(dropout: 0.3) }
        let expected = try train(2, whole, settings: { _ in settings(4) }, task: make).map { try $0.get() }
        let writes = Mutex(0)
        let failed = train(
            2, broken, settings: { _ in settings(4) },
            write: { bytes, path in
                if writes.withLock({
                    $0 += 1; return $0
                }) > 4 {
                    throw Stopped()
                }
                try AtomicFile.write(bytes, to: path)
            }, task: make)
        #expect(throws: Stopped.self) { try failed[0].get() }
        let error = #expect(throws: NeuralError.self) { try failed[1].get() }
        #expect(error?.code == .lost)
        #expect(error?.message.contains("rank 0") == true && error?.message.contains("--resume") == true)
        #expect(error?.message.contains("The checkpoint of epoch 2 is kept") == true)
        let ends = try train(2, broken, resume: true, settings: { _ in settings(4) }, task: make).map { try $0.get() }
        #expect(ends[0].resumedAt == 2)
        #expect(ends.map(\.weights) == expected.map(\.weights) && ends.map(\.best) == expected.map(\.best))
        #expect(ends.map(\.losses) == expected.map(\.losses))
    }

    @Test func `processes with other settings are refused everywhere`() throws {
        let folder = try TemporaryFolder()
        let ends = train(2, folder, settings: { settings(3 + $0) }, task: { try SmallTasks.perceptron() })
        for end in ends {
            let error = #expect(throws: NeuralError.self) { try end.get() }
            #expect(error?.code == .otherRun && error?.message.contains("Rank 1 trains something else") == true)
        }
        #expect(!FileSystem.exists(folder.file("model")))
    }

    @Test func `a loss that is no number in one process stops all, and each names its layer`() throws {
        let folder = try TemporaryFolder()
        let ends = train(
            2, folder, settings: { _ in settings() },
            task: {
                let task = try SmallTasks.perceptron()
                return Broken(task, after: 7)
            })
        for end in ends {
            let error = #expect(throws: NeuralError.self) { try end.get() }
            #expect(error?.code == .diverged && error?.message.contains("first at rank 1") == true)
            #expect(error?.message.contains("The checkpoint of epoch 1 is kept") == true)
        }
    }
}

/// Gives NaN at rank 1 after some batches.
private final class Broken: TrainingTask {
    private let task: PictureTask
    private var left: Int
    init(_ task: PictureTask, after batches: Int) { (self.task, left) = (task, batches) }
    var parameters: Parameters { task.parameters }
    var rule: any UpdateRule { task.rule }
    var batchCount: Int { task.batchCount }
    var fingerprint: String { task.fingerprint }
    var shard: Shard {
        get { task.shard }
        set { task.shard = newValue }
    }
    func begin(epoch: Int) throws { try task.begin(epoch: epoch) }
    func validate() throws -> Validation? { try task.validate() }
    func loss(ofBatch batch: Int) throws -> Tensor {
        left -= 1
        let loss = try task.loss(ofBatch: batch)
        return left < 0 && shard.rank == 1 ? try loss * .nan : loss
    }
    func layerNotFinite(inBatch batch: Int) throws -> String? { shard.rank == 1 ? "first" : nil }
}
