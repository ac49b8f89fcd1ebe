import Numerics
import Testing
import Torch

@testable import NeuralModels

@Suite struct PrefetchTests {
    private struct Numbers: BatchMaker {
        var random = SeededGenerator(seed: 7)

        mutating func batch(_ number: Int) -> [Int] {
            [number] + (0..<3).map { _ in Int.random(in: 0..<1000, using: &random) }
        }
    }

    @Test func `what is made ahead is what is made one by one, in whatever order it is asked for`() {
        for order in [[0, 1, 2, 3, 4], [0, 0, 1, 1, 2], [4, 3, 2, 1, 0], [2, 3, 3, 4, 0, 1, 4, 4]] {
            var plain = Numbers()
            let ahead = Prefetch(Numbers(), count: 5)
            for number in order { #expect(ahead.take(number) == plain.batch(number), "\(order)") }
        }
    }

    /// Gradients of an epoch's batches, asked for in this order.
    private func gradients(_ make: () throws -> any TrainingTask, _ order: [Int]) throws -> [[Float]] {
        let task = try make()
        try task.begin(epoch: 3)
        return try order.map { try SmallTasks.gradients(task, batch: $0) }
    }

    @Test func `an epoch's steps do not hang on how long each takes`() throws {
        let makes: [() throws -> any TrainingTask] = [
            { try SmallTasks.perceptron() }, { try SmallTasks.sasrec(.drawn(8)) },
        ]
        for make in makes {
            let order = Array(0..<(try make().batchCount))
            let first = try gradients(make, order)
            #expect(first.allSatisfy { $0.contains { abs($0) > 1e-4 } })
            for _ in 0..<5 { #expect(try gradients(make, order) == first) }
        }
    }
}
