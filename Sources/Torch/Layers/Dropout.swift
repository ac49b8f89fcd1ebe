internal import Numerics

/// Drops numbers at random in training (Srivastava et al., 2014).
public struct Dropout: Layer {
    public let rate: Double
    private let random: RandomSource

    public init(_ parameters: Parameters, rate: Double) { (self.rate, random) = (rate, parameters.random) }

    public func callAsFunction(_ input: Tensor, isTraining: Bool) throws(TorchError) -> Tensor {
        isTraining ? try input.dropout(rate: rate, using: random) : input
    }

    /// What numbers on the processor are multiplied with; nothing if none is dropped.
    func factors(count: Int, isTraining: Bool) -> [Float] {
        guard isTraining, rate > 0 else { return [] }
        var factors = [Float](repeating: 0, count: count)
        var span = factors.mutableSpan
        TrainingKernels.dropoutMask(&span, rate: rate, key: random.nextKey())
        return factors
    }
}
