/// A convolution with a square kernel whose output is as large as its input, divided by the stride.
public struct Convolution: Layer {
    let weight: Tensor
    let stride: Int
    let padding: Int
    let precision: Precision

    /// Without a bias, for batch normalisation follows.
    ///
    /// - Parameter precision: Of the products in training; afterwards they are in single precision.
    public init(
        _ parameters: Parameters, _ name: String, inputs: Int, outputs: Int, size: Int = 3, stride: Int = 1,
        precision: Precision = .single
    ) throws(TorchError) {
        weight = try parameters.weight(
            name + ".weight", shape: [outputs, inputs, size, size], .he(inputs: inputs * size * size))
        (self.stride, padding, self.precision) = (stride, size / 2, precision)
    }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        guard isTraining, precision == .mixed else {
            return try input.convolved(with: weight, bias: nil, stride: stride, padding: padding)
        }
        return try input.converted(to: .half).convolved(
            with: try weight.converted(to: .half), bias: nil, stride: stride, padding: padding)
    }
}
