import Domain
import Encoders
import Foundation
import JSON
import Numerics
import Storage
import TestSupport
import Testing
import Torch
import VectorIndex

@testable import NeuralModels

@Suite struct EncoderJobTests {
    /// Words that are bought in pairs: a with b, c with d.
    static func pairs() -> TextPairs {
        let texts = ["a", "b", "c", "d", "a a", "b b", "c c", "d d"]
        func question(_ own: Int, _ answers: [Int]) -> TextPairs.Question {
            TextPairs.Question(query: texts[own], answers: answers, own: own)
        }
        let all = [[1, 5], [0, 4], [3, 7], [2, 6], [1, 5], [0, 4], [3, 7], [2, 6]]
        let questions = all.enumerated().map { question($0, $1) }
        return TextPairs(
            texts: texts,
            parts: [
                TextPairs.Part(kind: .baskets, training: questions, heldOut: questions),
                TextPairs.Part(
                    kind: .synthetic, training: [TextPairs.Question(query: "a b", answers: [0, 1])],
                    heldOut: [TextPairs.Question(query: "c d", answers: [2, 3])]),
            ])
    }

    static func job(_ folder: TemporaryFolder, _ name: String) throws -> EncoderJob {
        try TinyEncoder.write(to: folder.path)
        var job = EncoderJob(shop: "shops/corner", base: folder.path, folder: folder.file(name))
        (job.batch, job.pairs, job.frozenLayers) = (4, 32, 0)
        (job.settings.epochs, job.settings.patience, job.settings.rate) = (4, 4, 0.003)
        return job
    }

