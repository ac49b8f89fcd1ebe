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

    /// A network with weights far from their first values, as an artefact.
    private static func write(
        _ folder: TemporaryFolder, items: Int, temperature: Double
    ) throws -> (network: SASRec, folder: String) {
        let shape = SASRec.Shape(width: 32, blocks: 2, heads: 2, inner: 48, length: 12, temperature: temperature)
        let network = try SASRec(itemCount: items, shape: shape, inputDropout: 0.5, dropout: 0.5, seed: 4)
        var random = SeededGenerator(seed: 7)
        try Runtime.withoutGradients {
            for entry in network.parameters.entries {
                let noise = (0..<entry.tensor.count).map { _ in Float(random.unit() - 0.5) }
                try entry.tensor.add(try Tensor(noise, shape: entry.tensor.shape))
            }
        }
        let content = ModelArtefact.Content(
            kind: SASRec.name, seed: 4, inputs: [:], metrics: [:], figures: .object([]), card: "",
            files: SequenceJob.files(items: (0..<items).map { "i\($0)" }, shape: shape))
        let outcome = Trainer.Outcome(history: [], bestEpoch: 0, stoppedEarly: false)
        let path = try ModelArtefact.write(
            content, parameters: network.parameters, outcome: outcome, parent: folder.path)
        return (network, path)
    }

    @Test(arguments: [0, 0.08])
    func `inference gives the scores of training within 1e-4, for histories of every length`(
        temperature: Double
    ) throws {
        let folder = try TemporaryFolder()
        let (network, path) = try Self.write(folder, items: 200, temperature: temperature)
        let encoder = try HistoryEncoder(folder: path)
        #expect(encoder.names.count == 200 && encoder.names[7] == "i7")
        var random = SeededGenerator(seed: 9)
        for length in 1...15 {
            let history = (0..<length).map { _ in Int.random(in: 0..<200, using: &random) }
            let seen = history.suffix(12).map { Int64($0) }
            let states = try network.states(after: try Tensor(seen, shape: [1, seen.count]), isTraining: false)
            let expected = try states.slice(axis: 1, seen.count - 1..<seen.count).reshaped([1, 32])
                .linear(weight: try network.outputs(of: nil), bias: nil).floats()
            let scores = encoder.scores(after: history)
            #expect(scores.contains { abs($0) > 1 })
            #expect(zip(scores, expected).allSatisfy { abs($0 - $1) < 1e-4 }, "\(length) items")
        }
        #expect(encoder.scores(after: []) == [Float](repeating: 0, count: 200))
    }

    @Test func `a shape, a list of items or weights that do not fit are refused`() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder, items: 40, temperature: 0).folder
        #expect(throws: Never.self) { try HistoryEncoder(folder: path) }
        let good = try Artefact(folder: path, verify: .checksums)
        let weights = try good.read("weights.safetensors")
        let shape = try good.read("shape.json")
        func rewritten(_ kind: String, _ files: [String: [UInt8]]) throws -> String {
            let target = folder.file(UUID().uuidString)
            var writer = try ArtefactWriter(folder: target, kind: kind, formatVersion: 1, creator: "test", seed: 1)
            let whole = try ["weights.safetensors": weights, "shape.json": shape, "items.txt": good.read("items.txt")]
            for (name, bytes) in whole.merging(files, uniquingKeysWith: { $1 }) { try writer.add(name, bytes) }
            return try writer.finish().folder
        }
        func text(_ json: String) -> [UInt8] { Array(json.utf8) }
        let wrong: [[String: [UInt8]]] = [
            ["items.txt": text("a\nb\n")], ["weights.safetensors": Array(weights.prefix(weights.count / 2))],
            ["shape.json": text(#"{"width":64,"blocks":2,"heads":2,"inner":48,"length":12,"temperature":0}"#)],
            ["shape.json": text(#"{"width":32,"blocks":3,"heads":2,"inner":48,"length":12,"temperature":0}"#)],
            ["shape.json": text(#"{"width":32,"blocks":2,"heads":8,"inner":48,"length":12,"temperature":0}"#)],
            ["shape.json": text(#"{"width":32,"blocks":2,"heads":0,"inner":48,"length":12,"temperature":0}"#)],
            ["shape.json": text(#"{"width":32,"blocks":2,"heads":2,"inner":48,"length":12,"temperature":-1}"#)],
            ["shape.json": text("{")],
        ]
        for files in wrong {
            let damaged = try rewritten("sasrec", files)
            #expect(throws: (any Error).self, "\(files.keys)") { try HistoryEncoder(folder: damaged) }
        }
        let other = try rewritten("cnn", [:])
        #expect(throws: StorageError.self) { try HistoryEncoder(folder: other) }
        #expect(throws: StorageError.self) { try HistoryEncoder(folder: folder.file("nowhere")) }
    }
}
