/// A dense layer, `x · Wᵀ + b`.
public struct Linear: Layer {
    let weight: Tensor
    let bias: Tensor?

    public init(
        _ parameters: Parameters, _ name: String, inputs: Int, outputs: Int, initial: Initial? = nil,
        hasBias: Bool = true
    ) throws(TorchError) {
        weight = try parameters.weight(
            name + ".weight", shape: [outputs, inputs], initial ?? .glorot(inputs: inputs, outputs: outputs))
        bias = hasBias ? try parameters.vector(name + ".bias", count: outputs, value: 0) : nil
    }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try input.linear(weight: weight, bias: bias)
    }
}
