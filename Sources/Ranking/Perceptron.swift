import Numerics

/// A multilayer perceptron with rectified hidden layers and one output, the logarithm of odds.
///
/// Rows go in as numbers of like size; whoever holds the perceptron scales them.
public struct Perceptron: Sendable {
    /// One dense layer: z = W·a + b.
    public struct Layer: Sendable {
        public let inputs: Int
        /// Shape `[bias.count, inputs]`, row by row.
        public let weights: [Float]
        public let bias: [Float]
        let packed: PackedWeights

        /// - Throws: `corrupt` for weights that do not fit the bias, or are no numbers.
        public init(inputs: Int, weights: [Float], bias: [Float]) throws(RankingError) {
            guard inputs > 0, !bias.isEmpty, weights.count == inputs * bias.count, weights.allSatisfy(\.isFinite),
                bias.allSatisfy(\.isFinite)
            else { throw RankingError(.corrupt, "The weights of a perceptron's layer do not fit together.") }
            (self.inputs, self.weights, self.bias) = (inputs, weights, bias)
            packed = PackedWeights(weights, bias: bias, depth: inputs)
        }

        /// Shape `[count, bias.count]`, of inputs of shape `[count, inputs]`.
        func outputs(of values: [Float], count: Int) -> [Float] {
            var (outputs, scratch) = ([Float](repeating: 0, count: count * bias.count), DenseScratch())
            packed.apply(values, rows: count, into: &outputs, &scratch)
            return outputs
        }
    }

    /// The hidden layers and the last one, which has one output.
    public let layers: [Layer]

    /// Numbers of a row.
    public var width: Int { layers[0].inputs }

    /// - Throws: `corrupt` for layers that do not follow each other, or more than one output.
    public init(_ layers: [Layer]) throws(RankingError) {
        guard let last = layers.last, last.bias.count == 1,
            zip(layers, layers.dropFirst()).allSatisfy({ $0.bias.count == $1.inputs })
        else { throw RankingError(.corrupt, "The layers of a perceptron do not follow each other.") }
        self.layers = layers
    }

    /// The outputs of `rows`, shape `[count, width]`.
    ///
    /// - Complexity: O(count × weights).
    public func outputs(of rows: [Float]) -> [Float] {
        var values = rows
        for (number, layer) in layers.enumerated() {
            values = layer.outputs(of: values, count: rows.count / width)
            if number + 1 < layers.count { Self.rectify(&values) }
        }
        return values
    }

    /// What every layer puts out before its rectifier, shapes `[count, layer.bias.count]`.
    func activations(of rows: [Float]) -> [[Float]] {
        var results: [[Float]] = []
        for layer in layers {
            var input = results.last ?? rows
            if !results.isEmpty { Self.rectify(&input) }
            results.append(layer.outputs(of: input, count: rows.count / width))
        }
        return results
    }

    private static func rectify(_ values: inout [Float]) {
        var span = values.mutableSpan
        for place in span.indices { span[place] = max(0, span[place]) }
    }
}
