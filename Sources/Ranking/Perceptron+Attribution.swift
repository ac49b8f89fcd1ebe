import Numerics

extension Perceptron {
    /// What each number of a row adds to its output beside the outputs of other rows, shape `[others, width]`.
    ///
    /// DeepLIFT with the rescale rule (Shrikumar, Greenside and Kundaje, ICML 2017): a unit's difference goes to its inputs in
    /// proportion to what they add to it, and through a rectifier as it is. A row of values adds up to output(row) − output(other).
    ///
    /// - Parameters:
    ///   - row: Shape `[width]`.
    ///   - others: Shape `[others, width]`.
    /// - Complexity: O(others × weights).
    public func attributions(of row: [Float], beside others: [Float]) -> [Float] {
        precondition(row.count == width && others.count % width == 0, "rows of this width")
        let count = others.count / width
        guard count > 0 else { return [] }
        let own = activations(of: row)
        let reference = activations(of: others)
        // What a difference of one in an output of the layer adds at the end.
        var multipliers = [Float](repeating: 1, count: count)
        for index in layers.indices.reversed() {
            let layer = layers[index]
            var below = [Float](repeating: 0, count: count * layer.inputs)
            MatrixProduct.multiply(
                multipliers.span, layer.weights.span, transposed: .neither, depth: layer.bias.count, into: &below)
            if index > 0 {
                for place in below.indices {
                    below[place] *= Self.slope(own[index - 1][place % layer.inputs], reference[index - 1][place])
                }
            }
            multipliers = below
        }
        return multipliers.indices.map { multipliers[$0] * (row[$0 % width] - others[$0]) }
    }

    /// Of the rectifier between two values; at one value its derivative.
    private static func slope(_ own: Float, _ other: Float) -> Float {
        abs(own - other) < 1e-6 ? (own > 0 ? 1 : 0) : (max(0, own) - max(0, other)) / (own - other)
    }
}
