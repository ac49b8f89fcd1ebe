import COpenBLAS

/// A dense symmetric matrix in single precision, of which both triangles are kept.
public struct SymmetricMatrix: Sendable {
    public let size: Int
    /// Row after row; shape `[size, size]`.
    public private(set) var values: [Float]

    public init(size: Int) {
        self.size = size
        values = [Float](repeating: 0, count: size * size)
    }

    /// - Parameter values: Row after row, both triangles; shape `[size, size]`.
    public init(size: Int, values: [Float]) {
        precondition(values.count == size * size, "a matrix of \(size) rows has another number of values")
        (self.size, self.values) = (size, values)
    }

    public subscript(row: Int, column: Int) -> Float {
        get { values[row * size + column] }
        set { values[row * size + column] = newValue }
    }

    /// Adds a multiple of one row to `sums`, shape `[size]`.
    public func addRow(_ row: Int, times factor: Float, to sums: inout [Float]) {
        precondition(sums.count == size, "the sums have another length than a row")
        let start = row * size
        for column in 0..<size { sums[column] += factor * values[start + column] }
    }

    /// Replaces the matrix by its inverse through Cholesky's factorisation (LAPACK).
    ///
    /// - Returns: `false` if the matrix is not positive definite; its values are lost then.
    /// - Complexity: O(size³) time, no further memory.
    public mutating func invert() -> Bool {
        guard size > 0, var order = Int32(exactly: size) else { return size == 0 }
        // LAPACK counts columns first: its upper triangle is our lower one.
        var triangle = CChar(bitPattern: UInt8(ascii: "U"))
        var status: Int32 = 0
        var leading = order
        LinearAlgebra.withThreads(LinearAlgebra.defaultThreads) {
            unsafe spotrf_(&triangle, &order, &values, &leading, &status)
            guard status == 0 else { return }
            unsafe spotri_(&triangle, &order, &values, &leading, &status)
        }
        guard status == 0 else { return false }
        for row in 0..<size {
            for column in row + 1..<max(row + 1, size) { values[row * size + column] = values[column * size + row] }
        }
        return values.allSatisfy(\.isFinite)
    }
}
