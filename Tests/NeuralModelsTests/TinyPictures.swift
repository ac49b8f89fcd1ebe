import Foundation
import Numerics

@testable import NeuralModels

/// Pictures in two classes that a small network tells apart at once: bright above or bright below.
enum TinyPictures {
    static func make(_ count: Int, seed: UInt64, side: Int = 8) -> PictureSet {
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
        return PictureSet(height: side, width: side, pixels: pixels, labels: labels, classes: ["above", "below"])
    }

    /// Bytes of an IDX file.
    static func idx(_ bytes: [UInt8], shape: [Int]) -> [UInt8] {
        var result: [UInt8] = [0, 0, 8, UInt8(shape.count)]
        for length in shape {
            for shift in [24, 16, 8, 0] { result.append(UInt8(truncatingIfNeeded: length >> shift)) }
        }
        return result + bytes
    }

    static func write(_ bytes: [UInt8], _ path: String) throws { try Data(bytes).write(to: URL(filePath: path)) }

    /// Writes the four files of a data set in the shape of Fashion-MNIST.
    static func writeDataSet(_ folder: String) throws {
        for (part, count) in [("train", 200), ("t10k", 50)] {
            let set = make(count, seed: UInt64(count), side: 28)
            try write(
                idx(set.pixels, shape: [count, 28, 28]), folder + "/" + part + "-images-idx3-ubyte")
            try write(idx(set.labels, shape: [count]), folder + "/" + part + "-labels-idx1-ubyte")
        }
    }
}
