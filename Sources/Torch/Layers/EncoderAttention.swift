/// `SelfAttention` with the names of BERT's tensors, each a layer of its own: `self.query`, `self.key`, `self.value` and
/// `output.dense`.
public struct EncoderAttention {
    let query: Linear
    let key: Linear
    let value: Linear
    let outer: Linear
    let heads: Int

    public init(_ parameters: Parameters, _ name: String, width: Int, heads: Int) throws(TorchError) {
        precondition(heads > 0 && width % heads == 0, "heads share the width evenly")
        query = try Linear(parameters, name + ".self.query", inputs: width, outputs: width)
        key = try Linear(parameters, name + ".self.key", inputs: width, outputs: width)
        value = try Linear(parameters, name + ".self.value", inputs: width, outputs: width)
        outer = try Linear(parameters, name + ".output.dense", inputs: width, outputs: width)
        self.heads = heads
    }

    /// - Parameter input: Shape `[batch, length, width]`, and so is the result.
    /// - Parameter mask: Added to the scores, −∞ for places of padding; shape `[batch, 1, 1, length]`.
    public func callAsFunction(_ input: Tensor, mask: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        let shape = input.shape
        guard shape.count == 3 else {
            throw TorchError(operation: "attention", shapes: [shape], reason: "the input is not [batch, length, width]")
        }
        let depth = shape[2] / heads
        func split(_ layer: Linear) throws(TorchError) -> Tensor {
            try layer(input, isTraining: isTraining).reshaped([shape[0], shape[1], heads, depth]).transposed(1, 2)
        }
        let context = try SelfAttention.context(
            query: try split(query) * (1 / Double(depth).squareRoot()), key: try split(key), value: try split(value),
            mask: mask)
        return try outer(context, isTraining: isTraining)
    }
}
