import COpenBLAS

/// Rows of factors in single precision: users or items of a factor model.
///
/// Rows are as long as `FloatKernels.paddedLength` says; what lies beyond the factors stays zero.
public struct FactorMatrix: Hashable, Sendable {
    public let rows: Int
    /// A multiple of eight.
    public let width: Int
    /// Row after row; shape `[rows, width]`.
    public var values: [Float]

    public init(rows: Int, factors: Int) {
        (self.rows, width) = (rows, FloatKernels.paddedLength(factors))
        values = [Float](repeating: 0, count: rows * width)
    }

    /// Small random numbers: uniform in ±`scale`, in the first `factors` places of each row.
    public init(rows: Int, factors: Int, scale: Float, random: inout SeededGenerator) {
        self.init(rows: rows, factors: factors)
        for row in 0..<rows {
            for place in 0..<factors {
                values[row * width + place] = scale * Float(2 * random.unit() - 1)
            }
        }
    }

    /// The product of the transposed matrix with itself, `regularisation` added on the diagonal; shape `[width, width]`.
    ///
    /// Complexity: O(rows · width²), by OpenBLAS on one thread.
    public func gram(regularisation: Float = 0) -> [Float] {
        var result = LinearAlgebra.withThreads(1) { products() }
        for place in 0..<width { result[place * width + place] += regularisation }
        return result
    }

    /// The product of the transposed matrix with itself; call it within `LinearAlgebra.withThreads`.
    public func products() -> [Float] {
        var result = [Float](repeating: 0, count: width * width)
        guard rows > 0 else { return result }
        let (size, count) = (Int32(width), Int32(rows))
        unsafe cblas_sgemm(
            CblasRowMajor, CblasTrans, CblasNoTrans, size, size, count, 1, values, size, values, size, 0, &result, size)
        return result
    }

    /// Adds the dot product of `row`, shape `[width]`, with each row to `scores`, shape `[rows]`.
    public func addProducts(with row: [Float], to scores: inout [Double]) {
        precondition(row.count == width && scores.count >= rows, "a row or the scores have another length")
        // Safe: the lengths are checked above.
        unsafe values.withUnsafeBufferPointer { values in
            unsafe row.withUnsafeBufferPointer { row in
                guard let values = values.baseAddress, let row = row.baseAddress else { return }
                for item in 0..<rows {
                    scores[item] += Double(unsafe FloatKernels.dot(values + item * width, row, count: width))
                }
            }
        }
    }
}
