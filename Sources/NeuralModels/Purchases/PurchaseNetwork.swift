internal import Foundation
internal import Torch

/// A network from scaled features to the chance of a purchase: sigmoid layers, then one sigmoid unit. Without hidden layers it is a
/// logistic regression.
final class PurchaseNetwork {
    private static let batch = 4_096
    let parameters: Parameters
    let network: Network
    let inputs: Int

    init(inputs: Int, hidden: [Int], seed: UInt64, device: Device) throws {
        self.inputs = inputs
        parameters = try Parameters(seed: seed, device: device)
        network = Network(
            try Perceptron.layers(parameters, inputs: inputs, hidden: hidden, last: "purchase", outputs: 1))
    }

    /// Chances of rows of shape `[count, inputs]`.
    func chances(_ rows: [Float]) throws -> [Double] {
        var result: [Double] = []
        result.reserveCapacity(rows.count / inputs)
        try Runtime.withoutGradients {
            for start in stride(from: 0, to: rows.count, by: Self.batch * inputs) {
                let part = Array(rows[start..<min(rows.count, start + Self.batch * inputs)])
                let numbers = try Tensor(part, shape: [part.count / inputs, inputs], device: parameters.device)
                result += try network(numbers, isTraining: false).sigmoid().floats().map { Double($0) }
            }
        }
        return result
    }
}
