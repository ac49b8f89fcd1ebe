import Foundation
import Testing

@testable import Numerics

/// Every level of instructions that this processor has, against plain code in double precision.
@Suite struct TransformerKernelTests {
    static let levels = KernelLevel.allCases.filter { $0.rawValue <= KernelLevel.best.rawValue }

    private func values(_ count: Int, seed: UInt64, spread: Float = 2) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in (Float(random.unit()) - 0.5) * spread }
    }

    private func largestGap(_ left: [Float], _ right: [Double]) -> Double {
        zip(left, right).reduce(0) { max($0, abs(Double($1.0) - $1.1)) }
    }

    @Test(arguments: levels)
    func `dense layers of every height and odd shapes`(level: KernelLevel) {
        for (rows, width, depth) in [
            (1, 1, 1), (2, 16, 8), (3, 17, 33), (7, 40, 12), (12, 5, 64), (13, 48, 31), (29, 33, 7),
        ] {
            let (weights, bias) = (values(width * depth, seed: 1), values(width, seed: 2))
            let input = values(rows * depth, seed: UInt64(3 + rows))
            var expected: [Double] = []
            for row in 0..<rows {
                for column in 0..<width {
                    expected.append(
                        (0..<depth).reduce(Double(bias[column])) {
                            $0 + Double(input[row * depth + $1]) * Double(weights[column * depth + $1])
                        })
                }
            }
            var output = [Float](repeating: 7, count: rows * width + 1)
            var scratch = DenseScratch()
            PackedWeights(weights, bias, depth, level).apply(input, rows: rows, into: &output, &scratch)
            #expect(largestGap(output, expected) < 1e-5, "\(rows) × \(width) × \(depth)")
            #expect(output.last == 7)
        }
    }

    @Test(arguments: levels)
    func `8-bit dense layers give exactly the sums of their numbers`(level: KernelLevel) {
        for (rows, width, depth) in [(1, 1, 1), (2, 16, 8), (3, 17, 33), (11, 40, 30), (12, 5, 64), (26, 33, 7)] {
            var random = SeededGenerator(seed: UInt64(rows))
            let numbers = (0..<width * depth).map { _ in Int8.random(in: -127...127, using: &random) }
            let factors = values(width, seed: 5).map { abs($0) + 0.01 }
            let bias = values(width, seed: 6)
            // Whole numbers with 127 among them are quantised without loss.
            var input = (0..<rows * depth).map { _ in Float(Int.random(in: -127...127, using: &random)) }
            for row in 0..<rows { input[row * depth] = row % 2 == 0 ? 127 : -127 }
            var expected: [Double] = []
            for row in 0..<rows {
                for column in 0..<width {
                    let sum = (0..<depth).reduce(0) {
                        $0 + Int(input[row * depth + $1]) * Int(numbers[column * depth + $1])
                    }
                    expected.append(Double(sum) * Double(factors[column]) + Double(bias[column]))
                }
            }
            var output = [Float](repeating: 7, count: rows * width + 1)
            var scratch = DenseScratch()
            PackedWeights(numbers, factors, bias, depth, level).apply(input, rows: rows, into: &output, &scratch)
            for (place, value) in expected.enumerated() {
                #expect(abs(Double(output[place]) - value) <= abs(value) * 1e-6 + 1e-4, "\(rows) × \(width) × \(depth)")
            }
            #expect(output.last == 7)
        }
    }

    @Test(arguments: levels)
    func `rows that are no numbers, or nothing but zeros, become zeros in 8 bits`(level: KernelLevel) {
        let layer = PackedWeights([Int8](repeating: 127, count: 40), [1, 1], [0.5, -1], 20, level)
        var output: [Float] = [9, 9, 9, 9]
        var scratch = DenseScratch()
        var input = [Float](repeating: 0, count: 40)
        input[39] = .infinity
        layer.apply(input, rows: 2, into: &output, &scratch)
        #expect(output == [0.5, -1, 0.5, -1])
        layer.apply([], rows: 0, into: &output, &scratch)
        #expect(output == [0.5, -1, 0.5, -1])
    }

    @Test(arguments: levels)
    func `GELU is x times the normal distribution`(level: KernelLevel) {
        for count in [1, 15, 16, 37] {
            let inputs = values(count, seed: UInt64(count), spread: 14)
            var outputs = inputs + [3]
            TransformerKernels.gelu(&outputs, count: count, level)
            let expected = inputs.map { Double($0) / 2 * erfc(-Double($0) / 2.0.squareRoot()) }
            #expect(largestGap(outputs, expected) < 2e-6)
            #expect(outputs.last == 3)
        }
        var extremes: [Float] = [-90, -20, 20, 90]
        TransformerKernels.gelu(&extremes, count: 4, level)
        #expect(extremes.map { abs($0) < 1e-6 ? 0 : $0 } == [0, 0, 20, 90])
    }

    @Test(arguments: levels)
    func `a normalised row has mean zero and variance one before it is scaled`(level: KernelLevel) {
        let (rows, width) = (3, 24)
        let (source, residual) = (values(rows * width, seed: 8, spread: 9), values(rows * width, seed: 9))
        let (weight, bias) = (values(width, seed: 10), values(width, seed: 11))
        var target = source
        TransformerKernels.normalise(
            &target, adding: residual, rows: rows, weight: weight, bias: bias, epsilon: 1e-6, level)
        for row in 0..<rows {
            let range = row * width..<(row + 1) * width
            let sums = range.map { Double(source[$0]) + Double(residual[$0]) }
            let mean = sums.reduce(0, +) / Double(width)
            let variance = sums.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(width)
            let expected = sums.indices.map {
                (sums[$0] - mean) / (variance + 1e-6).squareRoot() * Double(weight[$0]) + Double(bias[$0])
            }
            #expect(largestGap(Array(target[range]), expected) < 1e-5)
        }
    }

    @Test(arguments: levels, [false, true])
    func `every head mixes the values of its own sequence`(level: KernelLevel, isCausal: Bool) {
        let (width, heads) = (32, 2)
        let starts = [0, 1, 1, 20, 25]
        let rows = 25
        let joined = values(rows * 3 * width, seed: 12, spread: 6)
        var context = [Float](repeating: 9, count: rows * width + 1)
        TransformerKernels.attend(
            joined, starts: starts, width: width, heads: heads, isCausal: isCausal, into: &context, level)
        let depth = width / heads
        var expected = [Double](repeating: 0, count: rows * width)
        func value(_ row: Int, _ part: Int, _ column: Int) -> Double {
            Double(joined[(row * 3 + part) * width + column])
        }
        for (start, end) in zip(starts, starts.dropFirst()) {
            for row in start..<end {
                for head in 0..<heads {
                    let seen = start..<(isCausal ? row + 1 : end)
                    let columns = head * depth..<(head + 1) * depth
                    let powers = seen.map { other in
                        exp(
                            columns.reduce(0) { $0 + value(row, 0, $1) * value(other, 1, $1) }
                                / Double(depth).squareRoot())
                    }
                    let total = powers.reduce(0, +)
                    for column in columns {
                        expected[row * width + column] = zip(seen, powers).reduce(0) {
                            $0 + $1.1 / total * value($1.0, 2, column)
                        }
                    }
                }
            }
        }
        #expect(largestGap(context, expected) < 1e-5)
        #expect(context.last == 9)
    }
}
