/// Gives each vector of the last axis zero mean and unit variance, then scales and shifts it (Ba, Kiros and Hinton, 2016).
public struct LayerNormalisation: Layer {
    let weight: Tensor
    let bias: Tensor
    let epsilon: Double

    public init(_ parameters: Parameters, _ name: String, width: Int, epsilon: Double = 1e-8) throws(TorchError) {
        weight = try parameters.vector(name + ".weight", count: width, value: 1)
        bias = try parameters.vector(name + ".bias", count: width, value: 0)
        self.epsilon = epsilon
    }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try input.layerNormalised(weight: weight, bias: bias, epsilon: epsilon)
    }
}
