import Encoders
import Evaluation
import Foundation
import JSON
import Numerics
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

@Suite struct CrossEncoderTests {
    private static let texts = ["a b", "d c b a", "a a a b c d d d c", "e?", "", "b"]

    private static func job(_ folder: TemporaryFolder, _ name: String) throws -> CrossEncoderJob {
        try TinyEncoder.write(to: folder.path)
        var job = CrossEncoderJob(shop: "shops/corner", base: folder.path, folder: folder.file(name))
        (job.batch, job.questions, job.list, job.layers, job.dropout) = (4, 32, 4, 1, 0)
        (job.settings.epochs, job.settings.patience, job.settings.rate) = (4, 4, 0.003)
        return job
    }

    /// Questions that two texts answer and two words that do not go with them.
    private static func pairs(withQueries: Bool) -> TextPairs {
        var data = EncoderJobTests.pairs()
        let question = [
            TextPairs.Question(query: "a", answers: [1, 5]), TextPairs.Question(query: "c", answers: [3, 7]),
        ]
        if withQueries { data.parts.append(.init(kind: .queries, training: question, heldOut: question)) }
        return data
    }

    @Test func `scores are those of the network without libtorch within 1e-4, in a batch and alone`() throws {
        let folder = try TemporaryFolder()
        try TinyEncoder.write(to: folder.path)
        for layers in [1, 2] {
            let network = try CrossEncoderNetwork(folder: folder.path, layers: layers, dropout: 0.5, seed: 4)
            let target = folder.file("cross\(layers)")
            try Self.write(network, layers: layers, to: target)
            let tokenizer = try WordPieceTokenizer(vocabulary: TinyEncoder.vocabulary)
            let pairs = Self.texts.map { tokenizer.crossPair("c a", $0, network.shape) }
            #expect(pairs.allSatisfy { $0.tokens.count <= TinyEncoder.positions && $0.firstCount == 4 })
            let expected = try network.scores(of: pairs, isTraining: false).floats()
            let encoder = try CrossEncoder(folder: target)
            let own = encoder.scores("c a", Self.texts)
            #expect(own.count == Self.texts.count && encoder.shape.layers == layers)
            for (left, right) in zip(own, expected) { #expect(abs(left - right) < 1e-4) }
            for (text, right) in zip(Self.texts, expected) {
                #expect(abs(encoder.scores("c a", [text])[0] - right) < 1e-4)
            }
            // The types of the two texts count: the same words the other way round are another pair.
            #expect(abs(encoder.scores("a b", ["d c"])[0] - encoder.scores("a b d", ["c"])[0]) > 1e-6)
            #expect(encoder.scores("a", []).isEmpty)
        }
    }

    @Test func `8-bit weights change scores little`() throws {
        let folder = try TemporaryFolder()
        try TinyEncoder.write(to: folder.path)
        try Self.write(
            try CrossEncoderNetwork(folder: folder.path, layers: 2, dropout: 0, seed: 4), layers: 2,
            to: folder.file("c"))
        let (full, small) = (
            try CrossEncoder(folder: folder.file("c")), try CrossEncoder(folder: folder.file("c"), isRounded: true)
        )
        let (left, right) = (full.scores("a", Self.texts), small.scores("a", Self.texts))
        #expect(left != right)
        for (one, other) in zip(left, right) { #expect(abs(one - other) < 0.02) }
    }

    @Test func `a run leaves a network that inference reads, and says that cosines taught it`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, "model")
        job.report = folder.file("reports/cross.html")
        let result = try job.run(on: Self.pairs(withQueries: false), resume: false) { _, _ in }
        let written = try #require(result["folder"]?.stringValue)
        let artefact = try Artefact.open(
            folder: written, kind: CrossEncoder.kind, formatVersion: CrossEncoder.format, verify: .checksums)
        #expect(artefact.manifest.metrics["distilled"] == 1)
        #expect(artefact.manifest.metrics["better"] == 0)
        let agreement = try #require(artefact.manifest.metrics["synthetic_agreement"])
        #expect((0...1).contains(agreement))
        let card = String(decoding: try artefact.read("card.md"), as: UTF8.self)
        #expect(card.contains("distillation") && card.contains("Nobody judged them") && !card.contains("| baskets"))
        #expect(FileSystem.exists(folder.file("reports/cross.html")))
        let encoder = try CrossEncoder(folder: written)
        #expect(encoder.shape.layers == 1)
        let scores = encoder.scores("a b", ["c", "d"])
        #expect(scores.count == 2 && scores.allSatisfy { $0.isFinite })
    }

