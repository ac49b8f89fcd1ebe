import Foundation
import Testing

@testable import Numerics

/// Every level of instructions that this processor has, against plain code in double precision.
@Suite struct TrainingKernelTests {
    static let levels = KernelLevel.allCases.filter { $0.rawValue <= KernelLevel.best.rawValue }

    private func values(_ count: Int, seed: UInt64, spread: Float = 6) -> [Float] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in (Float(random.unit()) - 0.5) * spread }
    }

    @Test(arguments: levels)
    func `losses and derivatives of odd widths are those of the formula`(level: KernelLevel) {
        for (rows, width) in [(1, 1), (2, 15), (3, 16), (2, 17), (4, 45)] {
            let (before, shifts) = (values(rows * width, seed: 1), values(width, seed: 2))
            let own = values(rows, seed: 3, spread: 40)
            var scores = before
            scores[0] = -.infinity
            var span = scores.mutableSpan
            let result = TrainingKernels.softmaxLoss(&span, shifts: shifts, own: own, factor: 0.25, level)
            for row in 0..<rows {
                let powers = (0..<width).map { (column: Int) -> Double in
                    let score = Double(before[row * width + column])
                    return row + column == 0 ? 0 : exp(score + Double(shifts[column]))
                }
                let ownPower = exp(Double(own[row]))
                let total = powers.reduce(ownPower, +)
                #expect(abs(Double(result.losses[row]) - (log(total) - Double(own[row]))) < 1e-5)
                #expect(abs(Double(result.ownSlopes[row]) - (ownPower / total - 1) / 4) < 1e-6)
                for column in 0..<width {
                    let slope = Double(scores[row * width + column])
                    #expect(abs(slope - powers[column] / total / 4) < 1e-6)
                }
            }
        }
    }

    @Test(arguments: levels)
    func `a score that is no number makes its row's loss none, and no other's`(level: KernelLevel) {
        for broken in [0, 16, 18] {
            var scores = values(57, seed: 4)
            scores[19 + broken] = .nan
            var span = scores.mutableSpan
            let result = TrainingKernels.softmaxLoss(
                &span, shifts: [Float](repeating: 0, count: 19), own: [0, 0, 0], factor: 1, level)
            #expect(result.losses.map(\.isNaN) == [false, true, false])
        }
    }

    @Test(arguments: levels)
    func `logarithms of sums of powers are those of double precision`(level: KernelLevel) {
        for (rows, width) in [(1, 1), (2, 15), (3, 16), (2, 1041), (3, 12_101)] {
            var scores = values(rows * width, seed: 9, spread: 30)
            if width > 20 { scores[17] = -.infinity }
            let sums = TrainingKernels.logSums(scores.span, width: width, level)
            for row in 0..<rows {
                let wanted = log(scores[row * width..<(row + 1) * width].reduce(0) { $0 + exp(Double($1)) })
                #expect(abs(sums[row] - wanted) < 1e-6 * max(1, abs(wanted)))
            }
        }
        var scores = values(60, seed: 10)
        scores[45] = .nan
        #expect(TrainingKernels.logSums(scores.span, width: 20, level).map(\.isNaN) == [false, false, true])
    }

    @Test(arguments: levels)
    func `a step of Adam is its three equations`(level: KernelLevel) {
        for count in [0, 1, 16, 37] {
            let (weights, means) = (values(count, seed: 5), values(count, seed: 6))
            let (squares, gradients) = (values(count, seed: 7).map { abs($0) }, values(count, seed: 8))
            let step = TrainingKernels.AdamStep(
                beta1: 0.9, beta2: 0.98, epsilon: 1e-3, rate: 0.05, rootScale: 1.5, shrinkage: 0.99)
            var (w, m, v) = (weights, means, squares)
            var first = w.mutableSpan
            var second = m.mutableSpan
            var third = v.mutableSpan
            TrainingKernels.adam(
                &first, means: &second, squares: &third, gradients: gradients.span, step: step, level)
            for place in 0..<count {
                let g = Double(gradients[place])
                let mean = 0.9 * Double(means[place]) + 0.1 * g
                let square = 0.98 * Double(squares[place]) + 0.02 * g * g
                let weight = 0.99 * Double(weights[place]) - 0.05 * mean / (square.squareRoot() * 1.5 + 1e-3)
                #expect(abs(Double(m[place]) - mean) < 1e-5)
                #expect(abs(Double(v[place]) - square) < 1e-5)
                #expect(abs(Double(w[place]) - weight) < 1e-5)
            }
        }
    }

    @Test func `masks drop the share that is asked for, without pattern, and alike at every level`() {
        let count = 200_003
        func mask(_ rate: Double, _ key: UInt64, _ level: KernelLevel) -> [Float] {
            var numbers = [Float](repeating: -1, count: count)
            var span = numbers.mutableSpan
            TrainingKernels.dropoutMask(&span, rate: rate, key: key, level)
            return numbers
        }
        for rate in [0, 0.2, 0.5, 0.9] {
            let first = mask(rate, 17, .plain)
            #expect(Self.levels.allSatisfy { mask(rate, 17, $0) == first })
            let kept = Float(1 / (1 - rate))
            #expect(first.allSatisfy { $0 == 0 || $0 == kept })
            let deviation = (rate * (1 - rate) / Double(count)).squareRoot()
            #expect(abs(Double(first.count { $0 == 0 }) / Double(count) - rate) <= 4 * deviation)
            // Neighbours and other keys are as independent as chance makes them.
            for (other, shift) in [
                (first, 1), (first, 16), (mask(rate, 18, .plain), 0), (mask(rate, 17 << 32, .plain), 0),
            ] {
                let both = (0..<count - shift).count { first[$0] == 0 && other[$0 + shift] == 0 }
                let share = rate * rate
                #expect(
                    abs(Double(both) / Double(count - shift) - share)
                        <= 5 * (share * (1 - share) / Double(count)).squareRoot())
            }
        }
    }

    /// softmax(Q·Kᵀ / √depth) ⊙ mask · V of one head in double precision.
    private func attended(_ joined: [Double], length: Int, width: Int, mask: [Float]) -> [Double] {
        var result = [Double](repeating: 0, count: length * width)
        for row in 0..<length {
            let powers = (0...row).map { other in
                exp(
                    (0..<width).reduce(0) {
                        $0 + joined[row * 3 * width + $1] * joined[other * 3 * width + width + $1]
                    } / Double(width).squareRoot())
            }
            for other in 0...row {
                let weight = powers[other] / powers.reduce(0, +) * Double(mask[row * length + other])
                for place in 0..<width {
                    result[row * width + place] += weight * joined[other * 3 * width + 2 * width + place]
                }
            }
        }
        return result
    }

    @Test(arguments: levels)
    func `attention and its derivatives are those of the formula, each head and sequence by itself`(
        level: KernelLevel
    ) throws {
        for length in [1, 5, 18] {
            let (heads, depth) = (2, 8)
            let width = heads * depth
            let attention = try #require(
                TrainingKernels.CausalAttention(sequences: 2, length: length, width: width, heads: heads))
            let joined = values(2 * length * 3 * width, seed: 1, spread: 3)
            let mask = values(attention.weightCount, seed: 2).map { $0 > 1 ? Float(0) : 1.25 }
            let given = values(2 * length * width, seed: 3)
            var weights = [Float](repeating: -1, count: attention.weightCount)
            var context = [Float](repeating: -1, count: 2 * length * width)
            var slopes = [Float](repeating: -1, count: joined.count)
            var first = weights.mutableSpan
            var second = context.mutableSpan
            var third = slopes.mutableSpan
            attention.apply(joined.span, mask: mask.span, weights: &first, context: &second, level)
            attention.slopes(
                of: given.span, joined: joined.span, mask: mask.span, weights: first.span, into: &third, level)
            for (sequence, head) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                // The head's own columns, and where each lies.
                let places = (0..<length).flatMap { row in
                    (0..<3).flatMap { part in
                        (0..<depth).map { ((sequence * length + row) * 3 + part) * width + head * depth + $0 }
                    }
                }
                let own = places.map { Double(joined[$0]) }
                let results = (0..<length).flatMap { row in
                    (0..<depth).map { (sequence * length + row) * width + head * depth + $0 }
                }
                let start = (sequence * heads + head) * length * length
                let ownMask = Array(mask[start..<start + length * length])
                func ends(_ numbers: [Double]) -> Double {
                    zip(attended(numbers, length: length, width: depth, mask: ownMask), results)
                        .reduce(0) { $0 + $1.0 * Double(given[$1.1]) }
                }
                let expected = attended(own, length: length, width: depth, mask: ownMask)
                #expect(zip(expected, results).allSatisfy { abs($0 - Double(context[$1])) < 1e-5 })
                for place in stride(from: 0, to: own.count, by: 7) {
                    var (above, below) = (own, own)
                    above[place] += 1e-5
                    below[place] -= 1e-5
                    let slope = (ends(above) - ends(below)) / 2e-5
                    #expect(abs(slope - Double(slopes[places[place]])) < 1e-4)
                }
            }
        }
        #expect(TrainingKernels.CausalAttention(sequences: 1, length: 1, width: 12, heads: 1) == nil)
    }

    @Test func `kernels are changed for wider ones alone`() {
        #expect(LinearAlgebra.betterKernels(than: "Prescott", .wide) == "SkylakeX")
        #expect(LinearAlgebra.betterKernels(than: "Nehalem", .avx2) == "Haswell")
        #expect(LinearAlgebra.betterKernels(than: "Prescott", .plain) == nil)
        for name in ["Zen", "Haswell", "SkylakeX", "Cooperlake", "Sapphirerapids"] {
            #expect(LinearAlgebra.betterKernels(than: name, .wide) == nil)
        }
    }
}
