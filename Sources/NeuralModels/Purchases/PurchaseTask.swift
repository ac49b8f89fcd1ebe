internal import Evaluation
internal import Numerics
internal import Torch

/// Scaled rows with what came of them.
struct ScaledExamples {
    let width: Int
    /// Shape `[count, width]`.
    let rows: [Float]
    let labels: [Bool]
    var count: Int { labels.count }

    /// A number that other examples are unlikely to share (FNV-1a).
    var checksum: UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for value in rows { hash = (hash ^ UInt64(value.bitPattern)) &* 0x100_0000_01B3 }
        for label in labels { hash = (hash ^ (label ? 1 : 2)) &* 0x100_0000_01B3 }
        return hash
    }
}

/// Training of a purchase network by binary cross-entropy; the epoch with the least loss on held-out examples is the best.
final class PurchaseTask: TrainingTask {
    let model: PurchaseNetwork
    let rule: any UpdateRule
    let fingerprint: String
    var shard = Shard.whole
    private let training: ScaledExamples
    private let heldOut: ScaledExamples?
    private let batch: Int
    private let seed: UInt64
    private var order: [Int]

    init(
        _ model: PurchaseNetwork, training: ScaledExamples, heldOut: ScaledExamples?, rule: any UpdateRule, batch: Int,
        seed: UInt64
    ) {
        (self.model, self.training, self.heldOut) = (model, training, heldOut)
        (self.rule, self.batch, self.seed) = (rule, batch, seed)
        order = Array(0..<training.count)
        fingerprint =
            "purchase network of \(model.parameters.count) numbers on \(training.count) examples "
            + "(\(String(training.checksum, radix: 16))), \(batch) a step, \(rule)"
    }

    var parameters: Parameters { model.parameters }
    var batchCount: Int { (training.count + batch - 1) / batch }

    func begin(epoch: Int) throws {
        var random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        order = Array(0..<training.count).shuffled(using: &random)
    }

    func loss(ofBatch number: Int) throws -> Tensor {
        let all = order[number * batch..<min(order.count, (number + 1) * batch)]
        let share = shard.share(ofBatch: all.count)
        let chosen = share.places.map { all[all.startIndex + $0] }
        let labels = try Tensor(
            chosen.map { training.labels[$0] ? 1 : 0 as Float }, shape: [chosen.count, 1], device: parameters.device)
        return try share.part(
            ofMean: try Loss.binaryCrossEntropy(try model.network(try numbers(chosen), isTraining: true), labels))
    }

    func validate() throws -> Validation? {
        guard let heldOut else { return nil }
        let chances = try model.chances(heldOut.rows)
        let loss = ClassificationMetrics.logLoss(probabilities: chances, labels: heldOut.labels) ?? .nan
        return Validation(loss: loss, score: -loss)
    }

    func layerNotFinite(inBatch number: Int) throws -> String? {
        try model.network.firstNotFinite(
            try numbers(order[number * batch..<min(order.count, (number + 1) * batch)]))
    }

    private func numbers(_ chosen: some Collection<Int>) throws -> Tensor {
        let width = training.width
        var rows: [Float] = []
        rows.reserveCapacity(chosen.count * width)
        for place in chosen { rows += training.rows[place * width..<(place + 1) * width] }
        return try Tensor(rows, shape: [chosen.count, width], device: parameters.device)
    }
}
