/// Normalises each channel, by the batch in training and by running statistics afterwards (Ioffe and Szegedy, 2015).
public struct BatchNormalisation: Layer {
    let weight: Tensor
    let bias: Tensor
    let mean: Tensor
    let variance: Tensor
    let momentum: Double

    public init(_ parameters: Parameters, _ name: String, channels: Int, momentum: Double = 0.1) throws(TorchError) {
        weight = try parameters.vector(name + ".weight", count: channels, value: 1)
        bias = try parameters.vector(name + ".bias", count: channels, value: 0)
        mean = try parameters.vector(name + ".running_mean", count: channels, value: 0, isLearned: false)
        variance = try parameters.vector(name + ".running_var", count: channels, value: 1, isLearned: false)
        self.momentum = momentum
    }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try input.batchNormalised(
            weight: weight, bias: bias, runningMean: mean, runningVariance: variance, isTraining: isTraining,
            momentum: momentum, epsilon: 1e-5)
    }
}
