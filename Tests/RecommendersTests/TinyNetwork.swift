import Encoders
import Numerics
import Storage

@testable import Recommenders

/// A network of one block with seeded weights, as `souk-train sasrec` would write it.
enum TinyNetwork {
    static func files(items: Int, seed: UInt64 = 3, temperature: Double = 0.1) -> SequenceFiles {
        let (width, inner, length) = (16, 8, 6)
        var random = SeededGenerator(seed: seed)
        var weights = SafetensorsWriter()
        func add(_ name: String, _ shape: [Int], about centre: Float = 0) {
            let values = (0..<shape.reduce(1, *)).map { _ in centre + Float(random.unit() - 0.5) }
            weights.add(name, values, shape: shape)
        }
        add("items", [items, width])
        add("positions", [length, width])
        for norm in ["blocks.0.attention.norm", "blocks.0.perceptron.norm", "norm"] {
            add(norm + ".weight", [width], about: 1)
            add(norm + ".bias", [width])
        }
        for (name, rows, columns) in [
            ("attention.in", 3 * width, width), ("attention.out", width, width), ("perceptron.inner", inner, width),
            ("perceptron.outer", width, inner),
        ] {
            add("blocks.0.\(name).weight", [rows, columns])
            add("blocks.0.\(name).bias", [rows])
        }
        let shape =
            #"{"width":16,"blocks":1,"heads":1,"inner":8,"length":6,"temperature":\#(temperature)}"#
        return SequenceFiles(
            kind: "sasrec", names: (0..<items).map { "i\($0)" }, shape: Array(shape.utf8), weights: weights.encoded())
    }

    /// Rows are item numbers; the last `unbought` items were never bought.
    static func network(items: Int, unbought: Int = 0, tellsNew: Bool = false, seed: UInt64 = 3) -> ShopNetwork {
        ShopNetwork(
            files: files(items: items, seed: seed), items: (0..<UInt32(items)).map { $0 },
            counts: (0..<items).map { $0 < items - unbought ? 5 : 0 }, tellsNew: tellsNew)
    }
}
