import Testing
import Torch

@Suite struct OptimiserTests {
    private func single(_ values: [Double]) throws -> (Parameters, Tensor) {
        let weight = try Tensor(values, shape: [values.count])
        try weight.requireGradient()
        let parameters = try Parameters(seed: 0)
        parameters.adopt("weight", weight)
        return (parameters, weight)
    }

    @Test func `L1 and L2 penalties add the sign and the weight to the gradient`() throws {
        let (parameters, weight) = try single([2, -4])
        let optimiser = try Optimiser(parameters, rule: GradientDescent(), penalty: .init(l1: 0.5, l2: 0.25))
        try (try weight * 0).sum().backward()
        try optimiser.step(rate: 1)
        #expect(try weight.doubles() == [2 - 0.5 - 0.5, -4 + 0.5 + 1])
    }

    @Test func `clipping scales all gradients to a joint length and leaves short ones alone`() throws {
        let (parameters, weight) = try single([3, 4])
        try (try (try weight * weight) * 0.5).sum().backward()
        #expect(try parameters.clipGradients(toNorm: 10) == 5)
        #expect(try weight.gradient()?.doubles() == [3, 4])
        try parameters.clipGradients(toNorm: 1)
        let clipped = try #require(try weight.gradient()).doubles()
        #expect(abs(clipped[0] - 0.6) < 1e-12 && abs(clipped[1] - 0.8) < 1e-12)
    }

    @Test func `a gradient that is no number is named`() throws {
        let (parameters, weight) = try single([0])
        try (try weight.logarithm() * weight).sum().backward()
        #expect(try parameters.firstNotFinite() == "weight")
    }

    @Test func `the same seed makes the same first values`() throws {
        func weights(_ seed: UInt64) throws -> [Float] {
            try (try Parameters(seed: seed)).weight("w", shape: [3, 5], .glorot(inputs: 5, outputs: 3)).floats()
        }
        let first = try weights(1)
        #expect(try weights(1) == first)
        #expect(try weights(2) != first)
        #expect(first.allSatisfy { abs($0) <= 0.866_026 })
    }

    @Test func `learning rates follow their schedules`() {
        #expect(LearningRate.constant.factor(step: 9, total: 10) == 1)
        #expect(LearningRate.steps(every: 10, factor: 0.5).factor(step: 25, total: 30) == 0.25)
        let cosine = LearningRate.cosine(warmup: 4, floor: 0.1)
        #expect(cosine.factor(step: 0, total: 100) == 0.25)
        #expect(cosine.factor(step: 4, total: 100) == 1)
        #expect(abs(cosine.factor(step: 100, total: 100) - 0.1) < 1e-12)
        let cycle = LearningRate.oneCycle(peak: 0.3)
        #expect(abs(cycle.factor(step: 30, total: 100) - 1) < 1e-12)
        #expect(cycle.factor(step: 0, total: 100) < 0.05 && cycle.factor(step: 100, total: 100) < 0.001)
    }

    @Test func `schedules are read from words, and what is none is refused`() {
        #expect(LearningRate("constant") == .constant)
        #expect(LearningRate("cosine") == .cosine(warmup: 0, floor: 0))
        #expect(LearningRate("cosine:40:0.1") == .cosine(warmup: 40, floor: 0.1))
        #expect(LearningRate("cycle") == .oneCycle(peak: 0.25))
        #expect(LearningRate("cycle:0.3") == .oneCycle(peak: 0.3))
        #expect(LearningRate("steps:10:0.2") == .steps(every: 10, factor: 0.2))
        let wrong = [
            "", "cosines", "constant:1", "cosine:", "cosine:4.5", "cosine:-1", "cosine:nan", "cosine:1e300",
            "cosine:1:2",
            "cosine:1:0:0", "cycle:2", "cycle:x", "steps:0", "steps:1:0.5:1", ":",
        ]
        for text in wrong { #expect(LearningRate(text) == nil, "\(text)") }
    }

    @Test(arguments: UpdateRuleKind.allCases) func `every rule that can be named finds the least of a bowl`(
        kind: UpdateRuleKind
    ) throws {
        let (parameters, weight) = try single([1, -2])
        let optimiser = try Optimiser(parameters, rule: kind.rule(decay: 0))
        for _ in 0..<300 {
            try parameters.clearGradients()
            try (try (try weight * weight) * 0.5).sum().backward()
            try optimiser.step(rate: 0.05)
        }
        #expect(try weight.doubles().allSatisfy { abs($0) < 0.1 })
    }
}
