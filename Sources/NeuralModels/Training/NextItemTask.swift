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
        /// All that the batch asks for, and this many drawn evenly: each is lessened by the logarithm of how often it is to be expected
        /// (Yi et al., RecSys 2019; mixed: Yang et al., WWW 2020).
        case batch(drawn: Int)

        /// For a reader.
        var words: String {
            switch self {
            case .all: "all items"
            case .drawn(let count): "\(count) drawn items a step"
            case .batch(let count): "the items of a step and \(count) drawn ones"
            }
        }
    }

    public let network: any SequenceNetwork
    public let rule: any UpdateRule
    public let fingerprint: String
    public var shard = Shard.whole
    private let data: SequenceSet
    private let known: [Int32]
    /// How often each item occurs, of all that occurs.
    private let shares: [Double]
    private let contrast: Contrast
    private let recipe: SequenceRecipe
    private let positions: Int
    private let seed: UInt64
    private var batches: SequenceBatches
    private var random: SeededGenerator

    /// - Parameter recipe: What is asked of a history.
    /// - Parameter note: What else a checkpoint's run must agree in.
    /// - Parameter positions: The most places of a batch, see `SequenceBatches`.
    init(
        _ network: any SequenceNetwork, on data: SequenceSet, recipe: SequenceRecipe, rule: any UpdateRule,
        positions: Int,
        contrast: Contrast, note: String? = nil, seed: UInt64
    ) {
        (self.network, self.data, self.recipe, self.rule) = (network, data, recipe, rule)
        (self.positions, self.contrast, self.seed) = (positions, contrast, seed)
        known = data.known
        let counts = data.counts
        let total = Double(counts.reduce(0, +))
        shares = counts.map { Double($0) / total }
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: 0))
        batches = SequenceBatches(data.histories, recipe, positions: positions, using: &random)
        fingerprint =
            "\(network.kind.rawValue) of \(network.parameters.count) numbers on \(data.histories.count) histories "
            + "(\(data.checksum.text)), \(positions) positions a step, \(contrast), \(rule), "
            + "\(recipe.objective), \(recipe.changes)" + (note.map { ", " + $0 } ?? "")
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
            let all = try network.outputs(of: nil, isTraining: true)
            return try batch.share.part(
                ofMean: try Loss.crossEntropy(try rows.linear(weight: all, bias: nil), batch.targets))
        case .drawn(let count):
            return try batch.share.part(ofMean: try sampledLoss(rows, batch.targets, drawn: draw(count)))
        case .batch(let count):
            let others = batch.allTargets + draw(count)
            let expected = others.map { item in
                Double(batch.allTargets.count) * shares[Int(item)] + Double(count) / Double(known.count)
            }
            return try batch.share.part(
                ofMean: try sampledLoss(rows, batch.targets, drawn: others, expected: expected))
        }
    }

    private func draw(_ count: Int) -> [Int64] {
        (0..<count).map { _ in Int64(known[Int.random(in: 0..<known.count, using: &random)]) }
    }

    /// - Parameter rows: Shape `[positions, width]`.
    /// - Parameter expected: How often each of `drawn` is among them on average; equally if left out.
    func sampledLoss(_ rows: Tensor, _ targets: Tensor, drawn: [Int64], expected: [Double]? = nil) throws -> Tensor {
        let numbers = try Tensor(drawn, shape: [drawn.count], device: parameters.device)
        let own = try (try rows * (try network.outputs(of: targets, isTraining: true))).sum(axis: 1)
        let scores = try rows.linear(weight: try network.outputs(of: numbers, isTraining: true), bias: nil)
        let share = log(Double(known.count) / Double(drawn.count))
        let others =
            if let expected {
                try scores
                    + (try Tensor(expected.map { Float(-log($0)) }, shape: [drawn.count], device: parameters.device))
            } else { try scores + share }
        return try Loss.sampledSoftmax(
            positive: own, negatives: others, hits: try targets.expanded(at: 1).isEqual(to: numbers))
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