    @Test func `a run leaves an encoder that inference reads, with a card, figures and a report`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, "model")
        job.report = folder.file("reports/encoder.html")
        let result = try job.run(on: Self.pairs(), resume: false) { _, _ in }
        let written = try #require(result["folder"]?.stringValue)
        let artefact = try Artefact.open(
            folder: written, kind: SentenceEncoder.tunedKind, formatVersion: SentenceEncoder.tunedFormat,
            verify: .checksums)
        #expect(
            artefact.manifest.files.keys.sorted() == [
                "card.md", "config.json", "log.csv", "metrics.json", "model.safetensors", "vocab.txt",
            ])
        let metrics = artefact.manifest.metrics
        #expect(try #require(metrics["baskets_mrr"]) >= #require(metrics["baskets_mrr_before"]))
        #expect(metrics["baskets_questions"] == 8)
        let card = String(decoding: try artefact.read("card.md"), as: UTF8.self)
        #expect(card.contains("Nobody asked them") && card.contains("| baskets | 8 |"))
        let html = String(decoding: try FileSystem.read(folder.file("reports/encoder.html")), as: UTF8.self)
        #expect(html.contains("Held-out questions") && html.contains("Similar items"))

        // Inference reads what training wrote, and computes as training does.
        let encoder = try SentenceEncoder(folder: written)
        let network = try SentenceNetwork(folder: written, dropout: 0, seed: 9)
        let tokens = try WordPieceTokenizer(vocabulary: TinyEncoder.vocabulary).tokens(of: "a b c", limit: 16)
        let own = try network.vectors(of: [tokens], isTraining: false).floats()
        for (left, right) in zip(own, encoder.encode(["a b c"])) { #expect(abs(left - right) < 1e-4) }
        #expect(own != (try SentenceEncoder(folder: folder.path).encode(["a b c"])))
    }

    /// Makes numbers overflow behind this layer, though all weights are finite.
    static func overflow(_ parameters: Parameters, _ names: [String]) throws {
        for entry in parameters.entries where names.contains(entry.name) {
            let huge = [Float](repeating: 3e38, count: entry.tensor.count)
            try Runtime.withoutGradients { try entry.tensor.copy(from: try Tensor(huge, shape: entry.tensor.shape)) }
        }
    }

    @Test(arguments: [
        (["encoder.layer.1.output.dense.weight"], "encoder.layer.1"),
        (["encoder.layer.0.output.dense.bias", "encoder.layer.0.output.dense.weight"], "encoder.layer.0"),
    ])
    func `a loss that is no number names the layer`(weights: [String], layer: String) throws {
        let folder = try TemporaryFolder()
        let job = try Self.job(folder, "model")
        let task = try job.task(on: Self.pairs())
        try Self.overflow(task.parameters, weights)
        let trainer = try Trainer(task, job.settings, folder: job.folder)
        let error = #expect(throws: NeuralError.self) { try trainer.run(resume: false) { _ in } }
        #expect(
            error?.code == .diverged && error?.message.contains("infinity is \(layer).") == true,
            "\(error?.message ?? "")")
    }

    @Test func `a run that was stopped ends as one that was not`() throws {
        let folder = try TemporaryFolder()
        let whole = try Self.job(folder, "whole")
        let first = try whole.run(on: Self.pairs(), resume: false) { _, _ in }
        struct Stop: Error {}
        let stopped = try Self.job(folder, "stopped")
        #expect(throws: Stop.self) {
            var step = 0
            let task = try stopped.task(on: Self.pairs())
            let trainer = try Trainer(
                task, stopped.settings, folder: stopped.folder,
                write: { bytes, path in
                    step += 1
                    if step > 4 { throw Stop() }
                    try AtomicFile.write(bytes, to: path)
                })
            _ = try trainer.run(resume: false) { _ in }
        }
        let second = try stopped.run(on: Self.pairs(), resume: true) { _, _ in }
        func weights(_ result: String?) throws -> [UInt8] {
            try FileSystem.read(try #require(result) + "/model.safetensors")
        }
        #expect(try weights(first["folder"]?.stringValue) == weights(second["folder"]?.stringValue))
        var other = try Self.job(folder, "stopped")
        other.hard = 2
        let error = #expect(throws: NeuralError.self) {
            try other.run(on: Self.pairs(), resume: true) { _, _ in }
        }
        #expect(error?.code == .otherRun)
    }

    @Test func `a loss that is no number stops the run`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, "model")
        job.settings.rate = 1e30
        job.settings.schedule = .constant
        let error = #expect(throws: NeuralError.self) { try job.run(on: Self.pairs(), resume: false) { _, _ in } }
        #expect(error?.code == .diverged)
        #expect(try FileSystem.names(in: folder.file("model")).allSatisfy { Int($0) == nil })
    }

    @Test func `pairs that tell nothing and layers that are all frozen are refused`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, "model")
        var data = Self.pairs()
        data.parts = []
        #expect(throws: NeuralError.self) { try job.run(on: data, resume: false) { _, _ in } }
        job.frozenLayers = 2
        #expect(throws: NeuralError.self) { try job.run(on: Self.pairs(), resume: false) { _, _ in } }
    }

    @Test func `an encoder counts as better only beyond its interval, by queries of people, and worse on nothing`()
        throws
    {
        func difference(_ kind: TextPairs.Kind, by change: (Int) -> Double) throws -> RetrievalDifference {
            func scores(_ values: [Double]) -> RetrievalScores {
                RetrievalScores(kind, recalls: values, reciprocalRanks: values)
            }
            let before = [Double](repeating: 0.4, count: 60)
            return try #require(
                RetrievalDifference(
                    before: scores(before), after: scores(before.enumerated().map { $1 + change($0) })))
        }
        let gain = try difference(.queries) { 0.05 + ($0 % 2 == 0 ? 0.02 : 0) }
        let noise = try difference(.queries) { $0 % 2 == 0 ? 0.2 : -0.19 }
        let loss = try difference(.synthetic) { _ in -0.1 }
        let baskets = try difference(.baskets) { _ in 0.1 }
        #expect(TuningVerdict([gain, baskets]).isBetter)
        #expect(!TuningVerdict([noise, baskets]).isBetter)
        #expect(!TuningVerdict([baskets]).isBetter)
        #expect(!TuningVerdict([gain, loss]).isBetter)
        #expect(!TuningVerdict([]).isBetter)
    }

    @Test func `recall and reciprocal rank are those of the definition, without the text that asks`() {
        var columns = VectorColumns(width: 8)
        func plane(_ x: Float, _ y: Float) -> [Float] { [x, y, 0, 0, 0, 0, 0, 0] }
        for vector in [plane(1, 0), plane(0.99, 0.14), plane(0, 1), plane(0.7, 0.7), plane(-1, 0)] {
            columns.append(vector)
        }
        let questions = [
            TextPairs.Question(query: "", answers: [1, 4], own: 0), TextPairs.Question(query: "", answers: [3]),
        ]
        let scores = RetrievalScores(.baskets, questions, queries: plane(1, 0) + plane(0, 1), texts: columns)
        #expect(scores.recalls == [1, 1])
        #expect(scores.reciprocalRanks == [1, 0.5])
    }
}

