import Foundation
import Numerics
import Testing

@Suite struct BetaTests {
    private struct Golden: Decodable {
        struct Case: Decodable {
            let alpha: Double
            let beta: Double
            let parts: [Double]
            let quantiles: [Double]
            let points: [Double]
            let cumulative: [Double]
        }
        let cases: [Case]
    }

    /// Values come from SciPy through `golden_beta.py`.
    @Test func `chances and quantiles agree with SciPy`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_beta.json")
        let golden = try JSONDecoder().decode(Golden.self, from: Data(contentsOf: file))
        #expect(golden.cases.count == 20)
        for one in golden.cases {
            let beta = BetaDistribution(alpha: one.alpha, beta: one.beta)
            for (point, chance) in zip(one.points, one.cumulative) {
                #expect(abs(beta.cumulative(point) - chance) < 1e-9, "\(beta) at \(point)")
            }
            for (part, quantile) in zip(one.parts, one.quantiles) {
                #expect(abs(beta.quantile(part) - quantile) < 1e-9, "\(beta) below \(part)")
            }
        }
    }

    @Test func `draws have the distribution's mean and spread`() {
        var random = SeededGenerator(seed: 11)
        for (alpha, beta) in [(0.4, 2.0), (1, 1), (3, 60), (200, 40)] {
            let distribution = BetaDistribution(alpha: alpha, beta: beta)
            let draws = (0..<20_000).map { _ in distribution.draw(&random) }
            let mean = draws.reduce(0, +) / 20_000
            let variance = draws.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 20_000
            let truth = alpha * beta / ((alpha + beta) * (alpha + beta) * (alpha + beta + 1))
            #expect(draws.allSatisfy { (0...1).contains($0) })
            #expect(abs(mean - distribution.mean) < 5 * (truth / 20_000).squareRoot())
            #expect(abs(variance / truth - 1) < 0.08)
            let interval = distribution.interval(0.9)
            #expect(abs(Double(draws.count { interval.contains($0) }) / 20_000 - 0.9) < 0.01)
        }
    }

    @Test func `counts that cannot be are bounded`() {
        let prior = BetaDistribution(alpha: 1, beta: 3)
        #expect(prior.updated(successes: 9, trials: 5) == BetaDistribution(alpha: 6, beta: 3))
        #expect(prior.updated(successes: -2, trials: 4) == BetaDistribution(alpha: 1, beta: 7))
        #expect(prior.updated(successes: 0, trials: 0) == prior)
        #expect(prior.quantile(-1) == 0 && prior.quantile(2) == 1 && prior.cumulative(-1) == 0)
    }
}
