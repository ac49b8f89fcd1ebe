internal import CKernels

/// Which instructions kernels may use.
enum KernelLevel: Int32, CaseIterable, Sendable {
    case plain
    /// AVX2 and FMA.
    case avx2
    /// AVX-512 with VNNI.
    case wide

    /// The highest level of this processor.
    static let best = KernelLevel(rawValue: souk_level()) ?? .plain
    var number: Int32 { rawValue }
}

/// What a transformer does between its dense layers, over rows of single-precision numbers.
///
/// The same inputs give the same bits on processors of one level of instructions; between levels, sums differ in their last bits.
public enum TransformerKernels {
    /// Gaussian error linear units, `x · Φ(x)`, of the first `count` values in place (Hendrycks and Gimpel, 2016); wrong by at most
    /// 4e-7.
    public static func gelu(_ values: inout [Float], count: Int) { gelu(&values, count: count, .best) }

    static func gelu(_ values: inout [Float], count: Int, _ level: KernelLevel) {
        precondition(count >= 0 && count <= values.count, "values that are not there")
        unsafe souk_gelu(level.number, &values, Int64(count))
    }

    /// Layer normalisation: zero mean and unit variance, scaled and shifted (Ba, Kiros and Hinton, 2016).
    ///
    /// - Parameters:
    ///   - values: Shape `[rows, weight.count]`; a row has a multiple of eight values.
    ///   - target: Its first rows are replaced by those of `values`, normalised.
    public static func normalise(
        _ values: [Float], rows: Int, weight: [Float], bias: [Float], epsilon: Float, into target: inout [Float]
    ) {
        check(rows, weight, bias, values.count, target.count)
        unsafe souk_layer_norm(
            KernelLevel.best.number, values, nil, weight, bias, epsilon, Int64(rows), Int64(weight.count), &target)
    }

    /// The same of `target + values`.
    public static func normalise(
        _ target: inout [Float], adding values: [Float], rows: Int, weight: [Float], bias: [Float], epsilon: Float
    ) {
        normalise(&target, adding: values, rows: rows, weight: weight, bias: bias, epsilon: epsilon, .best)
    }

    static func normalise(
        _ target: inout [Float], adding values: [Float], rows: Int, weight: [Float], bias: [Float], epsilon: Float,
        _ level: KernelLevel
    ) {
        check(rows, weight, bias, values.count, target.count)
        unsafe target.withUnsafeMutableBufferPointer { target in
            unsafe souk_layer_norm(
                level.number, values, target.baseAddress, weight, bias, epsilon, Int64(rows), Int64(weight.count),
                target.baseAddress)
        }
    }

    private static func check(_ rows: Int, _ weight: [Float], _ bias: [Float], _ values: Int, _ target: Int) {
        precondition(weight.count % 8 == 0 && bias.count == weight.count, "a row has a multiple of eight values")
        precondition(rows >= 0 && min(values, target) >= rows * weight.count, "rows that are not there")
    }

    /// Scaled dot-product attention (Vaswani et al., 2017): writes what every head sees, each sequence by itself, to the beginning
    /// of `context`, shape `[rows, width]`.
    ///
    /// - Parameters:
    ///   - joined: Query, key and value of each row side by side; shape `[rows, 3 × width]`.
    ///   - starts: Where each sequence's rows begin, with the end of the last.
    ///   - width: Of all heads together, each a multiple of eight.
    ///   - isCausal: Whether a row sees only itself and the rows before it.
    /// - Complexity: O(rows × length of a sequence × width).
    public static func attend(
        _ joined: [Float], starts: [Int], width: Int, heads: Int, isCausal: Bool, into context: inout [Float]
    ) {
        attend(joined, starts: starts, width: width, heads: heads, isCausal: isCausal, into: &context, .best)
    }

    static func attend(
        _ joined: [Float], starts: [Int], width: Int, heads: Int, isCausal: Bool, into context: inout [Float],
        _ level: KernelLevel
    ) {
        precondition(heads > 0 && width % heads == 0 && width / heads % 8 == 0, "a head has a multiple of eight values")
        let rows = starts.last ?? 0
        precondition(starts.first == 0 && zip(starts, starts.dropFirst()).allSatisfy { $0 <= $1 }, "sequences in order")
        precondition(joined.count >= rows * 3 * width && context.count >= rows * width, "rows that are not there")
        let longest = zip(starts, starts.dropFirst()).reduce(0) { max($0, $1.1 - $1.0) }
        var weights = [Float](repeating: 0, count: (longest + 15) & ~15)
        unsafe joined.withUnsafeBufferPointer { joined in
            unsafe context.withUnsafeMutableBufferPointer { context in
                guard let source = joined.baseAddress, let target = context.baseAddress else { return }
                for (start, end) in zip(starts, starts.dropFirst()) {
                    unsafe souk_attention(
                        level.number, source + start * 3 * width, Int64(end - start), Int64(width), Int64(heads),
                        isCausal ? 1 : 0, &weights, target + start * width)
                }
            }
        }
    }
}
