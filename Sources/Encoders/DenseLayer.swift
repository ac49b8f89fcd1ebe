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

    /// This one's rows above those of another, which must be of the same kind.
    func above(_ other: WeightMatrix) -> WeightMatrix? {
        switch (self, other) {
        case (.float(let upper), .float(let lower)): .float(upper + lower)
        case (.int8(let upper, let first), .int8(let lower, let second)):
            .int8(upper + lower, factors: first + second)
        default: nil
        }
    }
}

/// `y = x · Wᵀ + b`.
struct DenseLayer: Sendable {
    private let weights: PackedWeights

    /// - Parameters:
    ///   - depth: How many values go in.
    ///   - weights: Shape `[bias.count, depth]`.
    init(depth: Int, weights: WeightMatrix, bias: [Float]) {
        switch weights {
        case .float(let values): self.weights = PackedWeights(values, bias: bias, depth: depth)
        case .int8(let numbers, let factors):
            self.weights = PackedWeights(numbers, factors: factors, bias: bias, depth: depth)
        }
    }

    /// Writes the outputs of `rows` inputs, shape `[rows, width]`, to the beginning of `output`.
    ///
    /// With 8-bit weights each input row is quantised by its own largest value. Complexity: O(rows × width × depth).
    func apply(_ input: [Float], rows: Int, into output: inout [Float], _ scratch: inout DenseScratch) {
        weights.apply(input, rows: rows, into: &output, &scratch)
    }
}