    @Test func `queries of the log teach answers alone, and a list learns to put them first`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, "model")
        (job.settings.epochs, job.settings.patience, job.kinds) = (12, 12, ["queries"])
        job.settings.rate = 0.01
        let data = Self.pairs(withQueries: true)
        let task = try job.task(on: data)
        #expect(task.lessons == [.answers(0)])
        let result = try job.run(on: data, resume: false) { _, _ in }
        #expect(result["distilled"]?.doubleValue == 0)
        #expect(try #require(result["queries_mrr"]?.doubleValue) == 1)
        let written = try #require(result["folder"]?.stringValue)
        let cases = try MeasuredCases(parsing: FileSystem.read(written + "/" + MeasuredCases.file))
        #expect(cases.figure == "MRR on queries")
        #expect(cases.values == [MeasuredCases.key("a".utf8): 1, MeasuredCases.key("c".utf8): 1])
        job.kinds = ["distillation"]
        #expect(try job.task(on: data).lessons == [.distillation(0)])
        job.kinds = nil
        #expect(try job.task(on: data).lessons == [.answers(0), .answers(1)])
    }

    @Test(arguments: [("encoder.layer.0.output.dense.weight", "encoder.layer.0"), ("classifier.weight", "classifier")])
    func `a loss that is no number names the layer`(weight: String, layer: String) throws {
        let folder = try TemporaryFolder()
        let job = try Self.job(folder, "model")
        let task = try job.task(on: Self.pairs(withQueries: false))
        try EncoderJobTests.overflow(task.parameters, [weight])
        let trainer = try Trainer(task, job.settings, folder: job.folder)
        let error = #expect(throws: NeuralError.self) { try trainer.run(resume: false) { _ in } }
        #expect(
            error?.code == .diverged && error?.message.contains("infinity is \(layer).") == true,
            "\(error?.message ?? "")")
    }

    @Test func `a run that was stopped ends as one that was not`() throws {
        let folder = try TemporaryFolder()
        let whole = try Self.job(folder, "whole")
        let first = try whole.run(on: Self.pairs(withQueries: false), resume: false) { _, _ in }
        var stopped = try Self.job(folder, "stopped")
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            var step = 0
            let trainer = try Trainer(
                try stopped.task(on: Self.pairs(withQueries: false)), stopped.settings, folder: stopped.folder,
                write: { bytes, path in
                    step += 1
                    if step > 4 { throw Stop() }
                    try AtomicFile.write(bytes, to: path)
                })
            _ = try trainer.run(resume: false) { _ in }
        }
        let second = try stopped.run(on: Self.pairs(withQueries: false), resume: true) { _, _ in }
        func weights(_ result: JSONValue) throws -> [UInt8] {
            try FileSystem.read(try #require(result["folder"]?.stringValue) + "/model.safetensors")
        }
        #expect(try weights(first) == weights(second))
        stopped.list = 3
        let error = #expect(throws: NeuralError.self) {
            try stopped.run(on: Self.pairs(withQueries: false), resume: true) { _, _ in }
        }
        #expect(error?.code == .otherRun)
    }

    @Test func `more layers than there are, no pairs and answers that are all texts are refused`() throws {
        let folder = try TemporaryFolder()
        var job = try Self.job(folder, "model")
        func refused(_ data: TextPairs) -> NeuralError? {
            #expect(throws: NeuralError.self) { try job.run(on: data, resume: false) { _, _ in } }
        }
        var data = Self.pairs(withQueries: true)
        data.parts = data.parts.map { part in
            var part = part
            part.training[0].answers = Array(0..<8)
            return part
        }
        #expect(refused(data)?.code == .badData)
        data.parts = []
        #expect(refused(data)?.code == .badData)
        job.layers = 3
        #expect(refused(Self.pairs(withQueries: true))?.message.contains("2 layers") == true)
    }

    @Test func `agreement is the share of pairs in the given order, ties half`() {
        #expect(CrossTask.agreement([3, 2, 1]) == 1)
        #expect(CrossTask.agreement([1, 2, 3]) == 0)
        #expect(CrossTask.agreement([2, 2, 3]) == 0.5 / 3)
        #expect(CrossTask.agreement([1]) == 1)
    }

    private static func write(_ network: CrossEncoderNetwork, layers: Int, to folder: String) throws {
        try FileSystem.makeFolder(folder)
        var writer = SafetensorsWriter()
        for entry in network.parameters.entries + network.parameters.frozen {
            writer.add(entry.name, try entry.tensor.floats(), shape: entry.tensor.shape)
        }
        try AtomicFile.write(writer.encoded(), to: folder + "/model.safetensors")
        let config = TinyEncoder.config.replacingOccurrences(
            of: "\"num_hidden_layers\":2", with: "\"num_hidden_layers\":\(layers)")
        try AtomicFile.write(Array(config.utf8), to: folder + "/config.json")
        try AtomicFile.write(TinyEncoder.vocabulary, to: folder + "/vocab.txt")
    }
}
