import Foundation
import Numerics
import Storage

/// Scores every item as the next of a history, by the weights that `souk-train gru4rec` writes (GRU4Rec: Hidasi, Karatzoglou,
/// Baltrunas and Tikk, ICLR 2016): gated recurrent units, scores as cosines with the items' vectors or products.
///
/// Its scores are those of libtorch within 1e-4.
public struct RecurrentEncoder: SequenceEncoder {
    /// What the manifest of a model names it.
    public static let kind = "gru4rec"
    static let formatVersion = 1

    /// The rows of both layers are the gates r, z and the candidate n one above the other.
    struct Units: Sendable {
        /// Of what comes in.
        var inner: DenseLayer
        /// Of the state before.
        var hidden: DenseLayer
    }

    /// Of longer histories only the end is used.
    public let length: Int
    let items: ItemTable
    let layers: [Units]

    /// Reads a model's folder: `weights.safetensors`, `items.txt` and `shape.json` under a manifest.
    ///
    /// - Throws: `StorageError` for a folder that is missing, changed, of another kind or with tensors of other shapes, `EncoderError`
    ///   for a shape that this encoder does not compute.
    public init(folder: String) throws {
        try self.init(SequenceSource(folder: folder, kind: Self.kind, formatVersion: Self.formatVersion))
    }

    init(_ source: SequenceSource) throws {
        let (shape, file) = (source.shape, source.file)
        let width = try shape.number("width", 8...4096)
        length = try shape.number("length", 1...8192)
        items = try ItemTable(source, width: width, temperature: try shape.temperature())
        layers = try (0..<(try shape.number("layers", 1...16))).map { number in
            Units(
                inner: try file.dense("layers.\(number).input", 3 * width, width),
                hidden: try file.dense("layers.\(number).hidden", 3 * width, width))
        }
    }

    public var names: [String] { items.names }

    /// - Complexity: O(length × 6 width²) a layer, and O(items × width).
    public func scores(after history: [Int]) -> [Float] {
        let seen = Array(history.suffix(length))
        guard !seen.isEmpty else { return items.scores(of: nil) }
        var rows = items.inputs(of: seen)
        for layer in layers { layer.apply(to: &rows, count: seen.count, width: items.width) }
        return items.scores(of: Array(rows.suffix(items.width)))
    }
}

extension RecurrentEncoder.Units {
    /// Replaces each of `count` rows by the state after it, from a state of zeros.
    func apply(to rows: inout [Float], count: Int, width: Int) {
        var scratch = DenseScratch()
        var given = [Float](repeating: 0, count: count * 3 * width)
        inner.apply(rows, rows: count, into: &given, &scratch)
        var state = [Float](repeating: 0, count: width)
        var kept = [Float](repeating: 0, count: 3 * width)
        for row in 0..<count {
            hidden.apply(state, rows: 1, into: &kept, &scratch)
            for unit in 0..<width {
                let start = row * 3 * width + unit
                let reset = Sigmoid.of(given[start] + kept[unit])
                let update = Sigmoid.of(given[start + width] + kept[width + unit])
                let candidate = tanh(given[start + 2 * width] + reset * kept[2 * width + unit])
                state[unit] = (1 - update) * candidate + update * state[unit]
            }
            rows.replaceSubrange(row * width..<(row + 1) * width, with: state)
        }
    }
}
