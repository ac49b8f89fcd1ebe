import Numerics
import Testing

@testable import Torch

/// What is computed without libtorch's graph, beside the same in it.
@Suite struct ClosedFormTests {
    private func values(_ count: Int, seed: UInt64) -> [Double] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in random.unit() * 2 - 1 }
    }

    /// The loss and the derivatives by states, own items and others.
    private func measured(isDouble: Bool) throws -> (loss: Double, slopes: [[Double]]) {
        func tensor(_ numbers: [Double], _ shape: [Int]) throws -> Tensor {
            isDouble ? try Tensor(numbers, shape: shape) : try Tensor(numbers.map { Float($0) }, shape: shape)
        }
        let leaves = [
            try tensor(values(20, seed: 1), [5, 4]), try tensor(values(20, seed: 2), [5, 4]),
            try tensor(values(76, seed: 3), [19, 4]),
        ]
        for leaf in leaves { try leaf.requireGradient() }
        let shifts = values(19, seed: 4).map { Float($0) }
        // What the loss is given was computed, as states are.
        let loss = try Loss.sampledSoftmax(
            states: try leaves[0] * 3, own: try leaves[1] * 2, others: try leaves[2] * 1.5, shifts: shifts,
            hits: [Loss.Hit(row: 1, column: 0), Loss.Hit(row: 4, column: 18), Loss.Hit(row: 4, column: 3)])
        try (try loss * 0.5).backward()
        return (
            try loss.item(),
            try leaves.map { leaf in
                let gradient = try #require(try leaf.gradient())
                return isDouble ? try gradient.doubles() : try gradient.floats().map { Double($0) }
            }
        )
    }

    @Test func `sampled softmax of products has the loss and the derivatives of its graph`() throws {
        // In double precision the graph is kept, which other tests check by differences.
        let (graph, closed) = (try measured(isDouble: true), try measured(isDouble: false))
        #expect(abs(graph.loss - closed.loss) < 1e-6)
        for (left, right) in zip(graph.slopes, closed.slopes) {
            #expect(left.count == right.count)
            #expect(zip(left, right).allSatisfy { abs($0 - $1) < 1e-6 })
            #expect(left.contains { abs($0) > 1e-3 })
        }
    }

    @Test func `sampled softmax refuses what does not fit`() throws {
        let (two, three) = (try Tensor([1.0, 2], shape: [1, 2]), try Tensor([1.0, 2, 3], shape: [1, 3]))
        #expect(throws: TorchError.self) {
            try Loss.sampledSoftmax(states: two, own: three, others: two, shifts: [0], hits: [])
        }
        #expect(throws: TorchError.self) {
            try Loss.sampledSoftmax(states: two, own: two, others: two, shifts: [0, 0], hits: [])
        }
        #expect(throws: TorchError.self) {
            try Loss.sampledSoftmax(
                states: two, own: two, others: two, shifts: [0], hits: [Loss.Hit(row: 0, column: 1)])
        }
    }

    @Test(arguments: [0, 0.1])
    func `Adam in one pass changes weights as its operations do`(decay: Double) throws {
        func trained(isDouble: Bool) throws -> [Double] {
            let first = values(37, seed: 5)
            let parameters = try Parameters(seed: 1)
            let weight = isDouble ? try Tensor(first, shape: [37]) : try Tensor(first.map { Float($0) }, shape: [37])
            try weight.requireGradient()
            parameters.adopt("w", weight)
            let optimiser = try Optimiser(parameters, rule: Adam(weightDecay: decay))
            for _ in 0..<5 {
                try parameters.clearGradients()
                try (try weight * weight).sum().backward()
                try optimiser.step(rate: 0.05)
            }
            return isDouble ? try weight.doubles() : try weight.floats().map { Double($0) }
        }
        let (slow, fast) = (try trained(isDouble: true), try trained(isDouble: false))
        #expect(zip(slow, fast).allSatisfy { abs($0 - $1) < 2e-6 })
        #expect(zip(slow, values(37, seed: 5)).allSatisfy { abs($0 - $1) > 1e-3 })
    }

    @Test func `attention of the places before has the results and the derivatives of its graph`() throws {
        let parameters = try Parameters(seed: 3)
        let attention = try SelfAttention(parameters, "attention", width: 16, heads: 2, dropout: 0)
        func measured(_ mask: AttentionMask) throws -> [[Float]] {
            try parameters.clearGradients()
            let input = try Tensor(values(2 * 7 * 16, seed: 6).map { Float($0) }, shape: [2, 7, 16])
            try input.requireGradient()
            let result = try attention(input, mask: mask, isTraining: true)
            try (try result * result).sum().backward()
            let leaves = [input] + parameters.entries.map(\.tensor)
            return try [result.floats()] + leaves.map { try #require(try $0.gradient()).floats() }
        }
        let (closed, graph) = (
            try measured(.causal(.cpu)), try measured(.added(try SelfAttention.causalMask(7, device: .cpu)))
        )
        for (left, right) in zip(closed, graph) {
            #expect(left.count == right.count)
            #expect(zip(left, right).allSatisfy { abs($0 - $1) < 2e-5 })
        }
    }

    @Test func `a derivative that cannot be had fails backward with its reason`() throws {
        struct Refusal: Error {}
        let input = try Tensor([1, 2] as [Float], shape: [2])
        try input.requireGradient()
        let result = try Tensor([3] as [Float], shape: []).with(inputs: [input]) { _ in throw Refusal() }
        let error = #expect(throws: TorchError.self) { try result.backward() }
        #expect(error?.reason.contains("Refusal") == true)
    }

    @Test func `a derivative is let go with its graph, or at once where no gradient is wanted`() throws {
        final class Witness {}
        weak var witness: Witness?
        let input = try Tensor([1, 2] as [Float], shape: [2])
        for isWanted in [true, false] {
            try input.requireGradient(isWanted)
            do {
                let held = Witness()
                witness = held
                let result = try Tensor([3] as [Float], shape: []).with(inputs: [input]) { slope in
                    withExtendedLifetime(held) {}
                    return [try Tensor([5, 7] as [Float], shape: [2]) * slope]
                }
                if isWanted {
                    try (try result * 2).backward()
                    #expect(try input.gradient()?.floats() == [10, 14])
                }
            }
            #expect(witness == nil)
        }
    }
}
