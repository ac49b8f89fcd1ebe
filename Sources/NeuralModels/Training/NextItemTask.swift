internal import Evaluation
internal import Foundation
internal import Numerics
public import Torch

/// Training of a sequence network to tell each next item from all that came before it, or items that are hidden.
public final class NextItemTask: TrainingTask {
    /// Against what an item must stand out.
    public enum Contrast: Sendable, Hashable {
        /// All items: the cross-entropy itself (Klenitskiy and Vasilev, RecSys 2023).
        case all
        /// This many items, drawn evenly for each batch and shared by it; each stands for as many as there are for one drawn, so
        /// that their sum estimates that over all (sampled softmax: Bengio and Senécal, 2008).
        case drawn(Int)
    }

    public let network: any SequenceNetwork
    public let rule: any UpdateRule
    public let fingerprint: String
    public var shard = Shard.whole
    private let data: SequenceSet
    private let known: [Int32]
    private let contrast: Contrast
    private let recipe: SequenceRecipe
    private let positions: Int
    private let seed: UInt64
    private var batches: SequenceBatches
    private var random: SeededGenerator

    /// - Parameter recipe: What is asked of a history.
    /// - Parameter positions: The most places of a batch, see `SequenceBatches`.
    init(
        _ network: any SequenceNetwork, on data: SequenceSet, recipe: SequenceRecipe, rule: any UpdateRule,
        positions: Int,
        contrast: Contrast, seed: UInt64
    ) {
        (self.network, self.data, self.recipe, self.rule) = (network, data, recipe, rule)
        (self.positions, self.contrast, self.seed) = (positions, contrast, seed)
        known = data.known
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: 0))
        batches = SequenceBatches(data.histories, recipe, positions: positions, using: &random)
        fingerprint =
            "\(network.kind.rawValue) of \(network.parameters.count) numbers on \(data.histories.count) histories "
            + "(\(String(data.checksum, radix: 16))), \(positions) positions a step, \(contrast), \(rule), "
            + "\(recipe.objective), \(recipe.changes)"
    }

    public var parameters: Parameters { network.parameters }
    public var batchCount: Int { batches.people.count }

    public func begin(epoch: Int) throws {
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        batches = SequenceBatches(data.histories, recipe, positions: positions, using: &random)
    }

    public func loss(ofBatch number: Int) throws -> Tensor {
        let batch = try batches.batch(number, shard, device: parameters.device)
        let states = try network.states(after: batch.inputs, isTraining: true)
        let rows = try states.reshaped([-1, states.shape[2]]).selected(batch.places)
        switch contrast {
        case .all:
            return try batch.share.part(
                ofMean: try Loss.crossEntropy(
                    try rows.linear(weight: try network.outputs(of: nil), bias: nil), batch.targets))
        case .drawn(let count):
            let drawn = (0..<count).map { _ in Int64(known[Int.random(in: 0..<known.count, using: &random)]) }
            return try batch.share.part(ofMean: try sampledLoss(rows, batch.targets, drawn: drawn))
        }
    }

    /// - Parameter rows: Shape `[positions, width]`.
    func sampledLoss(_ rows: Tensor, _ targets: Tensor, drawn: [Int64]) throws -> Tensor {
        let numbers = try Tensor(drawn, shape: [drawn.count], device: parameters.device)
        let own = try (try rows * (try network.outputs(of: targets))).sum(axis: 1)
        let others = try rows.linear(weight: try network.outputs(of: numbers), bias: nil)
        let share = log(Double(known.count) / Double(drawn.count))
        return try Loss.sampledSoftmax(
            positive: own, negatives: try others + share, hits: try targets.expanded(at: 1).isEqual(to: numbers))
    }

    public func layerNotFinite(inBatch number: Int) throws -> String? {
        try network.firstNotFinite(after: try batches.batch(number, shard, device: parameters.device).inputs)
    }

    public func validate() throws -> Validation? {
        guard let targets = data.targets else { return nil }
        let ranking = try NextItemRanking(network, data, known: known).measure(targets)
        return Validation(loss: ranking.loss, score: ranking.ndcg)
    }
}
