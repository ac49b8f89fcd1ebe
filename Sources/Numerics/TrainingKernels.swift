internal import CKernels

/// Parts of a training step, each in one pass over memory.
///
/// The same inputs give the same bits on processors of one level of instructions; between levels, sums differ in their last bits.
/// `dropoutMask` is the same everywhere.
public enum TrainingKernels {
    /// What `softmaxLoss` finds for each row, beside what it leaves in the scores.
    public struct RowLosses {
        /// −log of the share of the row's own score; NaN if a score of the row is.
        public var losses: [Float]
        /// Derivatives by the rows' own scores.
        public var ownSlopes: [Float]
    }

    /// Cross-entropy of each row's own score among itself and others: log(e^own + Σ e^(score + shift)) − own.
    ///
    /// - Parameters:
    ///   - scores: Shape `[own.count, shifts.count]`; each becomes `factor` times the derivative of its row's loss by it.
    ///   - shifts: Added to the scores of each column.
    ///   - factor: Of all derivatives.
    /// - Complexity: O(scores), e^x is wrong by at most 2e-7 of it.
    public static func softmaxLoss(
        _ scores: inout MutableSpan<Float>, shifts: [Float], own: [Float], factor: Float
    ) -> RowLosses { softmaxLoss(&scores, shifts: shifts, own: own, factor: factor, .best) }

    static func softmaxLoss(
        _ scores: inout MutableSpan<Float>, shifts: [Float], own: [Float], factor: Float, _ level: KernelLevel
    ) -> RowLosses {
        precondition(scores.count == own.count * shifts.count, "a score for each row and column")
        let zeros = [Float](repeating: 0, count: own.count)
        var result = RowLosses(losses: zeros, ownSlopes: zeros)
        unsafe scores.withUnsafeMutableBufferPointer { scores in
            guard let start = scores.baseAddress else { return }
            unsafe souk_softmax_loss(
                level.number, start, Int64(own.count), Int64(shifts.count), shifts, own, factor, &result.ownSlopes,
                &result.losses)
        }
        return result
    }

    /// log Σ e^score of each row of scores, shape `[rows, width]`; NaN for a row that holds one.
    ///
    /// - Complexity: O(scores), e^x is wrong by at most 2e-7 of it.
    public static func logSums(_ scores: Span<Float>, width: Int) -> [Double] {
        logSums(scores, width: width, .best)
    }

    static func logSums(_ scores: Span<Float>, width: Int, _ level: KernelLevel) -> [Double] {
        precondition(width > 0 && scores.count % width == 0, "whole rows")
        var sums = [Double](repeating: 0, count: scores.count / width)
        unsafe scores.withUnsafeBufferPointer { scores in
            guard let start = scores.baseAddress else { return }
            unsafe souk_log_sums(level.number, start, Int64(sums.count), Int64(width), &sums)
        }
        return sums
    }

    /// What a step of Adam does to every weight, see `adam`.
    public struct AdamStep {
        public var beta1, beta2, epsilon: Float
        /// The learning rate, divided by 1 − β₁ᵗ.
        public var rate: Float
        /// 1 / √(1 − β₂ᵗ).
        public var rootScale: Float
        /// What a weight is multiplied with first.
        public var shrinkage: Float

        public init(beta1: Float, beta2: Float, epsilon: Float, rate: Float, rootScale: Float, shrinkage: Float) {
            (self.beta1, self.beta2, self.epsilon) = (beta1, beta2, epsilon)
            (self.rate, self.rootScale, self.shrinkage) = (rate, rootScale, shrinkage)
        }
    }

    /// One step of Adam (Kingma and Ba, 2015): m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g²,
    /// w ← shrinkage·w − rate·m / (√v · rootScale + ε); all of one length.
    public static func adam(
        _ weights: inout MutableSpan<Float>, means: inout MutableSpan<Float>, squares: inout MutableSpan<Float>,
        gradients: Span<Float>, step: AdamStep
    ) { adam(&weights, means: &means, squares: &squares, gradients: gradients, step: step, .best) }

    static func adam(
        _ weights: inout MutableSpan<Float>, means: inout MutableSpan<Float>, squares: inout MutableSpan<Float>,
        gradients: Span<Float>, step: AdamStep, _ level: KernelLevel
    ) {
        let count = weights.count
        precondition(
            means.count == count && squares.count == count && gradients.count == count, "parts of one length")
        var plain = souk_adam_step(
            beta1: step.beta1, beta2: step.beta2, epsilon: step.epsilon, rate: step.rate, root_scale: step.rootScale,
            shrinkage: step.shrinkage)
        unsafe weights.withUnsafeMutableBufferPointer { weights in
            unsafe means.withUnsafeMutableBufferPointer { means in
                unsafe squares.withUnsafeMutableBufferPointer { squares in
                    unsafe gradients.withUnsafeBufferPointer { gradients in
                        guard count > 0 else { return }
                        unsafe souk_adam(
                            level.number, weights.baseAddress, means.baseAddress, squares.baseAddress,
                            gradients.baseAddress, Int64(count), &plain)
                    }
                }
            }
        }
    }

