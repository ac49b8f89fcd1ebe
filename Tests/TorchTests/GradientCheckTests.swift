import Numerics
import Testing
import Torch

/// Central differences, step 1e-5 in double precision, against libtorch's gradients.
@Suite struct GradientCheckTests {
    private func check(_ values: [Double], shape: [Int], _ loss: (Tensor) throws -> Tensor) throws {
        let tensor = try Tensor(values, shape: shape)
        try tensor.requireGradient()
        try loss(tensor).backward()
        let gradient = try #require(try tensor.gradient()).doubles()
        let step = 1e-5
        for place in values.indices {
            var (above, below) = (values, values)
            above[place] += step
            below[place] -= step
            let slope =
                (try loss(try Tensor(above, shape: shape)).item() - loss(try Tensor(below, shape: shape)).item())
                / (2 * step)
            #expect(abs(slope - gradient[place]) < 1e-7, "at \(place)")
        }
    }

    private func random(_ count: Int, seed: UInt64) -> [Double] {
        var generator = SeededGenerator(seed: seed)
        return (0..<count).map { _ in generator.unit() * 4 - 2 }
    }

    @Test func `Bayesian ranking's gradient is its slope`() throws {
        let negative = try Tensor(random(5, seed: 1), shape: [5])
        try check(random(5, seed: 2), shape: [5]) { try Loss.bayesianRanking(positive: $0, negative: negative) }
    }

    @Test func `sampled softmax's gradients are its slopes`() throws {
        let (batch, samples) = (3, 4)
        let negatives = random(batch * samples, seed: 3)
        let log = (
            positive: try Tensor(random(batch, seed: 4), shape: [batch]),
            negatives: try Tensor(random(samples, seed: 5), shape: [samples])
        )
        var flags = [Bool](repeating: false, count: batch * samples)
        flags[5] = true
        let hits = try Tensor(flags, shape: [batch, samples])
        try check(random(batch, seed: 6), shape: [batch]) {
            try Loss.sampledSoftmax(
                positive: $0, negatives: try Tensor(negatives, shape: [batch, samples]), logProbabilities: log,
                hits: hits)
        }
        let positive = try Tensor(random(batch, seed: 6), shape: [batch])
        try check(negatives, shape: [batch, samples]) {
            try Loss.sampledSoftmax(positive: positive, negatives: $0, logProbabilities: log, hits: hits)
        }
    }

    @Test func `sampled softmax over all others is the cross-entropy`() throws {
        let logits = random(5, seed: 7)
        let whole = try Loss.crossEntropy(
            try Tensor(logits, shape: [1, 5]), try Tensor([0] as [Int64], shape: [1])
        ).item()
        let sampled = try Loss.sampledSoftmax(
            positive: try Tensor([logits[0]], shape: [1]), negatives: try Tensor(Array(logits[1...]), shape: [1, 4])
        ).item()
        #expect(abs(whole - sampled) < 1e-12)
    }

    @Test func `in-batch contrast's gradients are its slopes`() throws {
        let (items, log) = (random(6, seed: 8), try Tensor(random(3, seed: 9), shape: [3]))
        try check(random(6, seed: 10), shape: [3, 2]) {
            try Loss.inBatchContrast(
                queries: $0, items: try Tensor(items, shape: [3, 2]), logProbabilities: log, temperature: 0.5)
        }
        let queries = try Tensor(random(6, seed: 10), shape: [3, 2])
        try check(items, shape: [3, 2]) {
            try Loss.inBatchContrast(queries: queries, items: $0, logProbabilities: log, temperature: 0.5)
        }
    }

    @Test func `in-batch contrast with other items and hits has gradients that are its slopes, none for hits`() throws {
        let log = try Tensor(random(5, seed: 11), shape: [5])
        var flags = [Bool](repeating: false, count: 15)
        (flags[1], flags[4]) = (true, true)
        let hits = try Tensor(flags, shape: [3, 5])
        let queries = try Tensor(random(6, seed: 12), shape: [3, 2])
        try check(random(10, seed: 13), shape: [5, 2]) {
            try Loss.inBatchContrast(
                queries: queries, items: $0, logProbabilities: log, hits: hits, temperature: 0.5)
        }
        // With two items and one hit nothing is left to stand out from.
        let alone = try Loss.inBatchContrast(
            queries: try Tensor([1.0, 2], shape: [1, 2]), items: try Tensor([1.0, 0, 3, 1], shape: [2, 2]),
            logProbabilities: try Tensor([0.0, 0], shape: [2]), hits: try Tensor([false, true], shape: [1, 2]))
        #expect(try alone.item() == 0)
    }
}
