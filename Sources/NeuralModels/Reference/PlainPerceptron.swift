import Foundation
import Numerics

/// A multilayer perceptron and its back-propagation in plain loops: what libtorch's gradients are compared with.
///
/// Sigmoid in the hidden layers, softmax with cross-entropy at the end; docs/models.md derives every line. It is for
/// checking, not for speed.
public struct PlainPerceptron: Sendable {
    /// One dense layer: `z = W·a + b`.
    public struct Layer: Sendable {
        public let inputs: Int
        public let outputs: Int
        /// Shape `[outputs, inputs]`, row by row.
        public var weight: [Double]
        public var bias: [Double]
    }

    public private(set) var layers: [Layer]

    /// - Parameter sizes: Inputs, hidden layers, classes; at least two.
    public init(sizes: [Int], seed: UInt64) {
        precondition(sizes.count >= 2, "a perceptron has inputs and outputs")
        var random = SeededGenerator(seed: seed)
        layers = zip(sizes, sizes.dropFirst()).map { inputs, outputs in
            let limit = (6 / Double(inputs + outputs)).squareRoot()
            return Layer(
                inputs: inputs, outputs: outputs,
                weight: (0..<inputs * outputs).map { _ in (random.unit() * 2 - 1) * limit },
                bias: (0..<outputs).map { _ in (random.unit() * 2 - 1) * 0.1 })
        }
    }

    /// Probabilities of the classes.
    public func probabilities(of input: [Double]) -> [Double] { activations(of: input)[layers.count] }

    /// Mean of −log p(label) over the examples.
    public func loss(_ inputs: [[Double]], _ labels: [Int]) -> Double {
        zip(inputs, labels).reduce(0) { $0 - log(probabilities(of: $1.0)[$1.1]) } / Double(labels.count)
    }

    /// The gradient of `loss` for each layer's weight and bias.
    public func gradients(_ inputs: [[Double]], _ labels: [Int]) -> [(weight: [Double], bias: [Double])] {
        var sums = layers.map { (weight: $0.weight.map { _ in 0.0 }, bias: $0.bias.map { _ in 0.0 }) }
        for (input, label) in zip(inputs, labels) {
            let activations = activations(of: input)
            // δ of the last layer: p − y (equation 3).
            var delta = activations[layers.count]
            delta[label] -= 1
            for index in layers.indices.reversed() {
                let layer = layers[index]
                let before = activations[index]
                for row in 0..<layer.outputs {
                    sums[index].bias[row] += delta[row] / Double(labels.count)
                    for column in 0..<layer.inputs {
                        sums[index].weight[row * layer.inputs + column] +=
                            delta[row] * before[column] / Double(labels.count)
                    }
                }
                if index > 0 { delta = propagated(delta, through: layer, to: before) }
            }
        }
        return sums
    }

    /// One step of gradient descent.
    public mutating func descend(_ inputs: [[Double]], _ labels: [Int], rate: Double) {
        for (index, gradient) in gradients(inputs, labels).enumerated() {
            for place in gradient.weight.indices { layers[index].weight[place] -= rate * gradient.weight[place] }
            for place in gradient.bias.indices { layers[index].bias[place] -= rate * gradient.bias[place] }
        }
    }

    /// δ of the layer below: (Wᵀ·δ) ⊙ a·(1 − a) (equation 4).
    private func propagated(_ delta: [Double], through layer: Layer, to before: [Double]) -> [Double] {
        (0..<layer.inputs).map { column in
            let sum = (0..<layer.outputs).reduce(0.0) { $0 + layer.weight[$1 * layer.inputs + column] * delta[$1] }
            return sum * before[column] * (1 - before[column])
        }
    }

    /// The input and every layer's output, equations 1 and 2.
    private func activations(of input: [Double]) -> [[Double]] {
        var result = [input]
        for (index, layer) in layers.enumerated() {
            let before = result[index]
            let z = (0..<layer.outputs).map { row in
                (0..<layer.inputs).reduce(layer.bias[row]) {
                    $0 + layer.weight[row * layer.inputs + $1] * before[$1]
                }
            }
            result.append(index + 1 < layers.count ? z.map { 1 / (1 + exp(-$0)) } : softmax(z))
        }
        return result
    }

    private func softmax(_ z: [Double]) -> [Double] {
        let highest = z.max() ?? 0
        let powers = z.map { exp($0 - highest) }
        let sum = powers.reduce(0, +)
        return powers.map { $0 / sum }
    }
}
