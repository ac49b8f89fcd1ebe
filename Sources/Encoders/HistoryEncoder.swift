import Numerics

/// Scores every item as the next of a history, by the weights that `souk-train sasrec` writes (SASRec: Kang and McAuley, ICDM
/// 2018): causal attention, normalisation first, scores as cosines with the items' vectors or products.
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
    /// The names of the items, in the order of their vectors.
    public let names: [String]
    /// At the input, shape `[items, width]`.
    let items: [Float]
    /// The same at the output: of length one if scores are cosines.
    let outputs: [Float]
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
        MatrixProduct.multiply(state(after: Array(seen)).span, outputs.span, depth: shape.width, into: &scores)
        return scores
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
        var state = Array(normal.suffix(width))
        if shape.temperature > 0 { Self.normalise(&state, width: width, to: 1 / shape.temperature) }
        return state
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

    /// Gives rows of `width` numbers this length.
    static func normalise(_ rows: inout [Float], width: Int, to length: Float) {
        var target = rows.mutableSpan
        for start in stride(from: 0, to: target.count, by: width) {
            var squares: Float = 0
            for place in start..<start + width { squares += target[place] * target[place] }
            let factor = length / max(squares.squareRoot(), 1e-12)
            for place in start..<start + width { target[place] *= factor }
        }
    }

    private static func add(_ values: [Float], to sums: inout [Float]) {
        let source = values.span
        var target = sums.mutableSpan
        for place in 0..<target.count { target[place] += source[place] }
    }
}
