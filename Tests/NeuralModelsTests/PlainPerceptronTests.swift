import NeuralModels
import Numerics
import Testing
import Torch

@Suite struct PlainPerceptronTests {
    private let sizes = [5, 4, 3, 3]
    private let labels = [0, 2, 1, 2]

    private func inputs() -> [[Double]] {
        var random = SeededGenerator(seed: 11)
        return labels.map { _ in (0..<5).map { _ in random.unit() * 2 - 1 } }
    }

    @Test func `back-propagation by hand gives libtorch's gradients`() throws {
        let perceptron = PlainPerceptron(sizes: sizes, seed: 3)
        var value = try Tensor(inputs().flatMap(\.self), shape: [labels.count, 5])
        var tensors: [(weight: Tensor, bias: Tensor)] = []
        for (index, layer) in perceptron.layers.enumerated() {
            let weight = try Tensor(layer.weight, shape: [layer.outputs, layer.inputs])
            let bias = try Tensor(layer.bias, shape: [layer.outputs])
            try weight.requireGradient()
            try bias.requireGradient()
            tensors.append((weight, bias))
            value = try value.linear(weight: weight, bias: bias)
            if index + 1 < perceptron.layers.count { value = try value.sigmoid() }
        }
        let loss = try Loss.crossEntropy(value, try Tensor(labels.map { Int64($0) }, shape: [labels.count]))
        try loss.backward()
        #expect(abs(try loss.item() - perceptron.loss(inputs(), labels)) < 1e-12)
        for (own, other) in zip(perceptron.gradients(inputs(), labels), tensors) {
            #expect(isClose(own.weight, try #require(try other.weight.gradient()).doubles(), 1e-12))
            #expect(isClose(own.bias, try #require(try other.bias.gradient()).doubles(), 1e-12))
        }
    }

    @Test func `gradient descent lowers the loss`() {
        var perceptron = PlainPerceptron(sizes: sizes, seed: 3)
        let before = perceptron.loss(inputs(), labels)
        for _ in 0..<200 { perceptron.descend(inputs(), labels, rate: 1) }
        #expect(perceptron.loss(inputs(), labels) < before / 2)
        #expect(abs(perceptron.probabilities(of: inputs()[0]).reduce(0, +) - 1) < 1e-12)
    }

    private func isClose(_ left: [Double], _ right: [Double], _ tolerance: Double) -> Bool {
        left.count == right.count && zip(left, right).allSatisfy { abs($0 - $1) < tolerance }
    }
}
