import Numerics
import Storage

/// Scores every item as the next of a history, by the weights that `souk-train two-tower` writes (Yi et al., RecSys 2019): means of
/// the items' vectors through a perceptron, scores as cosines with the items' vectors or products.
///
/// Its scores are those of libtorch within 1e-4.
public struct TowerEncoder: SequenceEncoder {
    /// What the manifest of a model names it.
    public static let kind = "two-tower"
    static let formatVersion = 1
    /// What an item weighs of the one after it, in the second mean.
    private static let decay: Float = 0.7
    /// Counts of items share a row from one power of two to the next.
    private static let countRows = 14

    /// Of longer histories only the end is used.
    public let length: Int
    let items: ItemTable
    private let innerWidth: Int
    private let norm: LayerNorm
    private let inner: DenseLayer
    /// Shape `[countRows, innerWidth]`.
    private let counts: [Float]
    private let outer: DenseLayer

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
        guard width % 8 == 0 else {
            throw EncoderError(.wrongModel, "shape.json: the width must be a multiple of 8.")
        }
        innerWidth = try shape.number("inner", 8...16_384)
        length = try shape.number("length", 1...8192)
        items = try ItemTable(source, width: width, temperature: try shape.temperature())
        norm = LayerNorm(
            weight: try file.floats("user.norm.weight", shape: [3 * width]),
            bias: try file.floats("user.norm.bias", shape: [3 * width]), epsilon: 1e-8)
        inner = try file.dense("user.inner", innerWidth, 3 * width)
        counts = try file.floats("user.counts", shape: [Self.countRows, innerWidth])
        outer = try file.dense("user.outer", width, innerWidth)
    }

    public var names: [String] { items.names }

    /// - Complexity: O(length × width + width × inner), and O(items × width).
    public func scores(after history: [Int]) -> [Float] {
        let seen = Array(history.suffix(length))
        return items.scores(of: seen.isEmpty ? nil : state(after: seen))
    }

    /// What the network makes of a history that is not empty, shape `[width]`.
    private func state(after history: [Int]) -> [Float] {
        let (rows, width) = (items.inputs(of: history), items.width)
        var means = [Float](repeating: 0, count: 3 * width)
        var (weight, sum): (Float, Float) = (1, 0)
        for row in stride(from: history.count - 1, through: 0, by: -1) {
            for column in 0..<width {
                let value = rows[row * width + column]
                means[column] += value / Float(history.count)
                means[width + column] += weight * value
                if row == history.count - 1 { means[2 * width + column] = value }
            }
            sum += weight
            weight *= Self.decay
        }
        for column in width..<2 * width { means[column] /= sum }
        var (normal, scratch) = (means, DenseScratch())
        norm.apply(means, rows: 1, into: &normal)
        var hidden = [Float](repeating: 0, count: innerWidth)
        inner.apply(normal, rows: 1, into: &hidden, &scratch)
        let row = min(Self.countRows - 1, Int.bitWidth - 1 - history.count.leadingZeroBitCount)
        for unit in 0..<innerWidth { hidden[unit] += counts[row * innerWidth + unit] }
        TransformerKernels.gelu(&hidden, count: innerWidth)
        var state = [Float](repeating: 0, count: width)
        outer.apply(hidden, rows: 1, into: &state, &scratch)
        return state
    }
}
