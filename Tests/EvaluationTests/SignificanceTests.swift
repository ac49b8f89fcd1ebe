import Evaluation
import Numerics
import Testing

@Suite struct SignificanceTests {
    @Test func `a constant score is no better than chance, whatever the order`() {
        for labels in [[true, false, false, true, false], [false, false, false, true, true]] {
            #expect(ClassificationMetrics.rocAUC(scores: [1, 1, 1, 1, 1], labels: labels) == 0.5)
            #expect(ClassificationMetrics.averagePrecision(scores: [1, 1, 1, 1, 1], labels: labels) == 0.4)
        }
    }

    @Test func `what has no value is nil`() {
        #expect(ClassificationMetrics.rocAUC(scores: [], labels: []) == nil)
        #expect(ClassificationMetrics.rocAUC(scores: [1, 2], labels: [true, true]) == nil)
        #expect(ClassificationMetrics.rocAUC(scores: [.nan, 2], labels: [true, false]) == nil)
        #expect(ClassificationMetrics.averagePrecision(scores: [1], labels: [false]) == nil)
        #expect(ClassificationMetrics.logLoss(probabilities: [1.5], labels: [true]) == nil)
        #expect(ClassificationMetrics.logLoss(probabilities: [.nan], labels: [true]) == nil)
        #expect(Calibration(probabilities: [], labels: []) == nil)
        #expect(RegressionMetrics.meanAbsoluteError(predicted: [.infinity], actual: [1]) == nil)
        #expect(ListMetrics.diversity([1], distance: { _, _ in 1 }) == nil)
        #expect(PowerAnalysis.users(difference: 0, deviation: 1) == nil)
        #expect(PairedPermutationTest.pValue(candidate: [], baseline: []) == nil)
    }

    @Test func `curves go from nothing to everything and never back`() throws {
        let scores = [0.9, 0.8, 0.8, 0.3, 0.1]
        let labels = [true, false, true, false, true]
        let roc = try #require(ClassificationMetrics.rocCurve(scores: scores, labels: labels))
        #expect(roc.first == .init(x: 0, y: 0) && roc.last == .init(x: 1, y: 1) && roc.count == 5)
        #expect(zip(roc, roc.dropFirst()).allSatisfy { $0.x <= $1.x && $0.y <= $1.y })
        let recall = try #require(ClassificationMetrics.precisionRecallCurve(scores: scores, labels: labels))
        #expect(recall.first == .init(x: 1.0 / 3, y: 1) && recall.last == .init(x: 1, y: 0.6))
    }

    @Test func `drawn p-values are near the exact ones`() throws {
        var random = SeededGenerator(seed: 5)
        let baseline = (0..<14).map { _ in random.unit() }
        let candidate = baseline.map { $0 + random.unit() * 0.3 - 0.1 }
        let exact = try #require(PairedPermutationTest.pValue(candidate: candidate, baseline: baseline))
        // Two tiny differences that outweigh nothing bring the count above the limit.
        let drawn = try #require(
            PairedPermutationTest.pValue(candidate: candidate + [1e-9, 0], baseline: baseline + [0, 1e-9]))
        #expect(abs(exact - drawn) < 0.02)
        #expect(
            drawn == PairedPermutationTest.pValue(candidate: candidate + [1e-9, 0], baseline: baseline + [0, 1e-9]))
    }

    @Test func `two equal systems do not differ, and a p-value is never zero`() {
        #expect(PairedPermutationTest.pValue(candidate: [1, 2, 3], baseline: [1, 2, 3]) == 1)
        let ones = Array(repeating: 1.0, count: 200)
        let zeros = Array(repeating: 0.0, count: 200)
        #expect(PairedPermutationTest.pValue(candidate: ones, baseline: zeros, draws: 99) == 0.01)
    }

    @Test func `a hundred comparisons of nothing yield hardly a finding after the correction`() {
        var random = SeededGenerator(seed: 11)
        let pValues = (0..<100).map { _ in random.unit() }
        #expect(pValues.count { $0 < 0.05 } > 0)
        #expect(HolmCorrection.adjusted(pValues).allSatisfy { $0 > 0.05 })
        #expect(HolmCorrection.adjusted([]) == [])
    }
}
