import Foundation
import Numerics

/// Fits perceptrons to labels of 0 and 1 by their cross-entropy, with AdamW, dropout, a warm-up and a cosine.
///
/// Weights begin as by He et al. (ICCV 2015); the steps are AdamW's (Loshchilov and Hutter, ICLR 2019) in batches drawn anew for each
/// epoch, the rate rises over the first fifth and falls along half a cosine (SGDR, ICLR 2017). The same examples and seed give the same
/// perceptron on processors of one kind.
public struct PerceptronFitting: Hashable, Sendable {
    /// Units of the hidden layers.
    public var hidden = [128, 64]
    public var epochs = 6
    public var batch = 1024
    public var learningRate = 2e-3
    /// What a step at the full rate takes off a weight beside its gradient, as a share of the rate.
    public var decay = 1e-2
    public var dropout = 0.1

    public init() {}

    /// What is learned from. Rows are made when a batch asks for them, so that they need not lie in memory at full width.
    public struct Examples {
        /// Numbers of a row.
        public let width: Int
        /// 0 or 1, one a row.
        public let labels: [Float]
        /// How much each row counts; shape of `labels`.
        public let weights: [Float]
        /// Writes one row of the given number over zeros, from a place on.
        let fill: (Int, inout [Float], Int) -> Void

        public init(
            width: Int, labels: [Float], weights: [Float], fill: @escaping (Int, inout [Float], Int) -> Void
        ) {
            precondition(labels.count == weights.count, "a weight for each label")
            (self.width, self.labels, self.weights, self.fill) = (width, labels, weights, fill)
        }
    }

    /// Fits one perceptron on one thread; call it within `LinearAlgebra.withThreads(1)`.
    ///
    /// - Throws: `badExamples` where there is nothing to learn: no row, labels of one kind, or numbers that are not finite.
    /// - Complexity: O(epochs × rows × weights).
    public func train(_ examples: Examples, seed: UInt64) throws(RankingError) -> Perceptron {
        let total = examples.weights.reduce(0.0) { $0 + Double($1) }
        let positive = zip(examples.labels, examples.weights).reduce(0.0) { $0 + Double($1.0 * $1.1) }
        guard examples.width > 0, positive > 0, positive < total, total.isFinite else {
            throw RankingError(.badExamples, "Training a perceptron: there are no examples, or all have one label.")
        }
        var state = FittingState(
            sizes: [examples.width] + hidden + [1], batch: batch, chance: positive / total, seed: seed)
        let scale = Float(Double(examples.labels.count) / total)
        var order = Array(0..<examples.labels.count)
        let steps = epochs * ((order.count + batch - 1) / batch)
        var step = 0
        for _ in 0..<epochs {
            order.shuffle(using: &state.random)
            for start in stride(from: 0, to: order.count, by: batch) {
                let rows = order[start..<min(order.count, start + batch)]
                step += 1
                state.step(rows, of: examples, scale: scale, dropout: dropout) { kind in
                    let rate = learningRate * Self.share(of: step, in: steps)
                    return .init(
                        beta1: 0.9, beta2: 0.999, epsilon: 1e-8, rate: Float(rate / (1 - pow(0.9, Double(step)))),
                        rootScale: Float(1 / (1 - pow(0.999, Double(step))).squareRoot()),
                        shrinkage: kind == .weights ? Float(1 - rate * decay) : 1)
                }
            }
        }
        return try state.perceptron()
    }

    /// Of the rate: up over the first fifth of the steps, then along half a cosine.
    static func share(of step: Int, in steps: Int) -> Double {
        let part = Double(step) / Double(max(1, steps))
        return part < 0.2 ? part / 0.2 : 0.5 * (1 + cos(.pi * (part - 0.2) / 0.8))
    }
}

/// Weights on their way, with what Adam remembers of them and the buffers of a batch.
struct FittingState {
    enum Kind { case weights, bias }

    /// Numbers that are learned, with the moments of their gradients.
    struct Block {
        var values: [Float]
        fileprivate(set) var gradients: [Float]
        private var means: [Float]
        private var squares: [Float]

        init(_ values: [Float]) {
            let zeros = [Float](repeating: 0, count: values.count)
            (self.values, gradients, means, squares) = (values, zeros, zeros, zeros)
        }

        mutating func descend(_ step: TrainingKernels.AdamStep) {
            Self.descend(&values, &means, &squares, gradients, step)
        }

        private static func descend(
            _ values: inout [Float], _ means: inout [Float], _ squares: inout [Float], _ gradients: [Float],
            _ step: TrainingKernels.AdamStep
        ) {
            var valueSpan = values.mutableSpan
            var meanSpan = means.mutableSpan
            var squareSpan = squares.mutableSpan
            TrainingKernels.adam(
                &valueSpan, means: &meanSpan, squares: &squareSpan, gradients: gradients.span, step: step)
        }
    }

    let sizes: [Int]
    var random: SeededGenerator
    /// By layer, shapes `[sizes[layer + 1], sizes[layer]]` and `[sizes[layer + 1]]`.
    var weights: [Block] = []
    var biases: [Block] = []
    /// What goes into each layer, and after the last one what comes out; shapes `[batch, sizes[layer]]`.
    private var inputs: [[Float]]
    /// Slopes of the loss by what a layer puts out, of the shape of `inputs`.
    private var slopes: [[Float]]
    /// 0 or what a unit is multiplied with, for the widest of the hidden layers.
    private var mask: [Float]

