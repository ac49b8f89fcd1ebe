internal import Foundation
internal import Numerics

/// Writes phrases letter by letter: the forward pass of `souk-train rewriter`, an encoder and a decoder (Vaswani et al., 2017), and of
/// `souk-train suggester`, the decoder alone.
///
/// Keys and values of letters that were read are kept, so that a letter costs one row. Scores are those of libtorch within 1e-4. A value of
/// this type may serve many threads.
public struct PhraseModel: Sendable {
    public enum Kind: String, Sendable, CaseIterable {
        /// Reads a phrase as it was typed and writes the one that was meant.
        case rewriter
        /// Goes on with the beginning of a phrase.
        case suggester
    }

    /// What the weights say of themselves.
    public struct Shape: Sendable, Hashable {
        public var width: Int
        /// Of the encoder, and of the decoder.
        public var blocks: Int
        public var heads: Int
        /// Width of the perceptron inside a block.
        public var inner: Int
        /// The most places of a phrase, its end included.
        public var length: Int

        public init(width: Int, blocks: Int, heads: Int, inner: Int, length: Int) {
            (self.width, self.blocks, self.heads, self.inner, self.length) = (width, blocks, heads, inner, length)
        }
    }

    /// A phrase that the model holds for likely.
    public struct Candidate: Sendable, Hashable {
        public let text: String
        /// Natural logarithm of its probability, given what was typed.
        public let logProbability: Float
    }

    struct Cross: Sendable {
        var norm: LayerNorm
        var query: DenseLayer
        /// Key and value side by side.
        var memory: DenseLayer
        var output: DenseLayer
    }

    struct Encoder: Sendable {
        /// Shape `[length, width]`.
        var positions: [Float]
        var blocks: [HistoryEncoder.Block]
        var norm: LayerNorm
        /// One for each block of the decoder.
        var crosses: [Cross]
    }

    public let kind: Kind
    public let shape: Shape
    /// Of the first values, the order and the parts of phrases.
    public let seed: UInt64
    public let letters: LetterTable
    /// Shape `[letters, width]`, and `[length, width]`.
    let embedding: [Float]
    let positions: [Float]
    let encoder: Encoder?
    let blocks: [HistoryEncoder.Block]
    let norm: LayerNorm
    let output: DenseLayer

    /// Key and value of each letter of the typed phrase by decoder's block, side by side; shape `[rows, 2 · width]`.
    struct Memory: Sendable {
        var rows: Int
        var blocks: [[Float]]
    }

    /// Keys and values of the letters that one phrase has so far, by block; shape `[places, width]`.
    struct Cache: Sendable {
        var keys: [[Float]]
        var values: [[Float]]

        init(blocks: Int) {
            (keys, values) = (Array(repeating: [], count: blocks), Array(repeating: [], count: blocks))
        }
    }

    /// Reads what was typed; `nil` for a model without an encoder.
    ///
    /// - Complexity: O(letters × 12 width² + letters² × width) a block.
    func memory(of source: [Int]) -> Memory? {
        guard let encoder else { return nil }
        let rows = source.count
        let width = shape.width
        var hidden: [Float] = []
        hidden.reserveCapacity(rows * width)
        for (place, letter) in source.enumerated() {
            for column in 0..<width {
                hidden.append(embedding[letter * width + column] + encoder.positions[place * width + column])
            }
        }
        HistoryEncoder.pass(
            &hidden, through: encoder.blocks, rows: rows, width: width, heads: shape.heads, inner: shape.inner,
            isCausal: false)
        var normal = hidden
        encoder.norm.apply(hidden, rows: rows, into: &normal)
        var scratch = DenseScratch()
        let blocks = encoder.crosses.map { cross in
            var known = [Float](repeating: 0, count: rows * 2 * width)
            cross.memory.apply(normal, rows: rows, into: &known, &scratch)
            return known
        }
        return Memory(rows: rows, blocks: blocks)
    }

