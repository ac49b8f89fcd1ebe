import Foundation
import JSON
import Numerics
import Pictures
import Storage
import TestSupport
import Testing
import Torch

@testable import Encoders
@testable import NeuralModels

@Suite struct PictureInferenceTests {
    private static let widths = [8, 12, 16]

    /// A network with weights and statistics far from their first values, as an artefact.
    private static func write(_ folder: TemporaryFolder) throws -> (classifier: PictureClassifier, folder: String) {
        let classifier = try ConvolutionalNetwork.pictures(classCount: 10, widths: widths, seed: 4)
        var random = SeededGenerator(seed: 7)
        try Runtime.withoutGradients {
            for entry in classifier.parameters.entries {
                // Variances stay positive.
                let least: Double = entry.name.hasSuffix("running_var") ? 0 : -0.5
                let noise = (0..<entry.tensor.count).map { _ in Float(random.unit() + least) }
                try entry.tensor.add(try Tensor(noise, shape: entry.tensor.shape))
            }
        }
        let content = ModelArtefact.Content(
            kind: ConvolutionalNetwork.name, seed: 4, inputs: [:], metrics: [:], figures: .object([]), card: "")
        let path = try ModelArtefact.write(
            content, parameters: classifier.parameters,
            outcome: Trainer.Outcome(history: [], bestEpoch: 0, stoppedEarly: false, settings: ""), parent: folder.path)
        return (classifier, path)
    }

    @Test(arguments: [(28, 28), (12, 9)])
    func `chances and embeddings are those of libtorch within 1e-4`(height: Int, width: Int) throws {
        let folder = try TemporaryFolder()
        let (classifier, path) = try Self.write(folder)
        let encoder = try PictureEncoder(folder: path)
        #expect(encoder.width == 16 && encoder.classCount == 10)
        var random = SeededGenerator(seed: 9)
        // More than a batch, and no multiple of it.
        let count = 11
        let pixels = (0..<count * height * width).map { _ in UInt8.random(in: 0...255, using: &random) }
        let output = encoder.encode(pixels, height: height, width: width)
        let numbers = try classifier.numbers(pixels, count: count, height: height, width: width)
        let scores = try classifier.network(numbers, isTraining: false)
        let layers = classifier.network.layers
        let last = try #require(layers.firstIndex { $0.name == "mean" })
        let embedded = try Network(Array(layers[...last]))(numbers, isTraining: false).floats()
        let pairs = [
            (output.scores, try scores.floats()), (output.chances, try scores.softmax(axis: 1).floats()),
            (output.embeddings, Self.normalised(embedded, width: 16)),
        ]
        for (own, expected) in pairs {
            #expect(own.count == expected.count && own.contains { abs($0) > 0.01 })
            let most = expected.map(abs).max() ?? 0
            #expect(zip(own, expected).allSatisfy { abs($0 - $1) < 1e-4 * max(1, most) })
        }
        #expect(encoder.encode([]).chances.isEmpty)
    }

    private static func normalised(_ rows: [Float], width: Int) -> [Float] {
        stride(from: 0, to: rows.count, by: width).flatMap { start in
            let row = rows[start..<start + width]
            let length = row.reduce(0) { $0 + $1 * $1 }.squareRoot()
            return row.map { $0 / length }
        }
    }

    @Test func `weights that are missing, unknown, cut short or of another shape or type are refused`() throws {
        let folder = try TemporaryFolder()
        let path = try Self.write(folder).folder
        let file = try SafetensorsFile(path: path + "/weights.safetensors")
        func written(_ change: (String, [Int]) -> (name: String, shape: [Int], isByte: Bool)?) throws -> String {
            var writer = SafetensorsWriter()
            for name in file.names {
                let shape = try #require(file.shape(of: name))
                guard let kept = change(name, shape) else { continue }
                var values = try file.floats(name, shape: shape)
                let count = kept.shape.reduce(1, *)
                values = Array((values + values).prefix(count))
                if kept.isByte {
                    writer.add(kept.name, [Int8](repeating: 1, count: count), shape: kept.shape)
                } else {
                    writer.add(kept.name, values, shape: kept.shape)
                }
            }
            let target = folder.file(UUID().uuidString)
            try AtomicFile.write(writer.encoded(), to: target)
            return target
        }
        let whole = try written { ($0, $1, false) }
        #expect(throws: Never.self) { try PictureEncoder(weights: whole) }
        let wrong = [
            try written { $0 == "half.norm.running_var" ? nil : ($0, $1, false) },
            try written { $0 == "classes.bias" ? nil : ($0, $1, false) },
            try written { $0 == "full.weight" ? nil : ($0, $1, false) },
            try written { ($0 == "full.norm.bias" ? "full.norm.beta" : $0, $1, false) },
            try written { ($0, $0 == "classes.weight" ? [10, 15] : $1, false) },
            try written { ($0, $0 == "half.weight" ? [12, 8, 9] : $1, false) },
            try written { ($0, $1, $0 == "quarter.weight") },
        ]
        for target in wrong { #expect(throws: EncoderError.self) { try PictureEncoder(weights: target) } }
        let short = folder.file("short")
        try AtomicFile.write(Array(try FileSystem.read(whole, maximumBytes: 1 << 20).dropLast(100)), to: short)
        #expect(throws: StorageError.self) { try PictureEncoder(weights: short) }
        #expect(throws: StorageError.self) { try PictureEncoder(folder: folder.file("nowhere")) }
    }
}
