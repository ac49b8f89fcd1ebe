import Numerics

/// Scores every item as the next of a history, by the weights that `souk-train sasrec` writes (SASRec: Kang and McAuley, ICDM
/// 2018): causal attention, normalisation first, scores as products with the items' vectors.
///
/// Its scores are those of libtorch within 1e-4. A value of this type may serve many threads.
public struct HistoryEncoder: Sendable {
    /// What the weights say of themselves.
    public struct Shape: Sendable, Hashable {
        public var width: Int
        public var blocks: Int
        public var heads: Int
        /// Width of the perceptron inside a block.
        public var inner: Int
        /// Of longer histories only the end is used.
        public var length: Int
    }

    struct Block: Sendable {
        var attentionNorm: LayerNorm
        var query: DenseLayer
        var key: DenseLayer
        var value: DenseLayer
        var output: DenseLayer
        var perceptronNorm: LayerNorm
        var inner: DenseLayer
        var outer: DenseLayer
    }

    public let shape: Shape
    /// The names of the items, in the order of their vectors.
    public let names: [String]
    /// Shape `[items, width]`.
    let items: [Float]
    /// Shape `[length, width]`.
    let positions: [Float]
    let blocks: [Block]
    let norm: LayerNorm

    /// The score of every item after `history`, oldest first, as numbers of `names`.
    ///
    /// - Returns: Shape `[names.count]`; all zero for an empty history.
    /// - Complexity: O(length × 12 width² + length² × width) a block, and O(items × width).
    public func scores(after history: [Int]) -> [Float] {
        var scores = [Float](repeating: 0, count: names.count)
        let seen = history.suffix(shape.length)
        guard !seen.isEmpty else { return scores }
        MatrixProduct.multiply(state(after: Array(seen)).span, items.span, depth: shape.width, into: &scores)
        return scores
    }

    /// What the network makes of a history that is not empty, shape `[width]`.
    func state(after history: [Int]) -> [Float] {
        let (rows, width) = (history.count, shape.width)
        var hidden = embedded(history)
        var (normal, query, key, value, context) = (hidden, hidden, hidden, hidden, hidden)
        var inner = [Float](repeating: 0, count: rows * shape.inner)
        var scratch = EncoderScratch()
        for block in blocks {
            block.attentionNorm.apply(hidden, rows: rows, into: &normal)
            block.query.apply(normal, rows: rows, into: &query, &scratch)
            block.key.apply(normal, rows: rows, into: &key, &scratch)
            block.value.apply(normal, rows: rows, into: &value, &scratch)
            Attention.apply(
                query, key, value, [0, rows], width: width, heads: shape.heads, isCausal: true, into: &context)
            block.output.apply(context, rows: rows, into: &normal, &scratch)
            Self.add(normal, to: &hidden)
            block.perceptronNorm.apply(hidden, rows: rows, into: &normal)
            block.inner.apply(normal, rows: rows, into: &inner, &scratch)
            Activations.gelu(&inner, count: rows * shape.inner)
            block.outer.apply(inner, rows: rows, into: &normal, &scratch)
            Self.add(normal, to: &hidden)
        }
        norm.apply(hidden, rows: rows, into: &normal)
        return Array(normal.suffix(width))
    }

    private func embedded(_ history: [Int]) -> [Float] {
        let width = shape.width
        var hidden = [Float](repeating: 0, count: history.count * width)
        var target = hidden.mutableSpan
        let (items, positions) = (items.span, positions.span)
        for (row, item) in history.enumerated() {
            for column in 0..<width {
                target[row * width + column] = items[item * width + column] + positions[row * width + column]
            }
        }
        return hidden
    }

    private static func add(_ values: [Float], to sums: inout [Float]) {
        let source = values.span
        var target = sums.mutableSpan
        for place in 0..<target.count { target[place] += source[place] }
    }
}
