internal import Foundation
internal import Numerics
public import Pictures
public import Torch

/// Training of a classifier on pictures, with augmentation and held-out pictures.
public final class PictureTask: TrainingTask {
    public let classifier: PictureClassifier
    public let rule: any UpdateRule
    public let fingerprint: String
    public var shard = Shard.whole
    private let training: PictureSet
    private let heldOut: PictureSet
    private let batch: Int
    private let augmentation: Augmentation?
    private let smoothing: Double
    private let seed: UInt64
    /// Of the epoch that has begun.
    private var batches: Prefetch<PictureBatches>?

    /// - Parameter heldOut: Pictures that early stopping and the choice of an epoch may look at.
    /// - Parameter smoothing: Of labels, see `Loss.crossEntropy`.
    public init(
        _ classifier: PictureClassifier, training: PictureSet, heldOut: PictureSet, rule: any UpdateRule, batch: Int,
        augmentation: Augmentation?, smoothing: Double, seed: UInt64
    ) {
        (self.classifier, self.training, self.heldOut, self.rule) = (classifier, training, heldOut, rule)
        (self.batch, self.augmentation, self.smoothing, self.seed) = (batch, augmentation, smoothing, seed)
        fingerprint =
            "\(classifier.name) of \(classifier.parameters.count) numbers on \(training.count) pictures "
            + "(\(Self.checksum(training).text)), batch \(batch), "
            + "\(rule), \(augmentation.map { "\($0)" } ?? "no augmentation"), smoothing \(smoothing), "
            + "\(classifier.precision) precision"
    }

    private static func checksum(_ pictures: PictureSet) -> DataChecksum {
        var sum = DataChecksum()
        for pixel in pictures.pixels { sum.add(UInt64(pixel)) }
        for label in pictures.labels { sum.add(UInt64(label)) }
        return sum
    }

    public var parameters: Parameters { classifier.parameters }
    public var batchCount: Int { (training.count + batch - 1) / batch }

    public func begin(epoch: Int) throws {
        var random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        let order = Array(0..<training.count).shuffled(using: &random)
        batches = Prefetch(
            PictureBatches(
                pictures: training, order: order, size: batch, augmentation: augmentation, shard: shard, random: random),
            count: batchCount)
    }

    public func loss(ofBatch batch: Int) throws -> Tensor {
        let (numbers, labels, share) = try examples(batch)
        return try share.part(
            ofMean: try Loss.crossEntropy(
                try classifier.network(numbers, isTraining: true), labels, smoothing: smoothing))
    }

    public func layerNotFinite(inBatch batch: Int) throws -> String? {
        try classifier.network.firstNotFinite(try examples(batch).numbers)
    }

    public func validate() throws -> Validation? {
        let probabilities = try classifier.probabilities(of: heldOut)
        let classes = heldOut.classes.count
        var (loss, hits) = (0.0, 0)
        for (place, label) in heldOut.labels.enumerated() {
            let row = probabilities[place * classes..<(place + 1) * classes]
            loss -= Double(log(max(row[row.startIndex + Int(label)], .leastNormalMagnitude)))
            if row.firstIndex(of: row.max() ?? 0) == row.startIndex + Int(label) { hits += 1 }
            if row.contains(where: { !$0.isFinite }) { loss = .nan }
        }
        return Validation(loss: loss / Double(heldOut.count), score: Double(hits) / Double(heldOut.count))
    }

    private func examples(_ number: Int) throws -> (numbers: Tensor, labels: Tensor, share: Shard.Share) {
        guard let batch = batches?.take(number) else { preconditionFailure("no epoch has begun") }
        let labels = try Tensor(batch.labels, shape: [batch.labels.count], device: parameters.device)
        let numbers = try classifier.numbers(
            batch.pixels, count: batch.labels.count, height: training.height, width: training.width)
        return (numbers, labels, batch.share)
    }
}
