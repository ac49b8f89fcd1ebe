public import Torch

/// How a model is trained, whatever it is.
public struct TrainingSettings: Sendable, Hashable {
    public var epochs: Int
    /// Training ends after this many epochs, though the learning rate changes as for all; `nil` for all.
    public var lastEpoch: Int?
    /// Training stops after this many epochs without a better validation score.
    public var patience: Int
    /// The highest learning rate.
    public var rate: Double
    public var schedule: LearningRate
    /// The greatest joint length of the gradients; `nil` for no clipping.
    public var clip: Double?
    public var penalty: Optimiser.Penalty
    /// The rule by which weights change.
    public var optimiser = UpdateRuleKind.adamw
    /// Measured and kept are running averages of the weights with this decay a step (Polyak and Juditsky, 1992); 0: the
    /// weights themselves.
    public var averaging: Double
    public var seed: UInt64

    public init(
        epochs: Int, patience: Int, rate: Double, schedule: LearningRate = .constant, clip: Double? = nil,
        penalty: Optimiser.Penalty = .init(), averaging: Double = 0, seed: UInt64 = 1
    ) {
        (self.epochs, self.patience, self.rate, self.schedule) = (epochs, patience, rate, schedule)
        (self.clip, self.penalty, self.averaging, self.seed) = (clip, penalty, averaging, seed)
    }
}
