import Foundation
import Numerics

/// Small data sets in the files of Fashion-MNIST, of pictures that are bright above (class 0) or below (class 1).
public enum FashionFiles {
    /// Pixels, shape `[count, side, side]`, and classes.
    public static func pictures(_ count: Int, seed: UInt64, side: Int = 28) -> (pixels: [UInt8], labels: [UInt8]) {
        var random = SeededGenerator(seed: seed)
        var (pixels, labels): ([UInt8], [UInt8]) = ([], [])
        for _ in 0..<count {
            let label = UInt8(random.next() & 1)
            labels.append(label)
            for place in 0..<side * side {
                let isBright = (place < side * side / 2) == (label == 0)
                pixels.append((isBright ? 150 : 20) + UInt8(random.next() & 63))
            }
        }
        return (pixels, labels)
    }

    /// Bytes of an IDX file.
    public static func idx(_ bytes: [UInt8], shape: [Int]) -> [UInt8] {
        var result: [UInt8] = [0, 0, 8, UInt8(shape.count)]
        for length in shape {
            for shift in [24, 16, 8, 0] { result.append(UInt8(truncatingIfNeeded: length >> shift)) }
        }
        return result + bytes
    }

    public static func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    /// Writes the four files; the seed of each part is its count.
    public static func write(to folder: String, training: Int = 200, test: Int = 50) throws {
        for (part, count) in [("train", training), ("t10k", test)] {
            let set = pictures(count, seed: UInt64(count))
            try write(idx(set.pixels, shape: [count, 28, 28]), folder + "/" + part + "-images-idx3-ubyte")
            try write(idx(set.labels, shape: [count]), folder + "/" + part + "-labels-idx1-ubyte")
        }
    }
}