    /// Scores of every letter as the next, one row for each phrase; shape `[phrases, letters]`.
    ///
    /// - Parameters:
    ///   - last: The last letter of each phrase, at `place` of it.
    ///   - caches: What each phrase had before; gets its last letter.
    /// - Complexity: O(phrases × (12 to 16 width² + letters so far × width)) a block.
    func scores(after last: [Int], at place: Int, _ caches: inout [Cache], memory: Memory?) -> [Float] {
        let (rows, width) = (last.count, shape.width)
        var hidden: [Float] = []
        hidden.reserveCapacity(rows * width)
        for letter in last {
            for column in 0..<width {
                hidden.append(embedding[letter * width + column] + positions[place * width + column])
            }
        }
        var (normal, context) = (hidden, hidden)
        var joined = [Float](repeating: 0, count: rows * 3 * width)
        var inner = [Float](repeating: 0, count: rows * shape.inner)
        var scratch = DenseScratch()
        for (number, block) in blocks.enumerated() {
            block.attentionNorm.apply(hidden, rows: rows, into: &normal)
            block.joined.apply(normal, rows: rows, into: &joined, &scratch)
            for row in 0..<rows {
                let start = row * 3 * width
                caches[row].keys[number].append(contentsOf: joined[start + width..<start + 2 * width])
                caches[row].values[number].append(contentsOf: joined[start + 2 * width..<start + 3 * width])
                attend(
                    joined, at: start, keys: caches[row].keys[number], values: caches[row].values[number],
                    stride: width,
                    valueStart: 0, count: place + 1, into: &context, at: row * width)
            }
            block.output.apply(context, rows: rows, into: &normal, &scratch)
            HistoryEncoder.add(normal, to: &hidden, through: nil, rows: rows, &scratch)
            if let memory, let cross = encoder?.crosses[number] {
                cross.norm.apply(hidden, rows: rows, into: &normal)
                cross.query.apply(normal, rows: rows, into: &joined, &scratch)
                let known = memory.blocks[number]
                for row in 0..<rows {
                    attend(
                        joined, at: row * width, keys: known, values: known, stride: 2 * width, valueStart: width,
                        count: memory.rows, into: &context, at: row * width)
                }
                cross.output.apply(context, rows: rows, into: &normal, &scratch)
                HistoryEncoder.add(normal, to: &hidden, through: nil, rows: rows, &scratch)
            }
            block.perceptronNorm.apply(hidden, rows: rows, into: &normal)
            block.activate(normal, rows: rows, width: shape.inner, into: &inner, &scratch)
            block.outer.apply(inner, rows: rows, into: &normal, &scratch)
            HistoryEncoder.add(normal, to: &hidden, through: nil, rows: rows, &scratch)
        }
        norm.apply(hidden, rows: rows, into: &normal)
        var scores = [Float](repeating: 0, count: rows * letters.count)
        output.apply(normal, rows: rows, into: &scores, &scratch)
        return scores
    }

    /// What one place sees of `count` others, head by head: softmax(q·Kᵀ / √depth)·V.
    private func attend(
        _ queries: [Float], at query: Int, keys: [Float], values: [Float], stride: Int, valueStart: Int, count: Int,
        into context: inout [Float], at target: Int
    ) {
        let depth = shape.width / shape.heads
        let factor = 1 / Float(depth).squareRoot()
        let (asked, keys, values) = (queries.span, keys.span, values.span)
        var weights = [Float](repeating: 0, count: count)
        for head in 0..<shape.heads {
            let first = head * depth
            var most = -Float.infinity
            for place in 0..<count {
                var sum: Float = 0
                for column in first..<first + depth { sum += asked[query + column] * keys[place * stride + column] }
                weights[place] = sum * factor
                most = max(most, sum * factor)
            }
            var total: Float = 0
            for place in 0..<count {
                weights[place] = exp(weights[place] - most)
                total += weights[place]
            }
            for column in first..<first + depth {
                var sum: Float = 0
                for place in 0..<count { sum += weights[place] * values[place * stride + valueStart + column] }
                context[target + column] = sum / total
            }
        }
    }
}
