internal import COpenBLAS

/// Dense products in single precision (OpenBLAS).
public enum MatrixProduct {
    /// Writes `left · rightᵀ`: each row on the left with each row on the right.
    ///
    /// - Parameters:
    ///   - left: Shape `[rows, depth]`.
    ///   - right: Shape `[columns, depth]`.
    ///   - target: Shape `[rows, columns]`; what lies beyond stays.
    public static func multiply(
        _ left: Span<Float>, _ right: Span<Float>, depth: Int, into target: inout [Float]
    ) {
        precondition(depth > 0, "rows have at least one value")
        let (rows, columns) = (left.count / depth, right.count / depth)
        precondition(target.count >= rows * columns, "the target is shorter than the product")
        guard rows > 0, columns > 0 else { return }
        unsafe left.withUnsafeBufferPointer { left in
            unsafe right.withUnsafeBufferPointer { right in
                unsafe target.withUnsafeMutableBufferPointer { target in
                    unsafe cblas_sgemm(
                        CblasRowMajor, CblasNoTrans, CblasTrans, Int32(rows), Int32(columns), Int32(depth), 1,
                        left.baseAddress, Int32(depth), right.baseAddress, Int32(depth), 0, target.baseAddress,
                        Int32(columns))
                }
            }
        }
    }
}
