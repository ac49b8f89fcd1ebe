/// Attention of several heads from the places of one sequence to those of another, its memory (Vaswani et al., 2017, section 3.2.3).
public struct CrossAttention {
    let query: Linear
    /// Key and value of a place of the memory side by side.
    let memory: Linear
    let outer: Linear
    let heads: Int
    let dropout: Dropout

    /// - Parameter dropout: Of the attention's weights.
    public init(
        _ parameters: Parameters, _ name: String, width: Int, heads: Int, dropout: Double
    ) throws(TorchError) {
        precondition(heads > 0 && width % heads == 0, "heads share the width evenly")
        query = try Linear(parameters, name + ".query", inputs: width, outputs: width)
        memory = try Linear(
            parameters, name + ".memory", inputs: width, outputs: 2 * width,
            initial: .glorot(inputs: width, outputs: width))
        outer = try Linear(parameters, name + ".out", inputs: width, outputs: width)
        (self.heads, self.dropout) = (heads, Dropout(parameters, rate: dropout))
    }

    /// - Parameters:
    ///   - input: Shape `[batch, length, width]`, and so is the result.
    ///   - source: What is looked at, shape `[batch, places, width]`.
    ///   - mask: Added to the scores, −∞ for places of padding; shape `[batch, 1, 1, places]`.
    public func callAsFunction(
        _ input: Tensor, over source: Tensor, mask: Tensor, isTraining: Bool
    ) throws(TorchError) -> Tensor {
        let (shape, places) = (input.shape, source.shape)
        guard shape.count == 3, places.count == 3, shape[0] == places[0], shape[2] == places[2] else {
            throw TorchError(
                operation: "cross-attention", shapes: [shape, places],
                reason: "both are not [batch, length, width] with the same batch and width")
        }
        let depth = shape[2] / heads
        let asked = try query(input, isTraining: isTraining).reshaped([shape[0], shape[1], heads, depth])
            .transposed(1, 2)
        let known = try memory(source, isTraining: isTraining).reshaped([places[0], places[1], 2 * heads, depth])
            .transposed(1, 2)
        let context = try SelfAttention.context(
            query: try asked * (1 / Double(depth).squareRoot()), key: try known.slice(axis: 1, 0..<heads),
            value: try known.slice(axis: 1, heads..<2 * heads), mask: mask
        ) { weights throws(TorchError) in try dropout(weights, isTraining: isTraining) }
        return try outer(context, isTraining: isTraining)
    }
}
