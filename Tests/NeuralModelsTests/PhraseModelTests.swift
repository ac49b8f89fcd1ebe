import Foundation
import JSON
import Meaning
import Numerics
import Storage
import TestSupport
import Testing
import Torch

@testable import Encoders
@testable import NeuralModels

@Suite struct PhraseModelTests {
    private static let names = ["apple juice", "apple sauce", "frozen peas", "frozen pizza", "baby food", "dog food"]

    /// A network with weights far from their first values, as an artefact.
    private static func write(
        _ folder: TemporaryFolder, _ kind: PhraseModel.Kind
    ) throws -> (network: PhraseTransformer, model: PhraseModel, path: String) {
        let table = LetterTable(of: names)
        let shape = PhraseModel.Shape(width: 32, blocks: 2, heads: 2, inner: 48, length: 16)
        let network = try PhraseTransformer(kind, letterCount: table.count, shape: shape, dropout: 0.5, seed: 4)
        var random = SeededGenerator(seed: 7)
        try Runtime.withoutGradients {
            for entry in network.parameters.entries {
                let noise = (0..<entry.tensor.count).map { _ in Float(random.unit() - 0.5) }
                try entry.tensor.add(try Tensor(noise, shape: entry.tensor.shape))
            }
        }
        let content = ModelArtefact.Content(
            kind: kind.rawValue, seed: 4, inputs: [:], metrics: [:], figures: .object([]), card: "",
            files: [
                (name: PhraseModel.shapeFile, bytes: shape.bytes),
                (name: PhraseModel.lettersFile, bytes: Array(String(String.UnicodeScalarView(table.letters)).utf8)),
            ])
        let path = try ModelArtefact.write(
            content, parameters: network.parameters,
            outcome: Trainer.Outcome(history: [], bestEpoch: 0, stoppedEarly: false, settings: ""), parent: folder.path)
        return (network, try PhraseModel(folder: path), path)
    }

    private static func tensor(_ numbers: [[Int]]) throws -> Tensor {
        try Tensor(numbers.joined().map { Int64($0) }, shape: [numbers.count, numbers[0].count])
    }

    @Test(arguments: PhraseModel.Kind.allCases)
    func `scores letter by letter are those of libtorch for the whole within 1e-4, beside padding too`(
        kind: PhraseModel.Kind
    ) throws {
        let folder = try TemporaryFolder()
        let (network, model, _) = try Self.write(folder, kind)
        #expect(model.kind == kind && model.letters.count == LetterTable.first + 19)
        let sources = ["aple juce", "frozen p"].map { model.letters.numbers(of: $0) }
        let padded = [sources[0], sources[1] + [LetterTable.padding]]
        let targets = ["apple juice", "frozen peas"].map { [LetterTable.start] + model.letters.numbers(of: $0) }
        let expected = try network.scores(
            source: kind == .rewriter ? try Self.tensor(padded) : nil, target: try Self.tensor(targets),
            isTraining: false
        ).floats()
        let (length, count) = (targets[0].count, model.letters.count)
        for (number, target) in targets.enumerated() {
            let memory = model.memory(of: sources[number])
            var caches = [PhraseModel.Cache(blocks: 2)]
            for (place, letter) in target.enumerated() {
                let scores = model.scores(after: [letter], at: place, &caches, memory: memory)
                let start = (number * length + place) * count
                #expect(scores.contains { abs($0) > 0.3 })
                #expect(zip(scores, expected[start..<start + count]).allSatisfy { abs($0 - $1) < 1e-4 }, "\(place)")
            }
        }
    }

    @Test(arguments: PhraseModel.Kind.allCases)
    func `a wide beam finds what writing out every phrase finds, and a beam of one the likeliest letters`(
        kind: PhraseModel.Kind
    ) throws {
        let folder = try TemporaryFolder()
        let (_, model, _) = try Self.write(folder, kind)
        let found = model.candidates(for: "app", limit: 4, beam: 400)
        #expect(found.count == 4 && Set(found.map(\.text)).count == 4)
        #expect(zip(found, found.dropFirst()).allSatisfy { $0.logProbability >= $1.logProbability })
        #expect(kind == .rewriter || found.allSatisfy { $0.text.hasPrefix("app") })
        let source = model.letters.numbers(of: "app")
        for one in found {
            // The probability of a phrase is the product of those of its letters and its end.
            let text = model.letters.numbers(of: one.text)
            let memory = model.memory(of: source)
            var caches = [PhraseModel.Cache(blocks: 2)]
            var sum = 0.0
            for (place, letter) in ([LetterTable.start] + text).enumerated() {
                let scores = model.scores(after: [letter], at: place, &caches, memory: memory).map(Double.init)
                guard kind == .rewriter || place >= source.count else { continue }
                let next = place < text.count ? text[place] : LetterTable.end
                sum += scores[next] - log(scores.reduce(0) { $0 + exp($1) })
            }
            #expect(abs(sum - Double(one.logProbability)) < 1e-3)
        }
        let greedy = model.candidates(for: "app", limit: 1, beam: 1)
        #expect(greedy.allSatisfy { $0.logProbability <= found[0].logProbability + 1e-4 })
        #expect(model.candidates(for: "", limit: 3).isEmpty)
        #expect(model.candidates(for: String(repeating: "a", count: 16), limit: 3).isEmpty)
        #expect(model.candidates(for: "ß鱼", limit: 1).count <= 1)
    }

