import Foundation
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

@Suite struct TrainerTests {
    private struct DiskFull: Error {}

    private func task(seed: UInt64 = 1, rate: Double = 0.01, dropout: Double = 0.2) throws -> PictureTask {
        let parameters = try Parameters(seed: seed)
        let network = Network([
            ("first", try Linear(parameters, "first", inputs: 64, outputs: 6)), ("sigmoid", Activation.sigmoid),
            ("dropout", Dropout(parameters, rate: dropout)),
            ("classes", try Linear(parameters, "classes", inputs: 6, outputs: 2)),
        ])
        return PictureTask(
            PictureClassifier(
                name: "tiny", parameters: parameters, network: network, input: .rows),
            training: TinyPictures.make(90, seed: 1), heldOut: TinyPictures.make(40, seed: 2), rule: Adam(), batch: 16,
            augmentation: Augmentation(shift: 1, mirrors: true, cutout: 2), smoothing: 0.05, seed: seed)
    }

    private func settings(epochs: Int = 4) -> TrainingSettings {
        TrainingSettings(
            epochs: epochs, patience: 10, rate: 0.02, schedule: .oneCycle(peak: 0.3), clip: 1, averaging: 0.9)
    }

    private func weights(_ task: PictureTask) throws -> [[Float]] {
        try task.parameters.entries.map { try $0.tensor.floats() }
    }

    @Test func `a run that stops between epochs and is resumed ends with the same bits`() throws {
        let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
        let uninterrupted = try task()
        let outcome = try Trainer(uninterrupted, settings(), folder: whole.path).run(resume: false) { _ in }
        var count = 0
        let interrupted = try Trainer(try task(), settings(), folder: broken.path) { bytes, path in
            count += 1
            if count > 4 { throw DiskFull() }
            try AtomicFile.write(bytes, to: path)
        }
        #expect(throws: DiskFull.self) { try interrupted.run(resume: false) { _ in } }
        let resumed = try task()
        var (epochs, begun): ([Int], [[Int]]) = ([], [])
        let second = try Trainer(resumed, settings(), folder: broken.path).run(resume: true) { event in
            if case .resumed(let epoch) = event { epochs.append(epoch) }
            if case .begun(let done, let total) = event { begun.append([done, total]) }
        }
        #expect(epochs == [2] && begun == [[12, 24]])
        #expect(try weights(resumed) == weights(uninterrupted))
        #expect(second.history.map(\.trainingLoss) == outcome.history.map(\.trainingLoss))
        #expect(second.history.map(\.validation) == outcome.history.map(\.validation))
        #expect(second.bestEpoch == outcome.bestEpoch)
    }

    @Test func `the same seed gives the same weights and another seed others`() throws {
        func trained(_ seed: UInt64) throws -> [[Float]] {
            let folder = try TemporaryFolder()
            let task = try task(seed: seed)
            _ = try Trainer(task, settings(epochs: 1), folder: folder.path).run(resume: false) { _ in }
            return try weights(task)
        }
        let first = try trained(1)
        #expect(try trained(1) == first)
        #expect(try trained(2) != first)
    }

    @Test func `a disk that fills keeps the earlier checkpoint`() throws {
        let folder = try TemporaryFolder()
        var count = 0
        let trainer = try Trainer(try task(), settings(), folder: folder.path) { bytes, path in
            count += 1
            if count == 3 { throw StorageError(.full, "Writing \(path): the disk is full.") }
            try AtomicFile.write(bytes, to: path)
        }
        let error = #expect(throws: StorageError.self) { try trainer.run(resume: false) { _ in } }
        #expect(error?.code == .full)
        let log = try String(decoding: FileSystem.read(folder.file("log.csv")), as: UTF8.self)
        #expect(log.split(separator: "\n").count == 2)
        let again = try Trainer(try task(), settings(epochs: 4), folder: folder.path)
        var resumedAt = 0
        _ = try again.run(resume: true) { if case .resumed(let epoch) = $0 { resumedAt = epoch } }
        #expect(resumedAt == 1)
    }

    @Test func `a loss that is no number stops the run, names the layer and keeps the last checkpoint`() throws {
        let folder = try TemporaryFolder()
        let task = try task()
        let trainer = try Trainer(task, settings(), folder: folder.path)
        let bias = try #require(task.parameters.entries.first { $0.name == "classes.bias" })
        let error = #expect(throws: NeuralError.self) {
            try trainer.run(resume: false) { event in
                guard case .epoch(let record, _) = event, record.epoch == 2 else { return }
                Runtime.withoutGradients {
                    // The shapes are equal.
                    try? bias.tensor.copy(from: try Tensor([.nan, 0] as [Float], shape: [2]))
                }
            }
        }
        #expect(error?.code == .diverged)
        #expect(error?.message.contains("classes.bias") == true && error?.message.contains("epoch 2 is kept") == true)
        var resumedAt = 0
        let again = try Trainer(try self.task(), settings(), folder: folder.path)
        _ = try again.run(resume: true) { if case .resumed(let epoch) = $0 { resumedAt = epoch } }
        #expect(resumedAt == 2)
    }

    @Test func `a checkpoint of other settings, and one that is damaged, are refused`() throws {
        let folder = try TemporaryFolder()
        let trainer = try Trainer(try task(), settings(epochs: 1), folder: folder.path)
        _ = try trainer.run(resume: false) { _ in }
        let other = try Trainer(try task(), settings(epochs: 2), folder: folder.path)
        let error = #expect(throws: NeuralError.self) { try other.run(resume: true) { _ in } }
        #expect(error?.code == .otherRun)
        let changes: [(inout TrainingSettings) -> Void] = [
            { $0.clip = nil }, { $0.clip = 2 }, { $0.penalty = .init(l2: 1e-3) }, { $0.penalty = .init(l1: 1e-3) },
            { $0.schedule = .constant }, { $0.rate = 0.01 }, { $0.averaging = 0 },
        ]
        for change in changes {
            var changed = settings(epochs: 1)
            change(&changed)
            let other = try Trainer(try task(), changed, folder: folder.path)
            let error = #expect(throws: (any Error).self) { try other.run(resume: true) { _ in } }
            #expect((error as? NeuralError)?.code == .otherRun)
        }
        let whole = try FileSystem.read(trainer.checkpointPath)
        for count in [0, 5, 8, 200, whole.count - 1] {
            try AtomicFile.write(Array(whole[..<count]), to: trainer.checkpointPath)
            let again = try Trainer(try task(), settings(epochs: 1), folder: folder.path)
            #expect(throws: (any Error).self) { try again.run(resume: true) { _ in } }
        }
    }

    @Test func `training stops when patience ends and the best epoch is kept`() throws {
        let folder = try TemporaryFolder()
        let task = try task()
        var settings = settings(epochs: 50)
        settings.patience = 3
        let outcome = try Trainer(task, settings, folder: folder.path).run(resume: false) { _ in }
        #expect(outcome.stoppedEarly && outcome.history.count == outcome.bestEpoch + 3)
        #expect(try task.validate() == outcome.history[outcome.bestEpoch - 1].validation)
    }
}
