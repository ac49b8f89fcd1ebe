import Foundation
import Numerics
import Testing

@testable import Ranking

@Suite struct PerceptronTests {
    /// Rows of three numbers; the label is what two of them say together, which no sum of them tells.
    private static func examples(_ count: Int, seed: UInt64 = 3) -> PerceptronFitting.Examples {
        var random = SeededGenerator(seed: seed)
        let rows = (0..<count * 3).map { _ in Float(random.unit() * 4 - 2) }
        let labels = (0..<count).map { rows[$0 * 3] * rows[$0 * 3 + 1] > 0 ? 1 : 0 as Float }
        let weights = (0..<count).map { _ in Float(0.5 + random.unit()) }
        return .init(width: 3, labels: labels, weights: weights) { row, target, place in
            for column in 0..<3 { target[place + column] = rows[row * 3 + column] }
        }
    }

    private static func fitting() -> PerceptronFitting {
        var fitting = PerceptronFitting()
        (fitting.hidden, fitting.epochs, fitting.batch, fitting.learningRate) = ([16, 8], 60, 64, 1e-2)
        return fitting
    }

    private static func perceptron(seed: UInt64 = 1) throws -> Perceptron {
        try fitting().train(examples(1000), seed: seed)
    }

    @Test func `gradients are those of differences of the loss`() {
        let examples = Self.examples(24)
        var state = FittingState(sizes: [3, 5, 4, 1], batch: 24, chance: 0.4, seed: 7)
        for layer in state.biases.indices {
            for unit in state.biases[layer].values.indices { state.biases[layer].values[unit] += 0.3 }
        }
        func loss(_ state: FittingState) -> Double {
            var state = state
            return state.differentiate(Array(0..<24)[...], of: examples, scale: 1, dropout: 0)
        }
        state.differentiate(Array(0..<24)[...], of: examples, scale: 1, dropout: 0)
        let step: Float = 1e-3
        func check(_ block: WritableKeyPath<FittingState, FittingState.Block>) {
            for place in state[keyPath: block].values.indices {
                var (above, below) = (state, state)
                above[keyPath: block].values[place] += step
                below[keyPath: block].values[place] -= step
                let slope = (loss(above) - loss(below)) / Double(2 * step)
                // A rectifier between the two has two slopes.
                #expect(abs(slope - Double(state[keyPath: block].gradients[place])) < 4e-3)
            }
        }
        for layer in 0..<3 {
            check(\.weights[layer])
            check(\.biases[layer])
        }
        let steepest = state.weights.flatMap(\.gradients).map { abs($0) }.max() ?? 0
        #expect(steepest > 0.05)
    }

    @Test func `it learns what no sum of its inputs tells`() throws {
        let perceptron = try Self.perceptron()
        let (fresh, count) = (Self.examples(500, seed: 4), 500)
        var rows = [Float](repeating: 0, count: count * 3)
        for row in 0..<count { fresh.fill(row, &rows, row * 3) }
        let right = zip(perceptron.outputs(of: rows), fresh.labels).count { ($0 > 0) == ($1 == 1) }
        #expect(Double(right) / Double(count) > 0.93)
        #expect(perceptron.width == 3 && perceptron.layers.map(\.bias.count) == [16, 8, 1])
    }

    @Test func `the same seed gives the same weights, another one others`() throws {
        let (first, again, other) = (try Self.perceptron(), try Self.perceptron(), try Self.perceptron(seed: 2))
        #expect(first.layers.map(\.weights) == again.layers.map(\.weights))
        #expect(first.layers.map(\.bias) == again.layers.map(\.bias))
        #expect(first.layers.map(\.weights) != other.layers.map(\.weights))
    }

    @Test func `outputs are those of plain loops`() throws {
        let perceptron = try Self.perceptron()
        var random = SeededGenerator(seed: 9)
        let rows = (0..<21).map { _ in Float(random.unit() * 4 - 2) }
        for (row, output) in perceptron.outputs(of: rows).enumerated() {
            var values = Array(rows[row * 3..<(row + 1) * 3])
            for (number, layer) in perceptron.layers.enumerated() {
                values = layer.bias.indices.map { unit in
                    let sum = (0..<layer.inputs).reduce(layer.bias[unit]) {
                        $0 + layer.weights[unit * layer.inputs + $1] * values[$1]
                    }
                    return number + 1 < perceptron.layers.count ? max(0, sum) : sum
                }
            }
            #expect(abs(values[0] - output) < 1e-4)
        }
        #expect(perceptron.outputs(of: []).isEmpty)
    }

    @Test func `attributions add up to the difference of outputs`() throws {
        let perceptron = try Self.perceptron()
        var random = SeededGenerator(seed: 10)
        let row = (0..<3).map { _ in Float(random.unit() * 4 - 2) }
        // The last of them is the row itself.
        let others = (0..<27).map { _ in Float(random.unit() * 4 - 2) } + row
        let values = perceptron.attributions(of: row, beside: others)
        let (own, outputs) = (perceptron.outputs(of: row)[0], perceptron.outputs(of: others))
        for (other, output) in outputs.enumerated() {
            #expect(abs(values[other * 3..<other * 3 + 3].reduce(0, +) - (own - output)) < 1e-3)
        }
        #expect(values.suffix(3) == [0, 0, 0])
        // What does not differ adds nothing.
        var twin = row
        twin[2] += 1
        let moved = perceptron.attributions(of: twin, beside: row)
        #expect(moved[0] == 0 && moved[1] == 0)
        #expect(perceptron.attributions(of: row, beside: []).isEmpty)
    }

    @Test func `where there is nothing to learn, it says so`() {
        let ones = PerceptronFitting.Examples(width: 1, labels: [1, 1], weights: [1, 1]) { _, _, _ in }
        let none = PerceptronFitting.Examples(width: 1, labels: [], weights: []) { _, _, _ in }
        let endless = PerceptronFitting.Examples(width: 1, labels: [0, 1], weights: [1, .infinity]) { _, _, _ in }
        for examples in [ones, none, endless] {
            #expect(throws: RankingError.self) { try PerceptronFitting().train(examples, seed: 1) }
        }
    }

    @Test func `layers that do not fit together are refused`() throws {
        func layer(_ inputs: Int, _ weights: [Float], _ bias: [Float]) throws -> Perceptron.Layer {
            try .init(inputs: inputs, weights: weights, bias: bias)
        }
        #expect(throws: RankingError.self) { try layer(2, [1], [0]) }
        #expect(throws: RankingError.self) { try layer(1, [.nan], [0]) }
        #expect(throws: RankingError.self) { try layer(0, [], [0]) }
        #expect(throws: RankingError.self) { try layer(1, [], []) }
        let (wide, narrow) = (try layer(1, [1, 1], [0, 0]), try layer(1, [1], [0]))
        #expect(throws: RankingError.self) { try Perceptron([]) }
        #expect(throws: RankingError.self) { try Perceptron([wide]) }
        #expect(throws: RankingError.self) { try Perceptron([wide, narrow]) }
        #expect(try Perceptron([narrow, narrow]).outputs(of: [2, -2]) == [2, 0])
    }

    @Test func `the rate rises over the first fifth and falls to nothing`() {
        let shares = (1...100).map { PerceptronFitting.share(of: $0, in: 100) }
        #expect(abs(shares[9] - 0.5) < 1e-9 && abs(shares[19] - 1) < 1e-9 && shares[99] < 1e-9)
        #expect(zip(shares.dropFirst(20), shares.dropFirst(21)).allSatisfy { $0 > $1 })
    }
}
