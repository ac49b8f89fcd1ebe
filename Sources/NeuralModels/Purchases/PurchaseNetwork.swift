internal import Foundation
internal import Torch

/// A network from examples of purchases to chances, one for each question that it answers.
protocol PurchaseNetwork: AnyObject {
    var parameters: Parameters { get }
    /// Columns of the logits; the first is the purchase (`PurchaseInputs.questions`).
    var questionCount: Int { get }
    /// What each step makes of a batch, by name; the last are the logits, shape `[batch, questionCount]`.
    func steps(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)]
}

extension PurchaseNetwork {
    var questionCount: Int { 1 }

    /// Logits of a batch, shape `[batch, questionCount]`.
    func logits(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> Tensor {
        guard let last = try steps(batch, isTraining: isTraining).last else {
            throw TorchError(operation: "network", shapes: [batch.numbers.shape], reason: "the network has no step")
        }
        return last.value
    }

    /// Chances of all examples for one question, shape `[count]`.
    func chances(_ inputs: PurchaseInputs, question: Int = 0, device: Device) throws -> [Double] {
        let size = 4_096
        var result: [Double] = []
        result.reserveCapacity(inputs.count)
        try Runtime.withoutGradients {
            for start in stride(from: 0, to: inputs.count, by: size) {
                let batch = try inputs.batch(start..<min(inputs.count, start + size), device: device)
                let logits = try logits(batch, isTraining: false).slice(axis: 1, question..<question + 1)
                result += try logits.sigmoid().reshaped([-1]).floats().map { Double($0) }
            }
        }
        return result
    }
}

/// Sigmoid layers over the numbers alone, then one unit. Without hidden layers it is a logistic regression.
final class PerceptronNetwork: PurchaseNetwork {
    let parameters: Parameters
    private let network: Network

    init(inputs: Int, hidden: [Int], seed: UInt64, device: Device) throws {
        parameters = try Parameters(seed: seed, device: device)
        network = Network(
            try Perceptron.layers(parameters, inputs: inputs, hidden: hidden, last: "purchase", outputs: 1))
    }

    func steps(_ batch: PurchaseBatch, isTraining: Bool) throws(TorchError) -> [(name: String, value: Tensor)] {
        try network.steps(batch.numbers, isTraining: isTraining)
    }
}
