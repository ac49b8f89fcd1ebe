import Evaluation
import Testing

@testable import Learning

@Suite struct ReportTests {
    private func html(_ blocks: [ReportBlock]) -> String {
        var report = HTMLReport(title: "T")
        report.add(section: "S", conclusion: "C", blocks: blocks)
        return report.html
    }

    @Test func `a comparison tells the difference, its chance and the users that it needs`() {
        let candidate = (0..<40).map { 0.5 + Double($0 % 5) / 10 }
        let comparison = ModelComparison(
            measure: "NDCG@10", candidate: candidate,
            baselines: [
                .init(name: "same", values: candidate), .init(name: "worse", values: candidate.map { $0 - 0.1 }),
            ])
        let page = html(comparison.blocks)
        #expect(page.contains("<td>same</td><td>0.7000</td><td>+0.0000 (+0.0000 to +0.0000)</td><td>1.0000</td>"))
        #expect(
            page.contains(
                "<td>worse</td><td>0.6000</td><td>+0.1000 (+0.1000 to +0.1000)</td><td>0.0001</td><td>0.0002</td>"))
    }

    @Test func `without a plainer model only the power is told`() {
        let comparison = ModelComparison(measure: "NDCG@10", candidate: [0, 1, 0, 1], baselines: [])
        #expect(comparison.blocks.count == 1)
        #expect(html(comparison.blocks).contains("With these 4, a difference of"))
        #expect(ModelComparison(measure: "NDCG@10", candidate: [1], baselines: []).blocks.isEmpty)
    }

    @Test func `lists are counted against what was wanted and what is popular`() {
        let report = ListReport(
            lists: [[0, 1], [0, 2]], truths: [[1, 3], [2]], plain: [[0, 1], [0, 1]], itemCount: 5,
            userCounts: [4, 2, 1, 1, 0], userTotal: 4, path: { $0 == 0 ? ["a", "b"] : ["a", "c"] })
        let page = html(report.blocks)
        #expect(page.contains("<td>Shown</td><td>2</td><td>2</td>"))
        #expect(page.contains("<td>Not shown</td><td>1</td><td>5</td>"))
        #expect(page.contains("<td>Precision@10</td><td>0.1000</td>"))
        #expect(page.contains("<td>Recall@10</td><td>0.7500</td>"))
        #expect(page.contains("<td>MRR@10</td><td>0.5000</td>"))
        #expect(page.contains("<td>Catalogue coverage</td><td>0.6000</td>"))
        #expect(page.contains("<td>Novelty, bits</td><td>0.7500</td>"))
        #expect(page.contains("<td>Diversity by category</td><td>0.5000</td>"))
        #expect(page.contains("<td>Serendipity beside popularity</td><td>0.2500</td>"))
    }

    @Test func `no lists give no tables`() {
        let report = ListReport(
            lists: [], truths: [], plain: [], itemCount: 0, userCounts: [], userTotal: 0, path: { _ in [] })
        #expect(report.blocks.isEmpty)
    }

    @Test func `users are grouped by what is known of them`() {
        let segments = SegmentReport(
            measure: "NDCG@10", values: [0.1, 0.2, 0.3, 0.4, 0.5], known: [1, 9, 10, 500, 0],
            what: "baskets before the cut")
        #expect(segments.groups.map(\.label) == ["1 to 9", "10 to 24", "100 or more"])
        #expect(segments.groups.map(\.values) == [[0.1, 0.2], [0.3], [0.4]])
        #expect(html(segments.blocks).contains("1 to 9 (2)"))
        #expect(SegmentReport(measure: "M", values: [], known: [], what: "items").blocks.isEmpty)
    }

    private func scores(_ values: [Double], isChance: Bool = true) -> ScoreReport {
        ScoreReport(
            model: .init(name: "m", scores: values, isChance: isChance),
            plainer: [.init(name: "plain", scores: [1, 1, 1, 1, 1, -.infinity], isChance: false)],
            labels: [true, false, false, true, false, false], users: [0..<3, 3..<6], wanted: 4)
    }

    @Test func `scores are judged over all candidates and within each user`() {
        let page = html(scores([0.8, 0.3, 0.2, 0.1, 0.05, 0.9]).blocks)
        // Above the first positive stands one negative, above the second three: 1 - (1 + 3) / 8. Within: 1 and 1/2.
        #expect(page.contains("<td>m</td><td>0.5000</td><td>0.4500</td><td>0.7500 ("))
        // All tie but one negative: (1 + 4 · ½ …) gives 5/8.
        #expect(page.contains("<td>plain</td><td>0.6250</td>"))
        #expect(page.contains("6 candidates of 2 users, 2 of them bought (33.3 %): 50.0 % of all that was bought"))
    }

    @Test func `decisions and calibration are told where scores are chances`() {
        let values = [0.8, 0.3, 0.2, 0.1, 0.05, 0.9]
        let page = html(scores(values).blocks)
        #expect(page.contains("<td>0.1</td><td>2</td><td>3</td><td>0</td><td>1</td><td>0.4000</td><td>1.0000</td>"))
        #expect(page.contains("<td>0.5</td><td>1</td><td>1</td><td>1</td><td>3</td><td>0.5000</td><td>0.5000</td>"))
        #expect(page.contains("expected error") && page.contains("Log loss, nats"))
        let plain = html(scores(values, isChance: false).blocks)
        #expect(!plain.contains("expected error") && !plain.contains("Confusion") && plain.contains("ROC curve"))
        #expect(!html(scores([2, 0, 0, 0, 0, 0]).blocks).contains("expected error"))
    }

    @Test func `candidates of one kind only say nothing`() {
        let report = ScoreReport(
            model: .init(name: "m", scores: [0.1, 0.2], isChance: true), plainer: [], labels: [false, false],
            users: [0..<2], wanted: 3)
        #expect(report.blocks.isEmpty)
    }

    @Test func `a drawn curve keeps its ends and what can be seen`() {
        let points = (0...10_000).map { ClassificationMetrics.Point(x: Double($0) / 10_000, y: 0) }
        let drawn = ScoreReport.thinned(points)
        #expect(drawn.count < 300 && drawn.first?.x == 0 && drawn.last?.x == 1)
        #expect(ScoreReport.thinned([]).isEmpty)
    }
}
