import Numerics

/// Scores every item as the next of a history, by the weights that `souk-train sasrec` writes (SASRec: Kang and McAuley, ICDM
/// 2018): causal attention, normalisation first, scores as cosines with the items' vectors or products.
///
/// Its scores are those of libtorch within 1e-4. A value of this type may serve many threads.
public struct HistoryEncoder: SequenceEncoder {
    /// What the weights say of themselves.
    public struct Shape: Sendable, Hashable {
        public var width: Int
        public var blocks: Int
        public var heads: Int
        /// Width of the perceptron inside a block.
        public var inner: Int
        /// Of longer histories only the end is used.
        public var length: Int
        /// A score is the cosine divided by this; 0 for plain products.
        public var temperature: Float
    }

    struct Block: Sendable {
        var attentionNorm: LayerNorm
        /// Query, key and value of every row side by side.
        var joined: DenseLayer
        var output: DenseLayer
        var perceptronNorm: LayerNorm
        var inner: DenseLayer
        var outer: DenseLayer
    }

    public let shape: Shape
    let items: ItemTable
    /// Shape `[length, width]`.
    let positions: [Float]
    let blocks: [Block]
    let norm: LayerNorm

    public var names: [String] { items.names }

    /// - Complexity: O(length × 12 width² + length² × width) a block, and O(items × width).
    public func scores(after history: [Int]) -> [Float] {
        let seen = history.suffix(shape.length)
        return items.scores(of: seen.isEmpty ? nil : state(after: Array(seen)))
    }

    /// What the network makes of a history that is not empty, shape `[width]`.
    func state(after history: [Int]) -> [Float] {
        let (rows, width) = (history.count, shape.width)
        var hidden = embedded(history)
        var (normal, context) = (hidden, hidden)
        var joined = [Float](repeating: 0, count: rows * 3 * width)
        var inner = [Float](repeating: 0, count: rows * shape.inner)
        var scratch = DenseScratch()
        for block in blocks {
            block.attentionNorm.apply(hidden, rows: rows, into: &normal)
            block.joined.apply(normal, rows: rows, into: &joined, &scratch)
            TransformerKernels.attend(
                joined, starts: [0, rows], width: width, heads: shape.heads, isCausal: true, into: &context)
            block.output.apply(context, rows: rows, into: &normal, &scratch)
            Self.add(normal, to: &hidden)
            block.perceptronNorm.apply(hidden, rows: rows, into: &normal)
            block.inner.apply(normal, rows: rows, into: &inner, &scratch)
            TransformerKernels.gelu(&inner, count: rows * shape.inner)
            block.outer.apply(inner, rows: rows, into: &normal, &scratch)
            Self.add(normal, to: &hidden)
        }
        norm.apply(hidden, rows: rows, into: &normal)
        return Array(normal.suffix(width))
    }

    private func embedded(_ history: [Int]) -> [Float] {
        let width = shape.width
        var hidden = items.inputs(of: history)
        var target = hidden.mutableSpan
        let positions = positions.span
        for place in 0..<history.count * width { target[place] += positions[place] }
        return hidden
    }

    private static func add(_ values: [Float], to sums: inout [Float]) {
        let source = values.span
        var target = sums.mutableSpan
        for place in 0..<target.count { target[place] += source[place] }
    }
}
