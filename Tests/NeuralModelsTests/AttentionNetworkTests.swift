import Foundation
import JSON
import Testing
import Torch

@testable import NeuralModels

/// Values in `golden.json` come from PyTorch 1.13 in double precision through `golden.py`; tolerance 1e-5 in single precision, relative to values
/// above one.
@Suite struct AttentionNetworkTests {
    private let golden: JSONValue
    private let inputs: [[Int64]] = [[1, 4, 2, 6], [3, 5, 0, 0]]
    private let targets: [Int64] = [4, 2, 6, 0, 5, 1]

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
    }

    /// The network of the script, with its first values.
    private func network(_ kind: SequenceKind = .sasrec, temperature: Double = 0) throws -> AttentionNetwork {
        let shape = SequenceShape(width: 8, layers: 2, heads: 2, inner: 12, length: 5, temperature: temperature)
        let network = try AttentionNetwork(kind, itemCount: 7, shape: shape, inputDropout: 0, dropout: 0, seed: 1)
        try Runtime.withoutGradients {
            for (number, entry) in network.parameters.entries.enumerated() {
                let first = entry.name.hasSuffix("norm.weight") ? 1.0 : 0
                let values = (0..<entry.tensor.count).map { first + sin(0.7 * Double($0) + Double(number)) * 0.3 }
                try entry.tensor.copy(from: try Tensor(values, shape: entry.tensor.shape))
            }
        }
        return network
    }

    private func rows(_ network: AttentionNetwork) throws -> Tensor {
        let states = try network.states(after: try Tensor(inputs.flatMap(\.self), shape: [2, 4]), isTraining: true)
        return try states.reshaped([-1, 8]).selected(try Tensor([0, 1, 2, 3, 4, 5] as [Int64], shape: [6]))
    }

    private func isClose(_ left: [Float], _ right: JSONValue?) throws -> Bool {
        let expected = try #require(right?.arrayValue).compactMap(\.doubleValue)
        guard left.count == expected.count else { return false }
        return zip(left, expected).allSatisfy { abs(Double($0) - $1) < 1e-5 * max(1, abs($1)) }
    }

    @Test func `scores are PyTorch's`() throws {
        let network = try network()
        let logits = try rows(network).linear(weight: try network.outputs(of: nil), bias: nil)
        #expect(try isClose(try logits.floats(), golden["logits"]))
    }

    @Test(arguments: ["all", "drawn", "cosine", "gated"])
    func `the loss and all gradients are PyTorch's`(name: String) throws {
        let network = try network(name == "gated" ? .esasrec : .sasrec, temperature: name == "cosine" ? 0.5 : 0)
        let set = try SequenceSet(histories: [(0..<7).map { Int32($0) }], targets: nil, itemCount: 7)
        let task = NextItemTask(
            network, on: set, recipe: SequenceRecipe(length: 5, vocabulary: network.vocabulary), rule: Adam(),
            positions: 64, contrast: .drawn(3), seed: 1)
        let wanted = try Tensor(targets, shape: [6])
        let loss =
            name != "drawn"
            ? try Loss.crossEntropy(try rows(network).linear(weight: try network.outputs(of: nil), bias: nil), wanted)
            : try task.sampledLoss(
                SequenceBatches.Batch(
                    shape: [2, 4], inputs: inputs.flatMap(\.self), places: [0, 1, 2, 3, 4, 5], targets: targets,
                    allTargets: targets, share: Shard.whole.share(ofBatch: 2)), drawn: [2, 5, 3])
        try loss.backward()
        let expected = try #require(golden[name])
        #expect(abs(try loss.item() - (try #require(expected["loss"]?.doubleValue))) < 1e-5)
        #expect(expected["gradients"]?.objectValue?.count == network.parameters.entries.count)
        for entry in network.parameters.entries {
            let gradient = try #require(try entry.tensor.gradient())
            #expect(try isClose(try gradient.floats(), expected["gradients"]?[entry.name]), "\(entry.name)")
        }
    }

    @Test func `what comes later changes no earlier state, nor does padding`() throws {
        let network = try network()
        func states(_ items: [Int64]) throws -> [Float] {
            try network.states(after: try Tensor(items, shape: [1, items.count]), isTraining: false).floats()
        }
        let short = try states([3, 5])
        for longer in try [states([3, 5, 0, 0]), states([3, 5, 6]), states([3, 5, 6, 1, 4])] {
            #expect(zip(short, longer).allSatisfy { abs($0 - $1) < 1e-6 })
        }
        #expect(try states([5, 3]).suffix(8) != short.suffix(8))
    }

    @Test func `a history longer than the network's, and items of a wrong shape, are refused`() throws {
        let network = try network()
        #expect(throws: TorchError.self) {
            try network.states(after: try Tensor([Int64](repeating: 1, count: 6), shape: [1, 6]), isTraining: false)
        }
        #expect(throws: TorchError.self) {
            try network.states(after: try Tensor([1, 2] as [Int64], shape: [2]), isTraining: false)
        }
        #expect(throws: TorchError.self) {
            try network.states(after: try Tensor([7] as [Int64], shape: [1, 1]), isTraining: false)
        }
    }

    @Test func `attention in both directions sees what comes later, and no padding`() throws {
        let network = try network(.bert4rec)
        #expect(network.vocabulary == SequenceVocabulary(items: 7, mask: 7, padding: 8))
        #expect(network.question(after: [1, 2, 3, 4, 5, 6]) == [3, 4, 5, 6, 7])
        func states(_ items: [Int64]) throws -> [Float] {
            try network.states(after: try Tensor(items, shape: [1, items.count]), isTraining: false).floats()
        }
        let short = try states([3, 7])
        #expect(zip(short, try states([3, 7, 8, 8])).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(zip(short, try states([3, 7, 5])).contains { abs($0 - $1) > 1e-3 })
        let names = try network.stored().map { ($0.name, $0.tensor.shape) }
        #expect(names.contains { $0 == ("items", [7, 8]) } && names.contains { $0 == ("mask", [8]) })
    }
}
