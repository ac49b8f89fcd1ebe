import Foundation
import Numerics
import Testing
import Torch

/// Recurrent units against their equations as loops, in double precision.
@Suite struct GatedRecurrenceTests {
    private static let (batch, length, inputs, width) = (2, 4, 3, 2)

    /// A layer in double precision with weights of this seed, in the order: input weight, input bias, hidden weight, hidden bias.
    private func run(_ input: [Double], _ weights: [[Double]]) throws -> (state: Tensor, weights: [Tensor]) {
        let shapes = [[6, Self.inputs], [6], [6, Self.width], [6]]
        let tensors = try zip(weights, shapes).map { try Tensor($0, shape: $1) }
        for tensor in tensors { try tensor.requireGradient() }
        let start = try Tensor(
            [Double](repeating: 0, count: Self.batch * Self.width), shape: [1, Self.batch, Self.width])
        let state = try Tensor.one(
            "aten::gru", "input",
            [
                .tensor(try Tensor(input, shape: [Self.batch, Self.length, Self.inputs])), .tensor(start),
                .tensors([tensors[0], tensors[2], tensors[1], tensors[3]]), .flag(true), .integer(1), .number(0),
                .flag(true), .flag(false), .flag(true),
            ])
        return (state, tensors)
    }

    /// The equations of `GatedRecurrence`, one step after the other; the state after every step of every row.
    private func loops(_ input: [Double], _ weights: [[Double]]) -> [Double] {
        let (width, inputs) = (Self.width, Self.inputs)
        func sigmoid(_ value: Double) -> Double { 1 / (1 + exp(-value)) }
        var result: [Double] = []
        for row in 0..<Self.batch {
            var state = [Double](repeating: 0, count: width)
            for step in 0..<Self.length {
                let start = (row * Self.length + step) * inputs
                func given(_ unit: Int) -> Double {
                    weights[1][unit]
                        + (0..<inputs).reduce(0) { $0 + weights[0][unit * inputs + $1] * input[start + $1] }
                }
                let before = state
                func kept(_ unit: Int) -> Double {
                    weights[3][unit] + (0..<width).reduce(0) { $0 + weights[2][unit * width + $1] * before[$1] }
                }
                for unit in 0..<width {
                    let reset = sigmoid(given(unit) + kept(unit))
                    let update = sigmoid(given(width + unit) + kept(width + unit))
                    let candidate = tanh(given(2 * width + unit) + reset * kept(2 * width + unit))
                    state[unit] = (1 - update) * candidate + update * before[unit]
                }
                result += state
            }
        }
        return result
    }

    private func random(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in generator.unit() * 2 - 1 }
    }

    private var weights: [[Double]] {
        [6 * Self.inputs, 6, 6 * Self.width, 6].enumerated().map { random($1, seed: UInt64($0) + 1) }
    }

    @Test func `states are those of the equations`() throws {
        let input = random(Self.batch * Self.length * Self.inputs, seed: 9)
        let states = try run(input, weights).state.doubles()
        let expected = loops(input, weights)
        #expect(states.count == expected.count)
        #expect(zip(states, expected).allSatisfy { abs($0 - $1) < 1e-12 })
    }

    @Test func `gradients through all steps are slopes`() throws {
        let input = random(Self.batch * Self.length * Self.inputs, seed: 9)
        let (state, tensors) = try run(input, weights)
        try (try state * state).sum().backward()
        let step = 1e-5
        for (number, tensor) in tensors.enumerated() {
            let gradient = try #require(try tensor.gradient()).doubles()
            for place in gradient.indices {
                let (above, below) = (shifted(number, place, step), shifted(number, place, -step))
                let slope = (energy(loops(input, above)) - energy(loops(input, below))) / (2 * step)
                #expect(abs(slope - gradient[place]) < 1e-7)
            }
        }
    }

    private func shifted(_ number: Int, _ place: Int, _ step: Double) -> [[Double]] {
        var moved = weights
        moved[number][place] += step
        return moved
    }

    private func energy(_ states: [Double]) -> Double { states.reduce(0) { $0 + $1 * $1 } }

    @Test func `a layer gives a state for each step, and none sees what follows`() throws {
        let parameters = try Parameters(seed: 1)
        let layer = try GatedRecurrence(parameters, "layer", inputs: 3, width: 4)
        #expect(
            parameters.entries.map(\.name) == [
                "layer.input.weight", "layer.input.bias", "layer.hidden.weight", "layer.hidden.bias",
            ])
        let input = random(15, seed: 3).map { Float($0) }
        let whole = try layer(try Tensor(input, shape: [1, 5, 3]), isTraining: false)
        #expect(whole.shape == [1, 5, 4])
        let part = try layer(try Tensor(Array(input.prefix(9)), shape: [1, 3, 3]), isTraining: false)
        #expect(zip(try part.floats(), try whole.floats()).allSatisfy { abs($0 - $1) < 1e-6 })
        #expect(throws: TorchError.self) { try layer(try Tensor(input, shape: [5, 3]), isTraining: false) }
    }
}
