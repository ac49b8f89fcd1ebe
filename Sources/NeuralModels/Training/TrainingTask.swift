public import Torch

/// What a trainer needs of a model and its data.
public protocol TrainingTask: AnyObject {
    var parameters: Parameters { get }
    var rule: any UpdateRule { get }
    /// Batches of one epoch.
    var batchCount: Int { get }
    /// Model, data and settings in words: a checkpoint with others is refused.
    var fingerprint: String { get }
    /// Draws the order of an epoch's examples; must depend on the epoch and the seed alone.
    func begin(epoch: Int) throws
    /// What is computed of each batch; `.whole` unless several processes train together.
    var shard: Shard { get set }
    /// The mean loss of a batch, from 0, of the epoch that has begun; of a shard its part, see `Shard.Share`.
    func loss(ofBatch batch: Int) throws -> Tensor
    /// Measures on held-out data, without gradients; `nil` if nothing is held out: then the last epoch is kept.
    func validate() throws -> Validation?
    /// The layer in which a batch stops being finite, if it can be told.
    func layerNotFinite(inBatch batch: Int) throws -> String?
}

/// Figures on held-out data.
public struct Validation: Sendable, Hashable {
    public let loss: Double
    /// What is compared between epochs: higher is better.
    public let score: Double
    public init(loss: Double, score: Double) { (self.loss, self.score) = (loss, score) }
}
