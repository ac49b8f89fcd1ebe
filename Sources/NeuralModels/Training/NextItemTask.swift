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
        /// Each of this many drawn items by itself, and not what it is worth beside others (BPR: Rendle et al., UAI 2009).
        case pairs(drawn: Int)

        /// How many are drawn for a batch.
        var drawn: Int {
            switch self {
            case .all: 0
            case .drawn(let count), .batch(let count), .pairs(let count): count
            }
        }

        /// For a reader.
        var words: String {
            switch self {
            case .all: "all items"
            case .drawn(let count): "\(count) drawn items a step"
            case .batch(let count): "the items of a step and \(count) drawn ones"
            case .pairs(let count): "each of \(count) drawn items a step (BPR)"
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
    private var prefetch: Prefetch<DrawingBatches>?

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
        var random = SeededGenerator(seed: Trainer.seed(seed, epoch: 0))
        batches = SequenceBatches(data.histories, recipe, positions: positions, using: &random)
        fingerprint =
            "\(network.kind.rawValue) of \(network.parameters.count) numbers on \(data.histories.count) histories "
            + "(\(data.checksum.text)), \(positions) positions a step, \(contrast), \(rule), "
            + "\(recipe.objective), \(recipe.changes)" + (note.map { ", " + $0 } ?? "")
    }

    public var parameters: Parameters { network.parameters }
    public var batchCount: Int { batches.people.count }

    public func begin(epoch: Int) throws {
        var random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        batches = SequenceBatches(data.histories, recipe, positions: positions, using: &random)
        prefetch = Prefetch(
            DrawingBatches(batches: batches, shard: shard, known: known, count: contrast.drawn, random: random),
            count: batchCount)
    }

    public func loss(ofBatch number: Int) throws -> Tensor {
        guard let batch = prefetch?.take(number) else { preconditionFailure("no epoch has begun") }
        switch contrast {
        case .all:
            let states = try network.states(after: try inputs(of: batch), isTraining: true)
            let all = try network.outputs(of: nil, isTraining: true)
            return try batch.share.part(
                ofMean: try Loss.crossEntropy(
                    try rows(states, batch).linear(weight: all, bias: nil), try vector(batch.targets)))
        case .drawn:
            return try batch.share.part(ofMean: try sampledLoss(batch, drawn: batch.drawn))
        case .batch(let count):
            let others = batch.allTargets + batch.drawn
            let expected = others.map { item in
                Double(batch.allTargets.count) * shares[Int(item)] + Double(count) / Double(known.count)
            }
            return try batch.share.part(ofMean: try sampledLoss(batch, drawn: others, expected: expected))
        case .pairs:
            let states = try network.states(after: try inputs(of: batch), isTraining: true)
            return try batch.share.part(
                ofMean: try pairLoss(try rows(states, batch), try vector(batch.targets), drawn: batch.drawn))
        }
    }

    private func vector(_ numbers: [Int64]) throws -> Tensor {
        try Tensor(numbers, shape: [numbers.count], device: parameters.device)
    }

    private func inputs(of batch: SequenceBatches.Batch) throws -> Tensor {
        try Tensor(batch.inputs, shape: batch.shape, device: parameters.device)
    }

    /// The states at the places at which something is asked, shape `[positions, width]`.
    private func rows(_ states: Tensor, _ batch: SequenceBatches.Batch) throws -> Tensor {
        try states.reshaped([-1, states.shape[2]]).selected(try vector(batch.places))
    }

    /// - Parameter expected: How often each of `drawn` is among them on average; equally if left out.
    func sampledLoss(_ batch: SequenceBatches.Batch, drawn: [Int64], expected: [Double]? = nil) throws -> Tensor {
        let (states, outputs) = try network.statesAndOutputs(
            after: try inputs(of: batch), of: [try vector(batch.targets), try vector(drawn)])
        let shifts =
            expected?.map { Float(-log($0)) }
            ?? [Float](repeating: Float(log(Double(known.count) / Double(drawn.count))), count: drawn.count)
        return try Loss.sampledSoftmax(
            states: try rows(states, batch), own: outputs[0], others: outputs[1], shifts: shifts,
            hits: Self.hits(batch.targets, drawn), device: parameters.device)
    }

    /// Where what was drawn is what is asked for.
    private static func hits(_ targets: [Int64], _ drawn: [Int64]) -> [Loss.Hit] {
        var columns: [Int64: [Int]] = [:]
        for (column, item) in drawn.enumerated() { columns[item, default: []].append(column) }
        return targets.enumerated().flatMap { row, item in
            (columns[item] ?? []).map { Loss.Hit(row: row, column: $0) }
        }
    }

    /// The mean over places and drawn items; one that is the place's own counts 0.
    ///
    /// - Parameter rows: Shape `[positions, width]`.
    func pairLoss(_ rows: Tensor, _ targets: Tensor, drawn: [Int64]) throws -> Tensor {
        let numbers = try vector(drawn)
        let own = try (try rows * (try network.outputs(of: targets, isTraining: true))).sum(axis: 1)
        let scores = try rows.linear(weight: try network.outputs(of: numbers, isTraining: true), bias: nil)
        let hits = try targets.expanded(at: 1).isEqual(to: numbers)
        return try Loss.bayesianRanking(
            positive: try own.expanded(at: 1), negative: try scores.masked(by: hits, with: -.infinity))
    }

    public func layerNotFinite(inBatch number: Int) throws -> String? {
        try network.firstNotFinite(after: try inputs(of: batches.batch(number, shard)))
    }

    public func validate() throws -> Validation? {
        guard let questions = data.questions else { return nil }
        let ranking = try NextItemRanking(network, data, known: known).measure(questions)
        return Validation(loss: ranking.loss, score: ranking.ndcg)
    }
}
