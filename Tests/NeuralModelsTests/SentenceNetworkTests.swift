import Encoders
import Foundation
import Numerics
import Storage
import TestSupport
import Testing
import Torch

@testable import NeuralModels

@Suite struct SentenceNetworkTests {
    private static let sentences = ["a b", "", "d c b a", "a a a b c d d d c", "e?", "b"]

    private func tokens(_ folder: TemporaryFolder) throws -> [[Int32]] {
        let tokenizer = try WordPieceTokenizer(vocabulary: TinyEncoder.vocabulary)
        return Self.sentences.map { tokenizer.tokens(of: $0, limit: TinyEncoder.positions) }
    }

    @Test func `vectors are those of the encoder without libtorch within 1e-4, in a batch and alone`() throws {
        let folder = try TemporaryFolder()
        try TinyEncoder.write(to: folder.path)
        let network = try SentenceNetwork(folder: folder.path, dropout: 0.5, seed: 1)
        let expected = try SentenceEncoder(folder: folder.path).encode(Self.sentences)
        let tokens = try tokens(folder)
        let vectors = try network.vectors(of: tokens, isTraining: false).floats()
        for (own, other) in zip(vectors, expected) { #expect(abs(own - other) < 1e-4) }
        let alone = try network.vectors(of: [tokens[3]], isTraining: false).floats()
        for (own, other) in zip(alone, vectors[3 * 16..<4 * 16]) { #expect(abs(own - other) < 1e-5) }
        #expect(vectors.count == Self.sentences.count * 16)
    }

    @Test func `the published weights give the vectors of the encoder within 1e-4`() throws {
        guard FileSystem.exists("var/models/minilm/model.safetensors") else {
            return print("var/models/minilm is absent: not compared with its weights.")
        }
        let folder = "var/models/minilm"
        let network = try SentenceNetwork(folder: folder, dropout: 0, seed: 1)
        let encoder = try SentenceEncoder(folder: folder)
        let tokenizer = try WordPieceTokenizer(
            vocabulary: FileSystem.read(folder + "/vocab.txt", maximumBytes: 1 << 20))
        let texts = ["Frozen Whipped Topping Frozen Pie/Desserts Grocery", "milk", "sugar free gum for the dentist"]
        let vectors = try Runtime.withoutGradients {
            try network.vectors(of: texts.map { tokenizer.tokens(of: $0, limit: 48) }, isTraining: false).floats()
        }
        for (own, other) in zip(vectors, encoder.encode(texts)) { #expect(abs(own - other) < 1e-4) }
    }

    @Test func `damaged, missing and misshapen weights are refused by name`() throws {
        let folder = try TemporaryFolder()
        try TinyEncoder.write(to: folder.path)
        let path = folder.path + "/model.safetensors"
        let good = try FileSystem.read(path)
        func refused(_ bytes: [UInt8]) throws -> any Error {
            try AtomicFile.write(bytes, to: path)
            return try #require(throws: (any Error).self) {
                try SentenceNetwork(folder: folder.path, dropout: 0, seed: 1)
            }
        }
        #expect((try refused(Array(good.prefix(good.count / 2))) as? StorageError)?.code == .corrupt)
        let name = "encoder.layer.1.attention.self.key.weight"
        for change in [TinyEncoder.Change.leftOut, .misshapen, .eightBits] {
            let error = try refused(TinyEncoder.weights(changing: name, change)) as? StorageError
            #expect(error?.code == .unknownFormat)
            #expect(error?.description.contains(name) == true, "\(change)")
        }
        let error = try refused(TinyEncoder.weights(changing: name, .notFinite)) as? NeuralError
        #expect(error?.code == .damaged && error?.message.contains(name) == true)
    }

    @Test func `a text with more tokens than positions is refused, not computed`() throws {
        let network = try SentenceNetwork(shape: TinyEncoder.shape(), seed: 1)
        let error = #expect(throws: TorchError.self) {
            try network.vectors(of: [[Int32](repeating: 4, count: TinyEncoder.positions + 1)], isTraining: false)
        }
        #expect(error?.reason.contains("positions") == true)
    }

    @Test func `frozen layers keep their weights and take no part in training`() throws {
        let network = try SentenceNetwork(shape: TinyEncoder.shape(), seed: 1)
        let all = network.parameters.count
        try network.freeze(layers: 1)
        #expect(network.parameters.count < all)
        #expect(network.parameters.entries.allSatisfy { $0.name.hasPrefix("encoder.layer.1.") })
        let loss = try network.vectors(of: [[2, 4, 5, 3]], isTraining: true).slice(axis: 1, 0..<1).sum()
        try loss.backward()
        #expect(try network.parameters.frozen.allSatisfy { try $0.tensor.gradient() == nil })
        #expect(try network.parameters.entries.contains { try $0.tensor.gradient() != nil })
    }
}
