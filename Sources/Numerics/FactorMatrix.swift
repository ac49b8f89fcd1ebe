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
        var result = [Float](repeating: 0, count: width * width)
        for place in 0..<width { result[place * width + place] = regularisation }
        guard rows > 0 else { return result }
        let (size, count) = (Int32(width), Int32(rows))
        LinearAlgebra.withThreads(1) {
            unsafe cblas_sgemm(
                CblasRowMajor, CblasTrans, CblasNoTrans, size, size, count, 1, values, size, values, size, 1, &result,
                size)
        }
        return result
    }

    /// The rows of `left`, shape `[count, width]`, times a symmetric matrix of shape `[width, width]`, into `result`.
    ///
    /// Many rows go through OpenBLAS: call it within `LinearAlgebra.withThreads`. A single row does not.
    public static func multiply(
        _ left: [Float], by square: [Float], count: Int, width: Int, into result: inout [Float]
    ) {
        precondition(left.count >= count * width && square.count == width * width && result.count >= count * width)
        guard count > 0, width > 0 else { return }
        if count == 1 { return multiplyRow(left, by: square, width: width, into: &result) }
        let (rows, size) = (Int32(count), Int32(width))
        unsafe cblas_sgemm(
            CblasRowMajor, CblasNoTrans, CblasNoTrans, rows, size, size, 1, left, size, square, size, 0, &result, size)
    }

    private static func multiplyRow(
        _ left: [Float], by square: [Float], width: Int, into result: inout [Float]
    ) {
        // Safe: the lengths are checked by the caller.
        unsafe left.withUnsafeBufferPointer { left in
            unsafe square.withUnsafeBufferPointer { square in
                guard let left = left.baseAddress, let square = square.baseAddress else { return }
                for row in 0..<width {
                    result[row] = unsafe FloatKernels.dot(left, square + row * width, count: width)
                }
            }
        }
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