    /// - Parameter chance: What the last layer begins with.
    init(sizes: [Int], batch: Int, chance: Double, seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for (inputs, outputs) in zip(sizes, sizes.dropFirst()) {
            // He's deviation √(2 / inputs), with even odds over a range of that deviation.
            let limit = (6 / Double(inputs)).squareRoot() * (outputs == 1 ? 0.1 : 1)
            weights.append(
                Block((0..<inputs * outputs).map { _ in Float((random.unit() * 2 - 1) * limit) }))
            biases.append(Block([Float](repeating: 0, count: outputs)))
        }
        biases[biases.count - 1].values = [Float(log(chance / (1 - chance)))]
        (self.sizes, self.random) = (sizes, random)
        inputs = sizes.map { [Float](repeating: 0, count: batch * $0) }
        slopes = inputs
        mask = [Float](repeating: 0, count: batch * (sizes.dropFirst().max() ?? 0))
    }

    /// One step down the gradient of the mean of weighted cross-entropies.
    mutating func step(
        _ rows: ArraySlice<Int>, of examples: PerceptronFitting.Examples, scale: Float, dropout: Double,
        _ adam: (Kind) -> TrainingKernels.AdamStep
    ) {
        differentiate(rows, of: examples, scale: scale, dropout: dropout)
        for layer in weights.indices {
            weights[layer].descend(adam(.weights))
            biases[layer].descend(adam(.bias))
        }
    }

    /// Fills the gradients, and gives the loss.
    @discardableResult
    mutating func differentiate(
        _ rows: ArraySlice<Int>, of examples: PerceptronFitting.Examples, scale: Float, dropout: Double
    ) -> Double {
        let count = rows.count
        for place in 0..<count * sizes[0] { inputs[0][place] = 0 }
        for (place, row) in rows.enumerated() { examples.fill(row, &inputs[0], place * sizes[0]) }
        forward(count, dropout: dropout)
        let last = weights.count
        var loss = 0.0
        for (place, row) in rows.enumerated() {
            let (output, label) = (inputs[last][place], examples.labels[row])
            let weight = examples.weights[row] * scale / Float(count)
            slopes[last][place] = (1 / (1 + exp(-output)) - label) * weight
            // log(1 + e^z) − y·z, without overflow.
            loss += Double((max(0, output) + log1p(exp(-abs(output))) - label * output) * weight)
        }
        for layer in weights.indices.reversed() { backward(layer, count, keptFactor: Float(1 / (1 - dropout))) }
        return loss
    }

    private mutating func forward(_ count: Int, dropout: Double) {
        for layer in weights.indices {
            let (depth, width) = (sizes[layer], sizes[layer + 1])
            let (input, matrix) = (inputs[layer], weights[layer].values)
            MatrixProduct.multiply(
                input.span.extracting(0..<count * depth), matrix.span, depth: depth, into: &inputs[layer + 1])
            let size = count * width
            Self.add(biases[layer].values, to: &inputs[layer + 1], count: size)
            guard layer + 1 < weights.count else { break }
            Self.rectify(&inputs[layer + 1], count: size, mask: &mask, rate: dropout, key: random.next())
        }
    }

    private static func add(_ bias: [Float], to outputs: inout [Float], count: Int) {
        let width = bias.count
        var outputs = outputs.mutableSpan
        let bias = bias.span
        for start in stride(from: 0, to: count, by: width) {
            for unit in 0..<width { outputs[start + unit] += bias[unit] }
        }
    }

    /// The rectifier, and dropout behind it.
    private static func rectify(_ outputs: inout [Float], count: Int, mask: inout [Float], rate: Double, key: UInt64) {
        var drawn = mask.mutableSpan
        TrainingKernels.dropoutMask(&drawn, rate: rate, key: key)
        var outputs = outputs.mutableSpan
        for place in 0..<count { outputs[place] = max(0, outputs[place]) * drawn[place] }
    }

    private mutating func backward(_ layer: Int, _ count: Int, keptFactor: Float) {
        let (depth, width) = (sizes[layer], sizes[layer + 1])
        let (above, input, matrix) = (slopes[layer + 1], inputs[layer], weights[layer].values)
        MatrixProduct.multiply(
            above.span.extracting(0..<count * width), input.span.extracting(0..<count * depth), transposed: .left,
            depth: count, into: &weights[layer].gradients)
        Self.addRows(of: above, count: count * width, into: &biases[layer].gradients)
        guard layer > 0 else { return }
        MatrixProduct.multiply(
            above.span.extracting(0..<count * width), matrix.span, transposed: .neither, depth: width,
            into: &slopes[layer])
        Self.pass(&slopes[layer], count: count * depth, where: input, factor: keptFactor)
    }

    private static func addRows(of rows: [Float], count: Int, into sums: inout [Float]) {
        let width = sums.count
        var sums = sums.mutableSpan
        let rows = rows.span
        for unit in 0..<width { sums[unit] = 0 }
        for start in stride(from: 0, to: count, by: width) {
            for unit in 0..<width { sums[unit] += rows[start + unit] }
        }
    }

    /// Slopes pass where something came out, by the factor with which units are kept.
    private static func pass(_ slopes: inout [Float], count: Int, where outputs: [Float], factor: Float) {
        var slopes = slopes.mutableSpan
        let outputs = outputs.span
        for place in 0..<count { slopes[place] *= outputs[place] > 0 ? factor : 0 }
    }

    func perceptron() throws(RankingError) -> Perceptron {
        var layers: [Perceptron.Layer] = []
        for (layer, block) in weights.enumerated() {
            layers.append(
                try Perceptron.Layer(inputs: sizes[layer], weights: block.values, bias: biases[layer].values))
        }
        return try Perceptron(layers)
    }
}
