import Evaluation
import Testing

@Suite struct MetricEdgeTests {
    @Test func `a list without anything relevant has no recall, NDCG or average precision`() {
        #expect(RankingMetrics.recall([false], relevantCount: 0, at: 10) == nil)
        #expect(RankingMetrics.f1([false], relevantCount: 0, at: 10) == nil)
        #expect(RankingMetrics.ndcg(grades: [0], judged: [0, 0], at: 10) == nil)
        #expect(RankingMetrics.ndcg(hits: [], relevantCount: 0, at: 10) == nil)
        #expect(RankingMetrics.averagePrecision([], relevantCount: 0, at: 10) == nil)
    }

    @Test func `an empty list scores zero where something is relevant`() {
        #expect(RankingMetrics.precision([], at: 10) == 0)
        #expect(RankingMetrics.recall([], relevantCount: 3, at: 10) == 0)
        #expect(RankingMetrics.ndcg(grades: [], judged: [3], at: 10) == 0)
        #expect(RankingMetrics.reciprocalRank([], at: 10) == 0)
        #expect(CatalogueMetrics.coverage(exposures: []) == 0)
        #expect(CatalogueMetrics.gini(exposures: [0, 0]) == 0)
        #expect(CatalogueMetrics.novelty(lists: [[]], userCounts: [1], userTotal: 1) == nil)
    }

    @Test func `the ideal order scores one and ranks behind the cut-off do not count`() {
        #expect(RankingMetrics.ndcg(grades: [3, 1, 0], judged: [0, 1, 3], at: 2) == 1)
        #expect(RankingMetrics.ndcg(grades: [0, 0, 3], judged: [3], at: 2) == 0)
        #expect(RankingMetrics.hitRate([false, false, true], at: 2) == 0)
    }

    @Test func `equal exposure has a Gini of zero`() {
        #expect(CatalogueMetrics.gini(exposures: [4, 4, 4]) == 0)
        #expect(abs(CatalogueMetrics.gini(exposures: [0, 0, 0, 8]) - 0.75) < 1e-12)
    }

    @Test func `a bootstrap interval holds its mean and repeats for a seed`() throws {
        let values = (0..<200).map { Double($0 % 7) / 7 }
        let first = try #require(PairedBootstrap.interval(of: values, seed: 5))
        #expect(first == PairedBootstrap.interval(of: values, seed: 5))
        #expect(first.lower < first.mean && first.mean < first.upper)
        #expect(first != PairedBootstrap.interval(of: values, seed: 6))
        #expect(PairedBootstrap.interval(of: []) == nil)
    }

    @Test func `a bootstrap interval is as wide as the normal approximation says`() throws {
        // Half of 400 values are 0, half are 1: the standard error of the mean is 0.5 / 20.
        let values = (0..<400).map { Double($0 % 2) }
        let interval = try #require(PairedBootstrap.interval(of: values, resamples: 4_000, seed: 1))
        #expect(abs(interval.upper - interval.lower - 2 * 1.96 * 0.025) < 0.008)
    }

    @Test func `a paired interval tells apart a small difference that every user shows`() throws {
        let baseline = (0..<100).map { Double($0) / 100 }
        let candidate = baseline.map { $0 + 0.01 }
        let paired = try #require(PairedBootstrap.interval(candidate: candidate, baseline: baseline))
        #expect(paired.excludesZero)
        #expect(abs(paired.mean - 0.01) < 1e-12)
    }
}
