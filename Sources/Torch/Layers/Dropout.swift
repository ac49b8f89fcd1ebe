/// Drops numbers at random in training (Srivastava et al., 2014).
public struct Dropout: Layer {
    public let rate: Double
    private let random: RandomSource

    public init(_ parameters: Parameters, rate: Double) { (self.rate, random) = (rate, parameters.random) }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        isTraining ? try input.dropout(rate: rate, using: random) : input
    }
}
