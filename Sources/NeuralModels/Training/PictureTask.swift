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
    private var order: [Int] = []
    private var random: SeededGenerator

    /// - Parameter heldOut: Pictures that early stopping and the choice of an epoch may look at.
    /// - Parameter smoothing: Of labels, see `Loss.crossEntropy`.
    public init(
        _ classifier: PictureClassifier, training: PictureSet, heldOut: PictureSet, rule: any UpdateRule, batch: Int,
        augmentation: Augmentation?, smoothing: Double, seed: UInt64
    ) {
        (self.classifier, self.training, self.heldOut, self.rule) = (classifier, training, heldOut, rule)
        (self.batch, self.augmentation, self.smoothing, self.seed) = (batch, augmentation, smoothing, seed)
        random = SeededGenerator(seed: seed)
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
        random = SeededGenerator(seed: Trainer.seed(seed, epoch: epoch))
        order = Array(0..<training.count)
        order.shuffle(using: &random)
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
        let all = order[number * batch..<min(order.count, (number + 1) * batch)]
        let changes = augmentation.map { augmentation in
            all.map { _ in augmentation.draw(width: training.width, height: training.height, using: &random) }
        }
        let share = shard.share(ofBatch: all.count)
        let chosen = share.places.map { all[all.startIndex + $0] }
        let size = training.pixelCount
        var pixels = [UInt8](repeating: 0, count: chosen.count * size)
        var target = pixels.mutableSpan
        for (place, picture) in chosen.enumerated() {
            write(picture, changes?[share.places[place]], into: &target, at: place * size)
        }
        let labels = try Tensor(
            chosen.map { Int64(training.labels[$0]) }, shape: [chosen.count], device: parameters.device)
        return (
            try classifier.numbers(pixels, count: chosen.count, height: training.height, width: training.width), labels,
            share
        )
    }

    private func write(
        _ picture: Int, _ change: Augmentation.Change?, into target: inout MutableSpan<UInt8>, at start: Int
    ) {
        let size = training.pixelCount
        let all = training.pixels
        let source = all.span.extracting(picture * size..<(picture + 1) * size)
        guard let change else {
            for pixel in 0..<size { target[start + pixel] = source[pixel] }
            return
        }
        change.apply(to: source, width: training.width, height: training.height, into: &target, at: start)
    }
}
