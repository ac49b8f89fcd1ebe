import Evaluation
import Foundation
import JSON
import Testing

/// Values in `golden.json` come from scikit-learn and ir-measures through `golden.py`, which names the versions.
@Suite struct GoldenMetricTests {
    private let golden: JSONValue

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
    }

    @Test func `ranking metrics agree with the reference implementations`() throws {
        let tolerance = try #require(golden["tolerance"]?.doubleValue)
        let cases = try #require(golden["rankings"]?.arrayValue)
        #expect(cases.count == 60)
        for (number, one) in cases.enumerated() {
            let (grades, judged) = (integers(one["listed"]), integers(one["judged"]))
            let cutoff = Int(try #require(one["cutoff"]?.integerValue))
            let hits = grades.map { $0 > 0 }
            let relevant = judged.count { $0 > 0 }
            let values: [String: Double?] = [
                "precision": RankingMetrics.precision(hits, at: cutoff),
                "recall": RankingMetrics.recall(hits, relevantCount: relevant, at: cutoff),
                "f1": RankingMetrics.f1(hits, relevantCount: relevant, at: cutoff),
                "ndcg": RankingMetrics.ndcg(grades: grades, judged: judged, at: cutoff),
                "ndcg_binary": RankingMetrics.ndcg(hits: hits, relevantCount: relevant, at: cutoff),
                "rr": RankingMetrics.reciprocalRank(hits, at: cutoff),
                "ap": RankingMetrics.averagePrecision(hits, relevantCount: relevant, at: cutoff),
                "hit": RankingMetrics.hitRate(hits, at: cutoff),
            ]
            for (name, value) in values {
                let expected = try #require(one["expect"]?[name]?.doubleValue)
                let got = try #require(value)
                #expect(abs(got - expected) <= tolerance, "case \(number), \(name): \(got), not \(expected)")
            }
        }
    }

    @Test func `catalogue metrics agree with the textbook formulas`() throws {
        let tolerance = try #require(golden["tolerance"]?.doubleValue)
        for one in try #require(golden["catalogues"]?.arrayValue) {
            let lists = try #require(one["lists"]?.arrayValue).map { integers($0) }
            let exposures = CatalogueMetrics.exposures(
                lists: lists, itemCount: Int(try #require(one["items"]?.integerValue)))
            let novelty = CatalogueMetrics.novelty(
                lists: lists, userCounts: integers(one["user_counts"]),
                userTotal: Int(try #require(one["users"]?.integerValue)))
            let expected = try #require(one["expect"])
            #expect(
                abs(CatalogueMetrics.coverage(exposures: exposures) - (expected["coverage"]?.doubleValue ?? .nan))
                    <= tolerance)
            #expect(
                abs(CatalogueMetrics.gini(exposures: exposures) - (expected["gini"]?.doubleValue ?? .nan)) <= tolerance)
            #expect(abs((novelty ?? .nan) - (expected["novelty"]?.doubleValue ?? .nan)) <= tolerance)
        }
    }

    private func integers(_ value: JSONValue?) -> [Int] {
        (value?.arrayValue ?? []).compactMap { $0.integerValue.map { Int($0) } }
    }
}
