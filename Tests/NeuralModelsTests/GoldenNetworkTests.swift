import Encoders
import Foundation
import JSON
import TestSupport
import Testing
import Torch

@testable import NeuralModels

/// Values in `golden_networks.json` come from PyTorch 1.13 in double precision through `golden_networks.py`; tolerance 1e-5 in single
/// precision, relative to values above one.
@Suite struct GoldenNetworkTests {
    private let golden: JSONValue
    private let targets: [Int64] = [4, 2, 6, 0, 5, 1]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_networks.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
    }

    /// Gives parameters the script's first values, those that are learned in their order.
    private func fill(_ parameters: Parameters) throws {
        try Runtime.withoutGradients {
            for (number, entry) in parameters.learned.enumerated() {
                let first = entry.name.lowercased().hasSuffix("norm.weight") ? 1.0 : 0
                let values = (0..<entry.tensor.count).map { first + sin(0.7 * Double($0) + Double(number)) * 0.3 }
                try entry.tensor.copy(from: try Tensor(values, shape: entry.tensor.shape))
            }
        }
    }

    private func isClose(_ left: [Float], _ right: JSONValue?) throws -> Bool {
        let expected = try #require(right?.arrayValue).compactMap { $0.doubleValue ?? $0.integerValue.map(Double.init) }
        guard left.count == expected.count else { return false }
        return zip(left, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 * max(1, abs($1)) }
    }

    /// Compares an output, a loss and, after going back, all gradients.
    private func check(_ name: String, _ parameters: Parameters, output: Tensor, loss: Tensor) throws {
        let expected = try #require(golden[name])
        try loss.backward()
        #expect(try isClose(try output.floats(), expected["output"]))
        #expect(abs(try loss.item() - (try #require(expected["loss"]?.doubleValue))) < 1e-5)
        #expect(expected["gradients"]?.objectValue?.count == parameters.learned.count)
        for entry in parameters.learned {
            let gradient = try #require(try entry.tensor.gradient())
            #expect(try isClose(try gradient.floats(), expected["gradients"]?[entry.name]), "\(entry.name)")
        }
    }

    private func rows(_ network: any SequenceNetwork, _ inputs: [[Int64]], _ places: [Int64]) throws -> Tensor {
        let items = try Tensor(inputs.flatMap(\.self), shape: [inputs.count, inputs[0].count])
        return try network.states(after: items, isTraining: true).reshaped([-1, network.shape.width])
            .selected(try Tensor(places, shape: [places.count]))
    }

    @Test func `BERT4Rec tells hidden items as PyTorch's does`() throws {
        let shape = SequenceShape(width: 8, layers: 2, heads: 2, inner: 12, length: 5, temperature: 0)
        let network = try AttentionNetwork(
            .bert4rec, itemCount: 7, shape: shape, inputDropout: 0, dropout: 0, seed: 1)
        try fill(network.parameters)
        let states = try rows(network, [[1, 7, 2, 7], [7, 5, 8, 8]], [1, 3, 4])
        let scores = try states.linear(weight: try network.outputs(of: nil, isTraining: true), bias: nil)
        let loss = try Loss.crossEntropy(scores, try Tensor([4, 6, 0] as [Int64], shape: [3]))
        try check("bert4rec", network.parameters, output: scores, loss: loss)
    }

    @Test func `GRU4Rec goes through a history and back as PyTorch's does`() throws {
        let shape = SequenceShape(width: 8, layers: 2, length: 5, temperature: 0)
        let network = try GRU4Rec(itemCount: 7, shape: shape, inputDropout: 0, dropout: 0, seed: 1)
        try fill(network.parameters)
        let states = try rows(network, [[1, 4, 2, 6], [3, 5, 0, 0]], [0, 1, 2, 3, 4, 5])
        let scores = try states.linear(weight: try network.outputs(of: nil, isTraining: true), bias: nil)
        let loss = try Loss.crossEntropy(scores, try Tensor(targets, shape: [6]))
        try check("gru4rec", network.parameters, output: scores, loss: loss)
    }

    @Test func `two towers and their corrected loss are the script's sums`() throws {
        let shape = SequenceShape(width: 8, layers: 1, heads: 1, inner: 12, length: 5, temperature: 0.5)
        let network = try TwoTower(itemCount: 7, shape: shape, inputDropout: 0, dropout: 0, seed: 1)
        try fill(network.parameters)
        let set = try SequenceSet(histories: [(0..<7).map { Int32($0) }], targets: nil, itemCount: 7)
        let task = NextItemTask(
            network, on: set, recipe: SequenceRecipe(length: 5, vocabulary: network.vocabulary), rule: Adam(),
            positions: 64, contrast: .batch(drawn: 2), seed: 1)
        let states = try rows(network, [[1, 4, 2, 6], [3, 5, 0, 0]], [0, 1, 2, 3, 4, 5])
        let scores = try states.linear(weight: try network.outputs(of: nil, isTraining: true), bias: nil)
        let batch = SequenceBatches.Batch(
            shape: [2, 4], inputs: [1, 4, 2, 6, 3, 5, 0, 0], places: [0, 1, 2, 3, 4, 5], targets: targets,
            allTargets: targets, share: Shard.whole.share(ofBatch: 2))
        let loss = try task.sampledLoss(
            batch, drawn: targets + [3, 2],
            expected: (0..<8).map { 0.5 + 0.25 * Double($0) })
        try check("two_tower", network.parameters, output: scores, loss: loss)
    }

    @Test func `the convolutional network's steps and running statistics are PyTorch's`() throws {
        let classifier = try ConvolutionalNetwork.pictures(classCount: 3, widths: [2, 3, 4], seed: 1)
        try fill(classifier.parameters)
        let pixels = (0..<3 * 64).map { UInt8(($0 * 37) % 256) }
        let layers = Network(classifier.network.layers.filter { $0.name != "dropout" })
        let scores = try layers(try classifier.numbers(pixels, count: 3, height: 8, width: 8), isTraining: true)
        let loss = try Loss.crossEntropy(scores, try Tensor([2, 0, 1] as [Int64], shape: [3]), smoothing: 0.05)
        try check("cnn", classifier.parameters, output: scores, loss: loss)
        let statistics = classifier.parameters.entries.filter { !$0.isLearned }
        #expect(statistics.count == 14)
        for entry in statistics {
            #expect(try isClose(try entry.tensor.floats(), golden["cnn"]?["statistics"]?[entry.name]), "\(entry.name)")
        }
    }

    @Test func `the phrases' encoder and decoder are PyTorch's, beside padding too`() throws {
        let shape = PhraseModel.Shape(width: 8, blocks: 1, heads: 2, inner: 12, length: 6)
        let network = try PhraseTransformer(.rewriter, letterCount: 9, shape: shape, dropout: 0, seed: 1)
        try fill(network.parameters)
        let scores = try network.scores(
            source: try Tensor([4, 6, 5, 8, 7, 4, 0, 0] as [Int64], shape: [2, 4]),
            target: try Tensor([1, 4, 5, 8, 1, 7, 0, 0] as [Int64], shape: [2, 4]), isTraining: true)
        let loss = try Loss.crossEntropy(
            try scores.reshaped([-1, 9]), try Tensor([4, 5, 8, 2, 7, 2, 0, 0] as [Int64], shape: [8]),
            ignoring: LetterTable.padding)
        try check("rewriter", network.parameters, output: scores, loss: loss)
    }

    @Test func `the cross-encoder's scores of pairs are PyTorch's, whatever their lengths`() throws {
        let folder = try TemporaryFolder()
        try TinyEncoder.write(to: folder.path)
        let network = try CrossEncoderNetwork(folder: folder.path, layers: 2, dropout: 0, seed: 1)
        try fill(network.parameters)
        let tokens: [[Int32]] = [[2, 4, 5, 3, 6, 7, 3], [2, 4, 5, 3, 8, 3], [2, 4, 5, 3, 7, 9, 6, 3]]
        let tokenizer = try WordPieceTokenizer(vocabulary: TinyEncoder.vocabulary)
        let pairs = tokens.map { numbers in
            var pair = tokenizer.crossPair("a b", "c", network.shape)
            (pair.tokens, pair.firstCount) = (numbers, 4)
            return pair
        }
        let scores = try network.scores(of: pairs, isTraining: true)
        let loss = try (try scores.logSumExp()) - (try scores.slice(axis: 0, 0..<1).reshaped([]))
        try check("cross_encoder", network.parameters, output: scores, loss: loss)
    }
}
