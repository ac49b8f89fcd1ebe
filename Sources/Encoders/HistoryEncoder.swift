import Numerics

/// Scores every item as the next of a history, by the weights of a network of attention: normalisation first, scores as cosines
/// with the items' vectors or products.
///
/// It computes what `souk-train sasrec` (Kang and McAuley, ICDM 2018), `esasrec` (Tikhonovich et al., RecSys 2025) and `bert4rec` (Sun
/// et al., CIKM 2019) write. Its scores are those of libtorch within 1e-4. A value of this type may serve many threads.
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
        /// The hidden layer; of gated blocks both halves side by side.
        var inner: DenseLayer
        var outer: DenseLayer
        /// What lets attention and perceptron through; plain blocks have none.
        var gates: (attention: DenseLayer, perceptron: DenseLayer)?
    }

    public let shape: Shape
    let items: ItemTable
    /// Shape `[length, width]`.
    let positions: [Float]
    let blocks: [Block]
    let norm: LayerNorm
    /// What stands for the item that is asked for, shape `[width]`, where attention sees both directions; `nil` where it is causal.
    let mask: [Float]?

    public var names: [String] { items.names }

    /// - Complexity: O(length × 12 width² + length² × width) a block, and O(items × width).
    public func scores(after history: [Int]) -> [Float] {
        let seen = history.suffix(mask == nil ? shape.length : shape.length - 1)
        return items.scores(of: seen.isEmpty ? nil : state(after: Array(seen)))
    }

    /// What the network makes of a history that is not empty, shape `[width]`.
    func state(after history: [Int]) -> [Float] {
        let (rows, width) = (history.count + (mask == nil ? 0 : 1), shape.width)
        var hidden = embedded(history)
        Self.pass(
            &hidden, through: blocks, rows: rows, width: width, heads: shape.heads, inner: shape.inner,
            isCausal: mask == nil)
        var normal = hidden
        norm.apply(hidden, rows: rows, into: &normal)
        return Array(normal.suffix(width))
    }

    /// What blocks make of a sequence's rows in place, shape `[rows, width]`.
    static func pass(
        _ hidden: inout [Float], through blocks: [Block], rows: Int, width: Int, heads: Int, inner innerWidth: Int,
        isCausal: Bool
    ) {
        var (normal, context) = (hidden, hidden)
        var joined = [Float](repeating: 0, count: rows * 3 * width)
        var inner = [Float](repeating: 0, count: rows * innerWidth)
        var scratch = DenseScratch()
        for block in blocks {
            block.attentionNorm.apply(hidden, rows: rows, into: &normal)
            block.joined.apply(normal, rows: rows, into: &joined, &scratch)
            TransformerKernels.attend(
                joined, starts: [0, rows], width: width, heads: heads, isCausal: isCausal, into: &context)
            block.output.apply(context, rows: rows, into: &normal, &scratch)
            add(normal, to: &hidden, through: block.gates?.attention, rows: rows, &scratch)
            block.perceptronNorm.apply(hidden, rows: rows, into: &normal)
            block.activate(normal, rows: rows, width: innerWidth, into: &inner, &scratch)
            block.outer.apply(inner, rows: rows, into: &normal, &scratch)
            add(normal, to: &hidden, through: block.gates?.perceptron, rows: rows, &scratch)
        }
    }

    private func embedded(_ history: [Int]) -> [Float] {
        var hidden = items.inputs(of: history) + (mask ?? [])
        var target = hidden.mutableSpan
        let positions = positions.span
        for place in 0..<target.count { target[place] += positions[place] }
        return hidden
    }

    /// Adds `values` to `sums`, times σ(gate · sums) if there is a gate.
    static func add(
        _ values: [Float], to sums: inout [Float], through gate: DenseLayer?, rows: Int, _ scratch: inout DenseScratch
    ) {
        let source = values.span
        var share = [Float](repeating: 1, count: sums.count)
        if let gate {
            gate.apply(sums, rows: rows, into: &share, &scratch)
            var shares = share.mutableSpan
            for place in 0..<shares.count { shares[place] = Sigmoid.of(shares[place]) }
        }
        let shares = share.span
        var target = sums.mutableSpan
        for place in 0..<target.count { target[place] += shares[place] * source[place] }
    }
}

extension HistoryEncoder.Block {
    /// Writes the perceptron's hidden layer, shape `[rows, width]`: gelu(inner), or silu(a) ⊙ b of a gated block.
    func activate(
        _ normal: [Float], rows: Int, width: Int, into hidden: inout [Float], _ scratch: inout DenseScratch
    ) {
        guard gates != nil else {
            inner.apply(normal, rows: rows, into: &hidden, &scratch)
            return TransformerKernels.gelu(&hidden, count: rows * width)
        }
        var both = [Float](repeating: 0, count: rows * 2 * width)
        inner.apply(normal, rows: rows, into: &both, &scratch)
        let source = both.span
        var target = hidden.mutableSpan
        for row in 0..<rows {
            for column in 0..<width {
                let value = source[row * 2 * width + column]
                target[row * width + column] = value * Sigmoid.of(value) * source[(row * 2 + 1) * width + column]
            }
        }
    }
}
