/// Drops numbers at random in training (Srivastava et al., 2014).
public struct Dropout: Layer {
    public let rate: Double
    public init(rate: Double) { self.rate = rate }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        try input.dropout(rate: rate, isTraining: isTraining)
    }
}