    /// Fills `mask` with 0 at random places, a share `rate` of them, and with 1 / (1 − rate) elsewhere (Srivastava et al., 2014).
    ///
    /// - Parameter key: Decides which; `rate` counts in steps of 2⁻³².
    public static func dropoutMask(_ mask: inout MutableSpan<Float>, rate: Double, key: UInt64) {
        dropoutMask(&mask, rate: rate, key: key, .best)
    }

    static func dropoutMask(_ mask: inout MutableSpan<Float>, rate: Double, key: UInt64, _ level: KernelLevel) {
        precondition(rate >= 0 && rate < 1, "a rate below one")
        let threshold = UInt32(rate * 4_294_967_296)
        unsafe mask.withUnsafeMutableBufferPointer { mask in
            guard let start = mask.baseAddress else { return }
            unsafe souk_dropout_mask(
                level.number, start, Int64(mask.count), key, threshold, Float(1 / (1 - rate)))
        }
    }

    /// The shape of attention in which a place sees itself and those before it.
    public struct CausalAttention: Sendable {
        public let sequences: Int
        public let length: Int
        /// Of all heads together, each a multiple of eight.
        public let width: Int
        public let heads: Int

        /// `nil` for heads whose width is no multiple of eight.
        public init?(sequences: Int, length: Int, width: Int, heads: Int) {
            guard heads > 0, width % heads == 0, width / heads % 8 == 0 else { return nil }
            (self.sequences, self.length, self.width, self.heads) = (sequences, length, width, heads)
        }

        /// How many weights there are, shape `[sequences, heads, length, length]`.
        public var weightCount: Int { sequences * heads * length * length }

        /// softmax(Q·Kᵀ / √depth) ⊙ mask · V of each sequence and head (Vaswani et al., 2017, section 3.2).
        ///
        /// - Parameters:
        ///   - joined: Query, key and value side by side, shape `[sequences, length, 3 · width]`.
        ///   - mask: Multiplies the weights, for dropout; empty for none.
        ///   - weights: Becomes the weights without the mask.
        ///   - context: Becomes the result, shape `[sequences, length, width]`.
        /// - Complexity: O(sequences × length² × width).
        public func apply(
            _ joined: Span<Float>, mask: Span<Float>, weights: inout MutableSpan<Float>,
            context: inout MutableSpan<Float>
        ) { apply(joined, mask: mask, weights: &weights, context: &context, .best) }

        func apply(
            _ joined: Span<Float>, mask: Span<Float>, weights: inout MutableSpan<Float>,
            context: inout MutableSpan<Float>, _ level: KernelLevel
        ) {
            check(joined.count, mask.count, weights.count, context.count)
            unsafe joined.withUnsafeBufferPointer { joined in
                unsafe mask.withUnsafeBufferPointer { mask in
                    unsafe weights.withUnsafeMutableBufferPointer { weights in
                        unsafe context.withUnsafeMutableBufferPointer { context in
                            guard sequences * length > 0 else { return }
                            unsafe souk_causal_attention(
                                level.number, joined.baseAddress, Int64(sequences), Int64(length), Int64(width),
                                Int64(heads), mask.isEmpty ? nil : mask.baseAddress, weights.baseAddress,
                                context.baseAddress)
                        }
                    }
                }
            }
        }

        /// The slopes of an end by `joined`, of those by `context`, with the weights that `apply` has written.
        public func slopes(
            of slopes: Span<Float>, joined: Span<Float>, mask: Span<Float>, weights: Span<Float>,
            into target: inout MutableSpan<Float>
        ) { self.slopes(of: slopes, joined: joined, mask: mask, weights: weights, into: &target, .best) }

        func slopes(
            of slopes: Span<Float>, joined: Span<Float>, mask: Span<Float>, weights: Span<Float>,
            into target: inout MutableSpan<Float>, _ level: KernelLevel
        ) {
            check(joined.count, mask.count, weights.count, slopes.count)
            precondition(target.count == joined.count, "slopes of the shape of the input")
            var scratch = [Float](repeating: 0, count: length)
            unsafe slopes.withUnsafeBufferPointer { slopes in
                unsafe joined.withUnsafeBufferPointer { joined in
                    unsafe mask.withUnsafeBufferPointer { mask in
                        unsafe weights.withUnsafeBufferPointer { weights in
                            unsafe target.withUnsafeMutableBufferPointer { target in
                                guard sequences * length > 0 else { return }
                                unsafe souk_causal_attention_slopes(
                                    level.number, joined.baseAddress, weights.baseAddress,
                                    mask.isEmpty ? nil : mask.baseAddress, slopes.baseAddress, Int64(sequences),
                                    Int64(length), Int64(width), Int64(heads), &scratch, target.baseAddress)
                            }
                        }
                    }
                }
            }
        }

        private func check(_ joined: Int, _ mask: Int, _ weights: Int, _ context: Int) {
            precondition(
                joined == 3 * context && context == sequences * length * width && weights == weightCount
                    && (mask == 0 || mask == weightCount), "parts of the attention's shape")
        }
    }
}
