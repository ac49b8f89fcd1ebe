internal import CKernels

/// Weights of a dense layer, `y = x · Wᵀ + b`, in the order in which the processor's kernels read them.
///
/// With 8-bit weights the inputs are rounded to 8 bits too, each row by its own largest value.
public struct PackedWeights: Sendable {
    private enum Storage: Sendable {
        case float([Float])
        /// Numbers at `KernelLevel.wide` are stored 128 too high, so that they have no sign.
        case int8([Int8], factors: [Float])
    }

    /// How many values go in and come out.
    public let depth: Int
    public let width: Int
    /// Shape `[width]`.
    private let bias: [Float]
    private let storage: Storage
    private let level: KernelLevel

    private static let panel = Int(souk_panel_columns)

    /// - Parameter weights: Shape `[bias.count, depth]`.
    public init(_ weights: [Float], bias: [Float], depth: Int) { self.init(weights, bias, depth, .best) }

    /// - Parameters:
    ///   - numbers: Shape `[bias.count, depth]`, from -127 to 127.
    ///   - factors: `weight = number × factor`, one a row; shape `[bias.count]`.
    public init(_ numbers: [Int8], factors: [Float], bias: [Float], depth: Int) {
        self.init(numbers, factors, bias, depth, .best)
    }

    init(_ weights: [Float], _ bias: [Float], _ depth: Int, _ level: KernelLevel) {
        precondition(depth > 0 && weights.count == bias.count * depth, "a weight for each input and output")
        (self.depth, width, self.bias, self.level) = (depth, bias.count, bias, level)
        var packed = [Float](repeating: 0, count: Self.panels(width) * Self.panel * depth)
        for row in 0..<width {
            let start = (row / Self.panel) * Self.panel * depth + row % Self.panel
            for place in 0..<depth { packed[start + place * Self.panel] = weights[row * depth + place] }
        }
        storage = .float(packed)
    }

    init(_ numbers: [Int8], _ factors: [Float], _ bias: [Float], _ depth: Int, _ level: KernelLevel) {
        precondition(depth > 0 && depth <= Int8Products.maximumDepth, "rows have 1 to 65,536 values")
        precondition(numbers.count == bias.count * depth && factors.count == bias.count, "a weight for each input")
        (self.depth, width, self.bias, self.level) = (depth, bias.count, bias, level)
        let stride = Self.stride(depth)
        guard level == .wide else {
            var rows = [Int8](repeating: 0, count: width * stride)
            for row in 0..<width {
                for place in 0..<depth { rows[row * stride + place] = numbers[row * depth + place] }
            }
            storage = .int8(rows, factors: factors)
            return
        }
        // What fills up counts as 128 too high as well; it meets inputs of zero and columns that nobody reads.
        var packed = [Int8](repeating: .min, count: Self.panels(width) * Self.panel * stride)
        for row in 0..<width {
            let start = (row / Self.panel) * Self.panel * stride + row % Self.panel * 4
            for place in 0..<depth {
                let number = Int16(numbers[row * depth + place]) + 128
                packed[start + place / 4 * 4 * Self.panel + place % 4] = Int8(truncatingIfNeeded: number)
            }
        }
        storage = .int8(packed, factors: factors)
    }

    private static func panels(_ width: Int) -> Int { (width + panel - 1) / panel }
    private static func stride(_ depth: Int) -> Int { (depth + 3) & ~3 }

    /// Writes the outputs of `rows` inputs, shape `[rows, width]`, to the beginning of `output`.
    ///
    /// - Complexity: O(rows × width × depth).
    public func apply(_ input: [Float], rows: Int, into output: inout [Float], _ scratch: inout DenseScratch) {
        precondition(input.count >= rows * depth && output.count >= rows * width, "rows that are not there")
        guard rows > 0 else { return }
        let level = level.number
        switch storage {
        case .float(let packed):
            unsafe souk_dense_float(level, input, Int64(rows), Int64(depth), packed, bias, Int64(width), &output)
        case .int8(let numbers, let factors):
            let stride = Self.stride(depth)
            scratch.reserve(numbers: rows * stride, rows: rows, products: self.level == .wide ? 0 : rows * width)
            unsafe souk_quantise_rows(
                level, input, Int64(rows), Int64(depth), Int64(stride), &scratch.numbers, &scratch.factors,
                &scratch.sums)
            unsafe souk_dense_int8(
                level, scratch.numbers, scratch.factors, scratch.sums, Int64(rows), Int64(stride), numbers, factors,
                bias, Int64(width), &scratch.products, &output)
        }
    }
}

/// Buffers that dense layers with 8-bit weights share.
public struct DenseScratch {
    fileprivate var numbers: [Int8] = []
    fileprivate var factors: [Float] = []
    fileprivate var sums: [Int32] = []
    fileprivate var products: [Int32] = []

    public init() {}

    fileprivate mutating func reserve(numbers: Int, rows: Int, products: Int) {
        if self.numbers.count < numbers { self.numbers = Array(repeating: 0, count: numbers) }
        if factors.count < rows {
            factors = Array(repeating: 0, count: rows)
            sums = Array(repeating: 0, count: rows)
        }
        if self.products.count < products { self.products = Array(repeating: 0, count: products) }
    }
}
