import Foundation
import JSON
import Numerics
import Storage
import TestSupport
import Testing
import Torch

@testable import Evaluation
@testable import NeuralModels

@Suite struct SequenceJobTests {
    private static let tiny = SequenceShape(width: 16, layers: 1, heads: 2, inner: 16, length: 8)

    /// People walk over 20 items in steps of one, from a random item: the next item follows from the last alone.
    private static func histories(_ count: Int, seed: UInt64) -> [[Int32]] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let (first, length) = (Int32.random(in: 0..<20, using: &random), Int.random(in: 3...12, using: &random))
            return (0..<length).map { (first + Int32($0)) % 20 }
        }
    }

    private static func write(_ histories: [[Int32]], to path: String) throws {
        let lines = histories.enumerated().map { "u\($0) " + $1.map { "i\($0 + 10)" }.joined(separator: " ") + "\n" }
        try AtomicFile.write(Array(lines.joined().utf8), to: path)
    }

    private static func job(
        _ folder: TemporaryFolder, _ model: SequenceJob.Model = .init(.sasrec, tiny)
    ) throws -> SequenceJob {
        try write(histories(150, seed: 1), to: folder.file("data.txt"))
        var job = SequenceJob(model, data: folder.file("data.txt"), folder: folder.file("model"))
        (job.positions, job.negatives) = (64, 0)
        (job.inputDropout, job.dropout) = (0.1, 0.1)
        job.settings.epochs = 8
        job.settings.rate = 0.01
        return job
    }

    private static let vocabulary = SequenceVocabulary(items: 20, mask: 20, padding: 21)

    @Test func `batches hold every step of every history once, and little padding`() throws {
        let histories = Self.histories(90, seed: 3) + [[5]]
        var random = SeededGenerator(seed: 4)
        let batches = SequenceBatches(
            histories, SequenceRecipe(length: 8, vocabulary: Self.vocabulary), positions: 40, using: &random)
        #expect(batches.people.flatMap(\.self).sorted() == Array(0..<90))
        var (steps, places) = (0, 0)
        for (number, people) in batches.people.enumerated() {
            let batch = batches.batch(number)
            let inputs = batch.inputs
            #expect(inputs.count <= 40 || people.count == 1)
            let told = batch.places.map { inputs[Int($0)] }
            // An item is followed by the next one in these histories.
            #expect(batch.targets == told.map { ($0 + 1) % 20 })
            steps += told.count
            places += inputs.count
        }
        #expect(steps == histories.reduce(0) { $0 + min(8, $1.count - 1) })
        #expect(Double(places) < 1.1 * Double(steps))
    }

    @Test func `ranking agrees with sorting all scores`() throws {
        var random = SeededGenerator(seed: 5)
        let histories = (0..<40).map { _ in (0..<Int.random(in: 2...6, using: &random)).map { _ in item(&random) } }
        let targets = histories.map { _ in item(&random) }
        let set = try SequenceSet(histories: histories, targets: targets, itemCount: 30)
        let network = try AttentionNetwork(
            .sasrec, itemCount: 30, shape: Self.tiny, inputDropout: 0.3, dropout: 0.3, seed: 2)
        var gain = 0.0
        for (history, target) in zip(histories, targets) {
            let states = try network.states(
                after: try Tensor(history.map { Int64($0) }, shape: [1, history.count]), isTraining: false)
            let scores = try states.reshaped([-1, 16]).linear(weight: try network.outputs(of: nil), bias: nil).floats()
                .suffix(30)
            let ranked = scores.enumerated().sorted { ($1.element, $0.offset) < ($0.element, $1.offset) }
                .map { Int32($0.offset) }.filter { set.known.contains($0) && !history.contains($0) }
            if let rank = ranked.prefix(10).firstIndex(of: target) { gain += 1 / log2(Double(rank) + 2) }
        }
        let measured = try NextItemRanking(network, set, known: set.known)
            .measure(try #require(set.questions))
        #expect(gain > 0 && abs(measured.ndcg - gain / 40) < 1e-12)
    }

    private func item(_ random: inout SeededGenerator) -> Int32 { Int32.random(in: 0..<25, using: &random) }

    @Test(arguments: SequenceKind.allCases, [0, 12])
    func `it learns what follows what, and leaves two artefacts`(kind: SequenceKind, negatives: Int) throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, .init(kind, Self.tiny))
        job.negatives = negatives
        // A cloze asks for a part of the items alone, so it takes longer.
        if kind.isCloze { (job.settings.epochs, job.hiddenShare) = (24, 0.3) }
        job.report = folder.file("reports/report.html")
        let result = try job.run(resume: false) { _, _ in }
        #expect(try #require(result["validation_ndcg@10"]?.doubleValue) > 0.9)
        for (name, path) in [("folder", "/model/1"), ("choosing", "/model/choosing/1")] {
            let written = try #require(result[name]?.stringValue)
            #expect(written.hasSuffix(path))
            let artefact = try Artefact.open(
                folder: written, kind: kind.rawValue, formatVersion: ModelArtefact.formatVersion, verify: .checksums)
            #expect(
                artefact.manifest.files.keys.sorted() == [
                    "card.md", "items.txt", "log.csv", "metrics.json", "shape.json", "weights.safetensors",
                ])
            let items = String(decoding: try artefact.read("items.txt"), as: UTF8.self).split(separator: "\n")
            #expect(items.count == 20 && items.first == "i10" && items.last == "i29")
            #expect(try JSONValue(parsing: artefact.read("shape.json"))["length"]?.integerValue == 8)
        }
        let html = try String(decoding: FileSystem.read(folder.file("reports/report.html")), as: UTF8.self)
        #expect(html.contains("NDCG@10 on the last item but one") && html.contains("<svg"))
    }

    @Test(arguments: [SequenceKind.sasrec, .gru4rec]) func `it learns by pairs too, which need drawn items`(
        kind: SequenceKind
    ) throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, .init(kind, Self.tiny))
        job.loss = .bpr
        let error = #expect(throws: NeuralError.self) { try job.run(resume: false) { _, _ in } }
        #expect(error?.message.contains("--negatives") == true)
        job.negatives = 12
        let result = try job.run(resume: false) { _, _ in }
        #expect(try #require(result["validation_ndcg@10"]?.doubleValue) > 0.8)
    }

    @Test func `the loss of pairs is the mean of -log σ of differences, and 0 against itself`() throws {
        let task = try SmallTasks.sasrec(.pairs(drawn: 3))
        let rows: [Float] = (0..<32).map { sin(Float($0)) }
        let states = try Tensor(rows, shape: [2, 16])
        let (targets, drawn): ([Int64], [Int64]) = ([4, 7], [7, 1, 2])
        let loss = try task.pairLoss(states, try Tensor(targets, shape: [2]), drawn: drawn).item()
        let vectors = try task.network.outputs(of: nil).floats()
        func score(_ row: Int, _ item: Int64) -> Double {
            (0..<16).reduce(0) { $0 + Double(rows[row * 16 + $1] * vectors[Int(item) * 16 + $1]) }
        }
        var sum = 0.0
        for (row, target) in targets.enumerated() {
            for item in drawn where item != target { sum += log(1 + exp(score(row, item) - score(row, target))) }
        }
        #expect(abs(loss - sum / 6) < 1e-5)
    }

    @Test func `last items that change places between people change no byte`() throws {
        var weights: [[UInt8]] = []
        for isExchanged in [false, true] {
            let folder = try TemporaryFolder()
            let job = try Self.job(folder)
            var histories = Self.histories(150, seed: 1)
            if isExchanged {
                let last = histories.map { $0[$0.count - 1] }
                for person in histories.indices {
                    histories[person][histories[person].count - 1] = last[(person + 1) % last.count]
                }
            }
            try Self.write(histories, to: job.data)
            let result = try job.run(resume: false) { _, _ in }
            weights.append(try FileSystem.read(try #require(result["folder"]?.stringValue) + "/weights.safetensors"))
        }
        #expect(weights[0] == weights[1])
    }

    @Test func `a run that stops between epochs is resumed with the same bits`() throws {
        struct Stopped: Error {}
        let (whole, broken) = (try TemporaryFolder(), try TemporaryFolder())
        let expected = try Self.job(whole).run(resume: false) { _, _ in }
        let job = try Self.job(broken)
        let stopping = try Trainer(
            try Self.task(job), job.settings, folder: job.folder + "/choosing"
        ) { bytes, path in
            let isFourth = path.hasSuffix("log.csv") && bytes.filter { $0 == 0x0A }.count > 4
            if isFourth { throw Stopped() }
            try AtomicFile.write(bytes, to: path)
        }
        #expect(throws: Stopped.self) { try stopping.run(resume: false) { _ in } }
        var resumedAt: [Int] = []
        let result = try job.run(resume: true) { _, event in
            if case .resumed(let epoch) = event { resumedAt.append(epoch) }
        }
        #expect(resumedAt == [4])
        for name in ["folder", "choosing"] {
            let paths = try [expected, result].map { try #require($0[name]?.stringValue) + "/weights.safetensors" }
            #expect(try FileSystem.read(paths[0]) == FileSystem.read(paths[1]))
        }
    }

    private static func task(_ job: SequenceJob) throws -> NextItemTask {
        let set = try SequenceSet.choosing(try SequenceEvaluation.readData(path: job.data))
        return try job.task(on: set, seed: job.settings.seed)
    }

    @Test func `files without users or with nothing to learn, and heads that do not fit, are refused`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder)
        for text in ["", "a 1\n", "a 1 2\nb 2 1\n", "a 1 2 3\na 1 2 3\n"] {
            try AtomicFile.write(Array(text.utf8), to: job.data)
            #expect(throws: (any Error).self, "\(text)") { try job.run(resume: false) { _, _ in } }
        }
        job = try Self.job(folder, .init(.sasrec, .init(width: 16, layers: 1, heads: 3)))
        let error = #expect(throws: NeuralError.self) { try job.run(resume: false) { _, _ in } }
        #expect(error?.message.contains("3 heads") == true)
    }

    @Test func `a learning rate beyond reason stops with the layer's name`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder)
        job.settings.rate = 1e30
        let error = #expect(throws: NeuralError.self) { try job.run(resume: false) { _, _ in } }
        #expect(error?.code == .diverged)
    }
}
