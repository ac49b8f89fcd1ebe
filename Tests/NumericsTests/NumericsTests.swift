import Numerics
import Testing

@Suite struct SymmetricMatrixTests {
    @Test func `a matrix times its inverse is the identity`() {
        var random = SeededGenerator(seed: 7)
        for size in [1, 2, 5, 40] {
            // A Aᵀ + I is positive definite.
            let rows = (0..<size).map { _ in (0..<size).map { _ in random.unit() - 0.5 } }
            var matrix = SymmetricMatrix(size: size)
            for row in 0..<size {
                for column in 0..<size {
                    let dot = zip(rows[row], rows[column]).reduce(0.0) { $0 + $1.0 * $1.1 }
                    matrix[row, column] = Float(dot + (row == column ? 1 : 0))
                }
            }
            let original = matrix
            let isInverted = matrix.invert()
            #expect(isInverted)
            for row in 0..<size {
                for column in 0..<size {
                    let dot = (0..<size).reduce(0.0) {
                        $0 + Double(original[row, $1]) * Double(matrix[$1, column])
                    }
                    #expect(abs(dot - (row == column ? 1 : 0)) < 1e-4)
                }
            }
        }
    }

    @Test func `a system's solution fulfils its equations, one system after another`() {
        var random = SeededGenerator(seed: 11)
        var system = CholeskySystem()
        for size in [3, 1, 40, 8, 17, 0, 9] {
            let rows = (0..<size).map { _ in (0..<size).map { _ in random.unit() - 0.5 } }
            var products = [Float](repeating: .nan, count: size * size)
            for row in 0..<size {
                for column in 0...row {
                    products[row * size + column] = Float(zip(rows[row], rows[column]).reduce(0.0) { $0 + $1.0 * $1.1 })
                }
            }
            system.reset(size: size, lowerOf: products, times: 2, diagonal: 1)
            let right = (0..<size).map { _ in Float(random.unit()) }
            system.values = right
            system.solve()
            #expect(system.values.count == size)
            for row in 0..<size {
                let sum = (0..<size).reduce(0.0) { sum, column in
                    let product = products[max(row, column) * size + min(row, column)]
                    return sum + (2 * Double(product) + (row == column ? 1 : 0)) * Double(system.values[column])
                }
                #expect(abs(sum - Double(right[row])) < 1e-4)
            }
        }
    }

    @Test func `a matrix that is not positive definite is refused`() {
        var matrix = SymmetricMatrix(size: 2)
        (matrix[0, 0], matrix[0, 1], matrix[1, 0], matrix[1, 1]) = (1, 2, 2, 1)
        let isInverted = matrix.invert()
        var empty = SymmetricMatrix(size: 0)
        let isEmptyInverted = empty.invert()
        #expect(!isInverted && isEmptyInverted)
    }
}

@Suite struct SeededGeneratorTests {
    @Test func `equal seeds give equal numbers, different seeds others`() {
        var (first, second, other) = (SeededGenerator(seed: 1), SeededGenerator(seed: 1), SeededGenerator(seed: 2))
        let numbers = (0..<20).map { _ in first.next() }
        #expect(numbers == (0..<20).map { _ in second.next() })
        #expect(numbers != (0..<20).map { _ in other.next() })
        #expect((0..<1000).allSatisfy { _ in (0..<1).contains(first.unit()) })
    }
}