    @Test(arguments: PhraseModel.Kind.allCases)
    func `folders that are damaged, changed or of another kind are refused`(kind: PhraseModel.Kind) throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, kind).path
        let good = try Artefact(folder: path, verify: .checksums)
        func rewritten(_ name: String, _ bytes: [UInt8], kind name2: String) throws -> String {
            let target = folder.file(UUID().uuidString)
            var writer = try ArtefactWriter(folder: target, kind: name2, formatVersion: 1, creator: "test", seed: 1)
            for file in [PhraseModel.weightsFile, PhraseModel.shapeFile, PhraseModel.lettersFile] {
                try writer.add(file, file == name ? bytes : try good.read(file))
            }
            return try writer.finish().folder
        }
        let shape = String(decoding: try good.read(PhraseModel.shapeFile), as: UTF8.self)
        let own = kind.rawValue
        let wrong = [
            try rewritten("shape.json", Array(shape.replacing(#""width":32"#, with: #""width":64"#).utf8), kind: own),
            try rewritten("shape.json", Array(shape.replacing(#""heads":2"#, with: #""heads":8"#).utf8), kind: own),
            try rewritten("shape.json", Array(shape.replacing(#""blocks":2"#, with: #""blocks":3"#).utf8), kind: own),
            try rewritten("shape.json", Array("{".utf8), kind: own),
            try rewritten("letters.txt", Array("aa".utf8), kind: own),
            try rewritten("letters.txt", [], kind: own), try rewritten("letters.txt", Array("abc".utf8), kind: own),
            try rewritten("weights.safetensors", Array(try good.read("weights.safetensors").prefix(900)), kind: own),
            try rewritten("", [], kind: "cnn"), folder.file("nowhere"),
        ]
        for target in wrong { #expect(throws: (any Error).self) { try PhraseModel(folder: target) } }
        let other: PhraseModel.Kind = kind == .rewriter ? .suggester : .rewriter
        #expect(throws: StorageError.self) { try PhraseModel(other, folder: path) }
    }
}

@Suite struct PhraseJobTests {
    private static let phrases = ShopPhrases(
        (0..<60).map {
            "\(["fresh", "frozen", "dried"][$0 % 3]) \(["peas", "corn", "fish", "plums"][$0 % 4]) \($0 / 12)"
        })

    private static func job(_ model: PhraseJob.Model, _ folder: TemporaryFolder, _ name: String) -> PhraseJob {
        var job = PhraseJob(model, shop: "shop", folder: folder.file(name))
        (job.width, job.heads, job.layers, job.batch, job.examples) = (16, 2, 1, 16, 64)
        job.settings.epochs = 3
        job.report = folder.file("report.html")
        return job
    }

    @Test(arguments: [PhraseJob.Model.rewriter, .suggester])
    func `a job leaves a model that loads, and a run that was stopped ends as one that was not`(
        model: PhraseJob.Model
    ) throws {
        let folder = try TemporaryFolder()
        let whole = Self.job(model, folder, "whole")
        let first = try whole.run(on: Self.phrases, resume: false) { _ in }
        let path = try #require(first["folder"]?.stringValue)
        let loaded = try PhraseModel(folder: path)
        #expect(loaded.kind.rawValue == model.rawValue && loaded.seed == 1)
        #expect(try FileSystem.names(in: path).contains("card.md"))
        let html = String(
            decoding: try FileSystem.read(folder.file("report.html"), maximumBytes: 1 << 24), as: UTF8.self)
        #expect(html.contains("Loss of a letter"))
        struct Stop: Error {}
        let stopped = Self.job(model, folder, "stopped")
        #expect(throws: Stop.self) {
            var writes = 0
            let trainer = try Trainer(
                try stopped.task(on: Self.phrases).task, stopped.settings, folder: stopped.folder,
                write: { bytes, target in
                    writes += 1
                    if writes > 2 { throw Stop() }
                    try AtomicFile.write(bytes, to: target)
                })
            _ = try trainer.run(resume: false) { _ in }
        }
        let second = try stopped.run(on: Self.phrases, resume: true) { _ in }
        let other = try #require(second["folder"]?.stringValue)
        #expect(
            try FileSystem.read(path + "/weights.safetensors", maximumBytes: 1 << 24)
                == FileSystem.read(other + "/weights.safetensors", maximumBytes: 1 << 24))
        var changed = stopped
        changed.examples = 65
        let error = #expect(throws: NeuralError.self) {
            try changed.run(on: Self.phrases, resume: true) { _ in }
        }
        #expect(error?.code == .otherRun)
    }

    @Test func `a network learns to go on with what it has seen`() throws {
        let folder = try TemporaryFolder()
        var job = Self.job(.suggester, folder, "model")
        (job.examples, job.settings.epochs, job.settings.rate, job.dropout) = (256, 12, 0.01, 0)
        let result = try job.run(on: Self.phrases, resume: false) { _ in }
        let model = try PhraseModel(folder: try #require(result["folder"]?.stringValue))
        let found = model.candidates(for: "froz", limit: 5)
        #expect(found.count { $0.text.hasPrefix("frozen ") } >= 4, "\(found)")
    }

    @Test func `a loss that is no number, too few phrases and uneven heads stop the job`() throws {
        let folder = try TemporaryFolder()
        var job = Self.job(.rewriter, folder, "model")
        job.settings.rate = 1e30
        job.settings.schedule = .constant
        var error = #expect(throws: NeuralError.self) { try job.run(on: Self.phrases, resume: false) { _ in } }
        #expect(error?.code == .diverged)
        error = #expect(throws: NeuralError.self) {
            try job.run(on: ShopPhrases(["apple", "pear"]), resume: false) { _ in }
        }
        #expect(error?.code == .badData)
        job.heads = 3
        #expect(throws: NeuralError.self) { try job.run(on: Self.phrases, resume: false) { _ in } }
        #expect(throws: (any Error).self) {
            try PhraseJob(.rewriter, shop: folder.file("none"), folder: folder.path).run(resume: false) { _ in }
        }
    }
}
