import Evaluation
import JSON
import Testing

@testable import Learning

@Suite struct ReportPartTests {
    private func html(_ blocks: [ReportBlock]) -> String {
        var report = HTMLReport(title: "T")
        report.add(section: "S", conclusion: "C", blocks: blocks)
        return report.html
    }

    /// 60 users whose values go round in five steps from `base`.
    private func values(_ base: Double) -> [Double] { (0..<60).map { base + Double($0 % 5) / 10 } }

    @Test func `a verdict names the leader, the difference and who stays behind`() {
        let comparison = ModelComparison(
            name: "m", measure: "NDCG@10", candidate: values(0.4),
            baselines: [.init(name: "near", values: values(0.3)), .init(name: "far", values: values(0.1))])
        let verdict = comparison.verdict
        #expect(verdict[0].hasPrefix("m leads on these 60 users; near comes nearest (NDCG@10 0.6000 against 0.5000"))
        #expect(verdict[0].contains("p after Holm 0.0002"))
        #expect(verdict[1] == "Of the others, m is ahead of far.")
    }

    @Test func `a verdict does not take chance for a lead`() {
        let mixed = (0..<60).map { $0 % 2 == 0 ? 0.2 : 0.8 }
        let turned = (0..<60).map { $0 % 2 == 1 ? 0.21 : 0.8 }
        let comparison = ModelComparison(
            name: "m", measure: "NDCG@10", candidate: mixed, baselines: [.init(name: "other", values: turned)],
            unit: "households")
        #expect(comparison.verdict[0].hasPrefix("m and other cannot be told apart on these 60 households"))
        #expect(comparison.verdict[0].contains("it would take about"))
        #expect(comparison.verdict[1].contains("four times out of five"))
        let behind = ModelComparison(
            name: "m", measure: "NDCG@10", candidate: values(0.1), baselines: [.init(name: "b", values: values(0.4))])
        #expect(behind.verdict[0].hasPrefix("b leads m"))
        #expect(
            ModelComparison(name: "m", measure: "NDCG@10", candidate: [1], baselines: []).verdict
                == ["m comes to 1.0000 in NDCG@10; nothing stands beside it."])
    }

    @Test func `the best of several models is compared with all others`() throws {
        let comparison = try #require(
            ModelComparison(
                best: [
                    .init(name: "b", values: values(0.2)), .init(name: "a", values: values(0.4)),
                    .init(name: "c", values: values(0.3)),
                ], measure: "NDCG@10", draws: 500))
        #expect(comparison.name == "a" && comparison.outcomes.map(\.name) == ["c", "b"])
        #expect(ModelComparison(best: [], measure: "NDCG@10") == nil)
    }

    @Test func `costs are drawn against quality, memory where it was measured`() {
        let entries = [
            CostReport.Entry(name: "fast", quality: 0.1, trainSeconds: 0.01, answerSeconds: 0.0001),
            .init(name: "slow", quality: 0.2, trainSeconds: 100, answerSeconds: 0.01),
        ]
        let page = html(CostReport(measure: "NDCG@10", caption: "C", entries: entries).blocks)
        #expect(page.ranges(of: "<circle").count == 4 && page.contains("<td>slow</td><td>100.00</td><td>10.000</td>"))
        var measured = entries
        measured[0].memoryMegabytes = 12
        let more = html(CostReport(measure: "NDCG@10", caption: "C", entries: measured).blocks)
        #expect(more.ranges(of: "<circle").count == 5 && more.contains("<td>12</td>"))
        #expect(CostReport(measure: "M", caption: "C", entries: []).blocks.isEmpty)
    }

    @Test func `a larger part of the people holds the smaller one, and is of its size`() {
        let tenth = (0..<10_000).filter { LearningCurve.isKept($0, share: 0.1) }
        let third = Set((0..<10_000).filter { LearningCurve.isKept($0, share: 0.3) })
        #expect(tenth.allSatisfy(third.contains))
        #expect(abs(tenth.count - 1000) < 60 && abs(third.count - 3000) < 120)
        #expect((0..<100).allSatisfy { LearningCurve.isKept($0, share: 1) })
    }

    @Test func `a curve says what the last part gained`() {
        let points = [
            LearningCurve.Point(share: 0.1, people: 10, values: values(0.1), trainSeconds: 1),
            .init(share: 1, people: 100, values: values(0.3), trainSeconds: 2),
        ]
        let page = html(LearningCurve(measure: "NDCG@10", models: [("m", points)]).blocks)
        #expect(page.contains("m gains +0.2000 (+0.2000 to +0.2000) from 10 to 100 people."))
        #expect(page.contains("<td>m</td><td>10 %</td><td>10</td><td>0.3000"))
        let flat = LearningCurve(measure: "NDCG@10", models: [("m", [points[1], points[1]])])
        #expect(html(flat.blocks).contains("m does not tell from chance"))
        #expect(LearningCurve(measure: "NDCG@10", models: [("m", [points[1]])]).blocks.isEmpty)
    }

    @Test func `items are grouped by what part of all sales they make, and by category`() {
        // Sales 50, 30, 15, 5, 0: half, the next 30 %, the rest, never.
        let report = ItemSegmentReport(
            lists: [[0, 1], [0, 3]], truths: [[0, 2], [3, 4]], counts: [50, 30, 15, 5, 0],
            path: { $0 < 2 ? ["food", "x"] : $0 < 4 ? ["drinks"] : [] })
        #expect(report.bySales.map(\.items) == [1, 1, 2, 1])
        #expect(report.bySales.map(\.wanted) == [1, 0, 2, 1])
        #expect(report.bySales.map(\.found) == [1, 0, 1, 0])
        #expect(report.bySales.map(\.shown) == [2, 1, 1, 0])
        #expect(report.byCategory.map(\.name) == ["drinks", "food"])
        #expect(report.byCategory.map(\.wanted) == [2, 1] && report.byCategory.map(\.shown) == [1, 3])
        #expect(
            html(report.blocks).contains("<td>drinks</td><td>2</td><td>2</td><td>1</td><td>50.0 %</td><td>25.0 %</td>"))
        #expect(ItemSegmentReport(lists: [], truths: [], counts: [], path: { _ in [] }).blocks.isEmpty)
    }

    @Test func `the worst are those of whom most is known`() {
        #expect(WorstCases.places(of: [0, 0.5, 0, 0], known: [3, 100, 9, 9]) == [2, 3, 0, 1])
        var report = HTMLReport(title: "T")
        WorstCases(
            measure: "NDCG@10",
            cases: [.init(known: "9 baskets", value: 0, had: ["a", "b", "c", "d", "e"], shown: ["<x>"], wanted: [])]
        ).add(to: &report)
        #expect(report.html.contains("<td>9 baskets</td><td>0.0000</td><td>a; b; c; d; …</td><td>&lt;x&gt;</td>"))
    }

    @Test func `the lean to best sellers is told for all and by taste`() {
        let bias = BiasReport(
            bias: PopularityBias(counts: [80, 10, 10]), profiles: [[1], [0], [0, 1], [0, 1], [0, 1]],
            lists: [[0], [0], [0, 2], [0], [1]])
        let page = html(bias.blocks)
        // Had: 10, 80, 45, 45, 45; shown: 80, 80, 45, 80, 10.
        #expect(page.contains("<td>all</td><td>5</td><td>45.0</td><td>59.0</td><td>+31.1 %</td>"))
        #expect(page.contains("long tail</td><td>1</td><td>10.0</td><td>80.0</td><td>+700.0 %</td><td>100.0 %</td>"))
        #expect(bias.json["arp"] == .number(59) && bias.json["long_tail"] == .number(0.3))
        #expect(BiasReport(bias: PopularityBias(counts: [1]), profiles: [[]], lists: [[]]).blocks.isEmpty)
    }

    @Test func `scores that are no chances are made some on the other half of the users`() {
        // 80 users of two candidates, the first of which is wanted three times out of four.
        let labels = (0..<80).flatMap { [$0 % 4 < 3, false] }
        let report = ScoreReport(
            model: .init(name: "m", scores: (0..<80).flatMap { _ in [7.0, 3] }, isChance: false), plainer: [],
            labels: labels, users: (0..<80).map { 2 * $0..<2 * $0 + 2 }, wanted: 80)
        let page = html(report.blocks)
        #expect(page.contains("isotonic regression") && page.contains("expected error"))
        // Half of the users have chances of even places (half of them wanted), half of odd ones (all of them wanted).
        #expect(page.contains("<td>0.5</td><td>60</td><td>20</td><td>0</td><td>80</td>"))
    }
}
