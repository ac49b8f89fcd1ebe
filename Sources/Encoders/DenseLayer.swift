import Numerics

/// Weights of a dense layer, in single precision or as 8-bit numbers with one factor a row.
enum WeightMatrix: Sendable {
    case float([Float])
    case int8([Int8], factors: [Float])

    /// Quantises row by row: `weight ≈ number × factor`, symmetric, without a zero point.
    func quantised(depth: Int) -> WeightMatrix {
        guard case .float(let values) = self else { return self }
        var numbers = [Int8](repeating: 0, count: values.count)
        var factors: [Float] = []
        factors.reserveCapacity(values.count / depth)
        let source = values.span
        for row in 0..<values.count / depth {
            let range = row * depth..<(row + 1) * depth
            factors.append(Int8Products.quantise(source.extracting(range), into: &numbers, at: range.lowerBound))
        }
        return .int8(numbers, factors: factors)
    }
}

/// `y = x · Wᵀ + b`.
struct DenseLayer: Sendable {
    /// How many values go in and come out.
    let depth: Int
    let width: Int
    /// Shape `[width, depth]`.
    var weights: WeightMatrix
    /// Shape `[width]`.
    let bias: [Float]

    /// Writes the outputs of `rows` inputs, shape `[rows, width]`, to the beginning of `output`.
    ///
    /// With 8-bit weights each input row is quantised by its own largest value. Complexity: O(rows × width × depth).
    func apply(_ input: [Float], rows: Int, into output: inout [Float], _ scratch: inout EncoderScratch) {
        let bias = bias.span
        switch weights {
        case .float(let values):
            MatrixProduct.multiply(input.span.extracting(first: rows * depth), values.span, depth: depth, into: &output)
            var target = output.mutableSpan
            for row in 0..<rows {
                let start = row * width
                for column in 0..<width { target[start + column] += bias[column] }
            }
        case .int8(let numbers, let factors):
            scratch.reserve(numbers: rows * depth, products: rows * width)
            let source = input.span
            var inputFactors = [Float](repeating: 0, count: rows)
            for row in 0..<rows {
                let range = row * depth..<(row + 1) * depth
                inputFactors[row] = Int8Products.quantise(
                    source.extracting(range), into: &scratch.numbers, at: range.lowerBound)
            }
            scratch.multiply(numbers, rows: rows, depth: depth)
            let products = scratch.products.span
            var target = output.mutableSpan
            let factors = factors.span
            for row in 0..<rows {
                let start = row * width
                let factor = inputFactors[row]
                for column in 0..<width {
                    target[start + column] = Float(products[start + column]) * factors[column] * factor + bias[column]
                }
            }
        }
    }
}

/// Buffers that one call of an encoder reuses from layer to layer.
struct EncoderScratch {
    var numbers: [Int8] = []
    var products: [Int32] = []

    mutating func reserve(numbers: Int, products: Int) {
        if self.numbers.count < numbers { self.numbers = Array(repeating: 0, count: numbers) }
        if self.products.count < products { self.products = Array(repeating: 0, count: products) }
    }

    /// Fills `products` with the product of the first rows of `numbers` and those of a matrix.
    mutating func multiply(_ matrix: [Int8], rows: Int, depth: Int) {
        // Taken out while it is written to: a view of the numbers borrows all of `self`.
        var target: [Int32] = []
        swap(&target, &products)
        Int8Products.multiply(numbers.span.extracting(first: rows * depth), matrix.span, depth: depth, into: &target)
        swap(&target, &products)
    }
}
