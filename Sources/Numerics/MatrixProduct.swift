internal import COpenBLAS

/// Dense products in single precision (OpenBLAS).
public enum MatrixProduct {
    /// Which of the two matrices is read with its rows as columns.
    public enum Transposed: Sendable {
        case neither, left, right
    }

    /// Writes `left · rightᵀ`: each row on the left with each row on the right.
    ///
    /// - Parameters:
    ///   - left: Shape `[rows, depth]`.
    ///   - right: Shape `[columns, depth]`.
    ///   - target: Shape `[rows, columns]`; what lies beyond stays.
    public static func multiply(
        _ left: Span<Float>, _ right: Span<Float>, depth: Int, into target: inout [Float]
    ) { multiply(left, right, transposed: .right, depth: depth, into: &target) }

    /// Writes the product of two matrices, one of which may be transposed.
    ///
    /// - Parameters:
    ///   - left: Shape `[rows, depth]`, or `[depth, rows]` if it is transposed.
    ///   - right: Shape `[depth, columns]`, or `[columns, depth]` if it is transposed.
    ///   - target: Shape `[rows, columns]`; what lies beyond stays.
    public static func multiply(
        _ left: Span<Float>, _ right: Span<Float>, transposed: Transposed, depth: Int, into target: inout [Float]
    ) {
        precondition(depth > 0, "rows have at least one value")
        let (rows, columns) = (left.count / depth, right.count / depth)
        precondition(target.count >= rows * columns, "the target is shorter than the product")
        guard rows > 0, columns > 0 else { return }
        unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe target.withUnsafeMutableBufferPointer { target in
                    unsafe cblas_sgemm(
                        CblasRowMajor, transposed == .left ? CblasTrans : CblasNoTrans,
                        transposed == .right ? CblasTrans : CblasNoTrans, Int32(rows), Int32(columns), Int32(depth), 1,
                        left.baseAddress, Int32(transposed == .left ? rows : depth), right.baseAddress,
                        Int32(transposed == .right ? depth : columns), 0, target.baseAddress, Int32(columns))
                }
            }
        }
    }
}
