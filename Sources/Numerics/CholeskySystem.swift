/// A small system of linear equations with a symmetric positive definite matrix, solved where it stands by Cholesky's
/// factorisation; its memory serves for one system after another.
///
/// For sizes up to some hundreds: LAPACK's calls cost more than the smallest of them.
public struct CholeskySystem {
    public private(set) var size = 0
    /// The right side, then the solution; shape `[size]`.
    public var values: [Float] = []
    /// Row after row, each padded with zeros; the lower triangle counts, and holds the factor after solving.
    private var matrix: [Float] = []
    private var width = 0

    public init() {}

    /// A system with the matrix `factor` · L + `diagonal` · I and a right side of zeros.
    ///
    /// - Parameter products: L at and below its diagonal, row after row; at least size² values, of which others are not read.
    public mutating func reset(size: Int, lowerOf products: [Float], times factor: Float, diagonal: Float) {
        precondition(products.count >= size * size, "a matrix of \(size) rows has fewer values")
        (self.size, width) = (size, FloatKernels.paddedLength(size))
        values.removeAll(keepingCapacity: true)
        values.append(contentsOf: repeatElement(0, count: size))
        matrix.removeAll(keepingCapacity: true)
        matrix.append(contentsOf: repeatElement(0, count: size * width))
        for row in 0..<size {
            for column in 0...row { matrix[row * width + column] = factor * products[row * size + column] }
            matrix[row * width + row] += diagonal
        }
    }

    /// Replaces the right side by the solution.
    ///
    /// A pivot that rounding leaves at zero or below counts as very small, so that every number stays finite for finite input.
    /// - Complexity: O(size³).
    public mutating func solve() {
        factorise()
        let (width, size) = (self.width, self.size)
        for row in 0..<size {
            var sum = values[row]
            for column in 0..<row { sum -= matrix[row * width + column] * values[column] }
            values[row] = sum / matrix[row * width + row]
        }
        for row in stride(from: size - 1, through: 0, by: -1) {
            let value = values[row] / matrix[row * width + row]
            values[row] = value
            for column in 0..<row { values[column] -= matrix[row * width + column] * value }
        }
    }

    private mutating func factorise() {
        let (width, size) = (self.width, self.size)
        // Safe: rows and columns lie below the size. Beyond the diagonal rows hold zeros, so whole lanes may be multiplied.
        unsafe matrix.withUnsafeMutableBufferPointer { matrix in
            guard let matrix = matrix.baseAddress else { return }
            for row in 0..<size {
                let own = unsafe matrix + row * width
                for column in 0...row {
                    let other = unsafe matrix + column * width
                    // What stands at and right of the column has no part yet.
                    let known = column & ~7
                    var sum = unsafe own[column] - FloatKernels.dot(own, other, count: known)
                    for place in known..<column { sum -= unsafe own[place] * other[place] }
                    if row == column {
                        unsafe own[column] = max(sum, 1e-12).squareRoot()
                    } else {
                        unsafe own[column] = sum / other[column]
                    }
                }
            }
        }
    }
}
