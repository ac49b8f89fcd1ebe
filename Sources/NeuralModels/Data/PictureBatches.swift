internal import Numerics
internal import Pictures

/// Makes batches of pictures in some order, each changed at random.
struct PictureBatches: BatchMaker {
    struct Batch: Sendable {
        /// Picture after picture.
        let pixels: [UInt8]
        let labels: [Int64]
        let share: Shard.Share
    }

    let pictures: PictureSet
    /// Numbers of pictures, `size` a batch.
    let order: [Int]
    let size: Int
    let augmentation: Augmentation?
    let shard: Shard
    var random: SeededGenerator

    mutating func batch(_ number: Int) -> Batch {
        let all = order[number * size..<min(order.count, (number + 1) * size)]
        var changes: [Augmentation.Change] = []
        if let augmentation {
            // Drawn for the whole batch, whatever the shard.
            for _ in all {
                changes.append(augmentation.draw(width: pictures.width, height: pictures.height, using: &random))
            }
        }
        let share = shard.share(ofBatch: all.count)
        let chosen = share.places.map { all[all.startIndex + $0] }
        let length = pictures.pixelCount
        var pixels = [UInt8](repeating: 0, count: chosen.count * length)
        var target = pixels.mutableSpan
        for (place, picture) in chosen.enumerated() {
            write(picture, changes.isEmpty ? nil : changes[share.places[place]], into: &target, at: place * length)
        }
        return Batch(pixels: pixels, labels: chosen.map { Int64(pictures.labels[$0]) }, share: share)
    }

    private func write(
        _ picture: Int, _ change: Augmentation.Change?, into target: inout MutableSpan<UInt8>, at start: Int
    ) {
        let length = pictures.pixelCount
        let source = pictures.pixels.span.extracting(picture * length..<(picture + 1) * length)
        guard let change else {
            for pixel in 0..<length { target[start + pixel] = source[pixel] }
            return
        }
        change.apply(to: source, width: pictures.width, height: pictures.height, into: &target, at: start)
    }
}
