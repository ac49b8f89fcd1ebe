/// Gated recurrent units (Cho et al., EMNLP 2014), as PyTorch defines them, over a sequence from its beginning:
/// r = σ(Wᵣx + bᵣ + Uᵣh + cᵣ), z = σ(W_z x + b_z + U_z h + c_z), n = tanh(Wₙx + bₙ + r ⊙ (Uₙh + cₙ)), h ← (1 − z) ⊙ n + z ⊙ h.
///
/// Gradients run back through all steps. The rows of W and U are those of r, z and n one above the other.
public struct GatedRecurrence: Layer {
    let inner: (weight: Tensor, bias: Tensor)
    let hidden: (weight: Tensor, bias: Tensor)
    let width: Int
    let device: Device

    /// - Parameter width: Units, which is the width of the result.
    public init(_ parameters: Parameters, _ name: String, inputs: Int, width: Int) throws(TorchError) {
        // Each gate has the first values of a layer of its own.
        inner = (
            try parameters.weight(
                name + ".input.weight", shape: [3 * width, inputs], .glorot(inputs: inputs, outputs: width)),
            try parameters.vector(name + ".input.bias", count: 3 * width, value: 0)
        )
        hidden = (
            try parameters.weight(
                name + ".hidden.weight", shape: [3 * width, width], .glorot(inputs: width, outputs: width)),
            try parameters.vector(name + ".hidden.bias", count: 3 * width, value: 0)
        )
        (self.width, device) = (width, parameters.device)
    }

    /// - Parameter input: Shape `[batch, length, inputs]`; the result has the shape `[batch, length, width]`.
    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        let shape = input.shape
        guard shape.count == 3 else {
            throw TorchError(
                operation: "recurrence", shapes: [shape], reason: "the input is not [batch, length, width]")
        }
        let zeros = [Float](repeating: 0, count: shape[0] * width)
        let start = try Tensor(zeros, shape: [1, shape[0], width], device: device)
        return try Tensor.one(
            "aten::gru", "input",
            [
                .tensor(input), .tensor(try start.converted(to: input.type ?? .float)),
                .tensors([inner.weight, hidden.weight, inner.bias, hidden.bias]), .flag(true), .integer(1), .number(0),
                .flag(isTraining), .flag(false), .flag(true),
            ])
    }
}
