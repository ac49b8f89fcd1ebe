import Encoders
import Foundation
import JSON
import Numerics
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

@Suite struct InferenceTests {

    private static func model(_ kind: SequenceKind, temperature: Double) -> SequenceJob.Model {
        .init(kind, .init(width: 32, layers: 2, heads: 2, inner: 48, length: 12, temperature: temperature))
    }

    /// A network with weights far from their first values, as an artefact.
    private static func write(
        _ folder: TemporaryFolder, _ model: SequenceJob.Model, items: Int
    ) throws -> (network: any SequenceNetwork, folder: String) {
        let network = try model.network(itemCount: items, inputDropout: 0.5, dropout: 0.5, seed: 4, device: .cpu)
        var random = SeededGenerator(seed: 7)
        try Runtime.withoutGradients {
            for entry in network.parameters.entries {
                let noise = (0..<entry.tensor.count).map { _ in Float(random.unit() - 0.5) }
                try entry.tensor.add(try Tensor(noise, shape: entry.tensor.shape))
            }
        }
        let content = ModelArtefact.Content(
            kind: model.name, seed: 4, inputs: [:], metrics: [:], figures: .object([]), card: "",
            files: SequenceJob.files(items: (0..<items).map { "i\($0)" }, model: model))
        let outcome = Trainer.Outcome(history: [], bestEpoch: 0, stoppedEarly: false, settings: "")
        let path = try ModelArtefact.write(
            content, tensors: try network.stored(), outcome: outcome, parent: folder.path)
        return (network, path)
    }

    @Test(arguments: SequenceKind.allCases, [0, 0.08])
    func `inference gives the scores of training within 1e-4, for histories of every length`(
        kind: SequenceKind, temperature: Double
    ) throws {
        let folder = try TemporaryFolder()
        let model = Self.model(kind, temperature: temperature)
        let (network, path) = try Self.write(folder, model, items: 200)
        let encoder = try SequenceEncoders.open(kind.rawValue, folder: path)
        #expect(encoder.names.count == 200 && encoder.names[7] == "i7")
        var random = SeededGenerator(seed: 9)
        for length in 1...15 {
            let history = (0..<length).map { _ in Int.random(in: 0..<200, using: &random) }
            let seen = network.question(after: history.map { Int32($0) }).map { Int64($0) }
            let states = try network.states(after: try Tensor(seen, shape: [1, seen.count]), isTraining: false)
            let expected = try states.slice(axis: 1, seen.count - 1..<seen.count).reshaped([1, 32])
                .linear(weight: try network.outputs(of: nil), bias: nil).floats()
            let scores = encoder.scores(after: history)
            #expect(scores.contains { abs($0) > 0.3 })
            #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(length) items")
        }
        #expect(encoder.scores(after: []) == [Float](repeating: 0, count: 200))
    }

    @Test(arguments: SequenceKind.allCases)
    func `a shape, a list of items or weights that do not fit are refused`(kind: SequenceKind) throws {
        let name = kind.rawValue
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, Self.model(kind, temperature: 0), items: 40).folder
        #expect(throws: Never.self) { try SequenceEncoders.open(name, folder: path) }
        let good = try Artefact(folder: path, verify: .checksums)
        let weights = try good.read("weights.safetensors")
        let shape = String(decoding: try good.read("shape.json"), as: UTF8.self)
        func rewritten(_ kind: String, _ files: [String: [UInt8]], version: Int = 1) throws -> String {
            let target = folder.file(UUID().uuidString)
            var writer = try ArtefactWriter(
                folder: target, kind: kind, formatVersion: version, creator: "test", seed: 1)
            let whole = try [
                "weights.safetensors": weights, "shape.json": Array(shape.utf8), "items.txt": good.read("items.txt"),
            ]
            for (name, bytes) in whole.merging(files, uniquingKeysWith: { $1 }) { try writer.add(name, bytes) }
            return try writer.finish().folder
        }
        var wrong: [[String: [UInt8]]] = [
            ["items.txt": Array("a\nb\n".utf8)], ["weights.safetensors": Array(weights.prefix(weights.count / 2))],
            ["shape.json": Array("{".utf8)],
        ]
        let changes = [
            (#""width":32"#, #""width":64"#), (#""width":32"#, #""width":-32"#), (#""blocks":2"#, #""blocks":3"#),
            (#""heads":2"#, #""heads":8"#), (#""heads":2"#, #""heads":0"#), (#""layers":2"#, #""layers":3"#),
            (#""layers":2"#, #""layers":0"#), (#""inner":48"#, #""inner":56"#), (#""length":12"#, #""length":0"#),
            (#""temperature":0"#, #""temperature":-1"#),
        ]
        for (old, new) in changes where shape.contains(old) {
            wrong.append(["shape.json": Array(shape.replacing(old, with: new).utf8)])
        }
        #expect(wrong.count >= 7, "\(kind)")
        for files in wrong {
            let damaged = try rewritten(name, files)
            #expect(throws: (any Error).self, "\(files.mapValues { String(decoding: $0.prefix(90), as: UTF8.self) })") {
                try SequenceEncoders.open(name, folder: damaged)
            }
        }
        let later = try rewritten(name, [:], version: 2)
        let error = #expect(throws: StorageError.self) { try SequenceEncoders.open(name, folder: later) }
        #expect(error?.code == .unknownFormat && error?.message.contains("\(name) has format 2") == true)
        let other = try rewritten("cnn", [:])
        #expect(throws: StorageError.self) { try SequenceEncoders.open(name, folder: other) }
        #expect(throws: StorageError.self) { try SequenceEncoders.open(name, folder: folder.file("nowhere")) }
    }
}
