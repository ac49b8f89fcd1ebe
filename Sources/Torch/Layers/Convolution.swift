/// A convolution with a square kernel whose output is as large as its input, divided by the stride.
public struct Convolution: Layer {
    let weight: Tensor
    let stride: Int
    let padding: Int

    /// Without a bias, for batch normalisation follows.
    public init(
        _ parameters: Parameters, _ name: String, inputs: Int, outputs: Int, size: Int = 3, stride: Int = 1
    ) throws(TorchError) {
        weight = try parameters.weight(
            name + ".weight", shape: [outputs, inputs, size, size], .he(inputs: inputs * size * size))
        (self.stride, padding) = (stride, size / 2)
    }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try input.convolved(with: weight, bias: nil, stride: stride, padding: padding)
    }
}