@Suite struct TextPairsTests {
    @Test func `texts count as bought together more often than by chance, both ways`() {
        var counts = BasketCounts()
        for number in 0..<100 {
            // 0 and 1 always come together; 2 is in every basket.
            counts.add(number % 5 == 0 ? [0, 1, 2] : [2, 3])
        }
        let questions = counts.questions(leastTogether: 5, leastLift: 2)
        #expect(questions.map(\.own) == [0, 1])
        #expect(questions.map(\.answers) == [[1], [0]])
        #expect(counts.questions(leastTogether: 21, leastLift: 2).isEmpty)
    }

    @Test func `synthetic questions are words of texts, and those that measure are about others than those that train`()
    {
        let texts = (0..<60).map { "fresh item\($0)word kind\($0 % 7)name of the shop" }
        let plan = TextPairs.Plan()
        let made = SyntheticQueries.make(texts, plan: plan)
        #expect(!made.training.isEmpty && !made.heldOut.isEmpty)
        #expect(made.training.allSatisfy { !$0.answers.isEmpty && $0.answers == $0.answers.sorted() })
        #expect(made == SyntheticQueries.make(texts, plan: plan))
        let trained = Set(made.training.flatMap(\.answers))
        #expect(!trained.isEmpty && trained.count < texts.count)
    }

    @Test func `a shop's log gives queries and baskets, the newest days held out, simulated ones left out`() throws {
        let store = MemoryStore()
        let names = ["Milk", "Bread", "Beer", "Crisps"]
        let items = names.enumerated().map { number, name in Item(id: ItemID("i\(number)")!, title: name) }
        _ = try store.upsert(items)
        var events: [Event] = []
        let user = Pseudonym(String(repeating: "ab", count: 16))
        for day in 0..<60 {
            for (number, basket) in [[0, 1], [2, 3], [0], [2]].enumerated() {
                var event = Event(
                    id: "p\(day)-\(number)", name: .purchase,
                    time: Timestamp(milliseconds: Int64(day) * 86_400_000 + Int64(number)))
                event.user = user
                event.items = basket.map { EventItem(item: items[$0].id) }
                events.append(event)
            }
            var click = Event(
                id: "c\(day)", name: .selectItem, time: Timestamp(milliseconds: Int64(day) * 86_400_000))
            let isEven = day % 2 == 0
            click.query = isEven ? " Something to  DRINK" : "loaf"
            click.items = [EventItem(item: items[isEven ? 2 : 1].id)]
            events.append(click)
            click.id = "s\(day)"
            (click.query, click.isSynthetic) = ("simulated", true)
            events.append(click)
        }
        _ = try store.append(events)
        let pairs = try TextPairs(reading: store, plan: TextPairs.Plan(leastLift: 1.5))
        #expect(pairs.texts == names)
        let queries = try #require(pairs.parts.first { $0.kind == .queries })
        #expect(queries.heldOut.map(\.query) == ["loaf", "something to drink"])
        #expect(queries.training.map(\.answers) == [[1], [2]])
        let baskets = try #require(pairs.parts.first { $0.kind == .baskets })
        #expect(baskets.training.map(\.answers) == [[1], [0], [3], [2]])
        #expect(baskets.training.map(\.query) == names)
    }
}
