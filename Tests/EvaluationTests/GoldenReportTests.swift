import Evaluation
import JSON
import Testing

/// Values come from scikit-learn, ir-measures and NumPy through `golden_reports.py`, which names the versions.
@Suite struct GoldenReportTests {
    private let cases: GoldenCases
    private var tolerance: Double { cases.tolerance }

    init() throws { cases = try GoldenCases("golden_reports.json") }

    @Test func `NDCG with ties broken by lot agrees with scikit-learn`() throws {
        for (number, one) in try cases("ties", 30).enumerated() {
            let (scores, labels) = (numbers(one["scores"]), numbers(one["labels"]).map { $0 > 0 })
            let cutoff = try #require(one["cutoff"]?.integerValue.map { Int($0) })
            let places = scores.indices.filter { labels[$0] }.map { TiedPlace(of: scores[$0], among: scores) }
            let found = try #require(TiedPlace.ndcg(places, relevantCount: places.count, at: cutoff))
            try compare(found, one["expect"], "case \(number)")
        }
    }

    @Test func `isotonic chances agree with scikit-learn, ties and scores outside included`() throws {
        for (number, one) in try cases("isotonic", 12).enumerated() {
            let fitted = try #require(
                IsotonicChances(scores: numbers(one["scores"]), labels: numbers(one["labels"]).map { $0 > 0 }))
            for (asked, wanted) in zip(numbers(one["asked"]), numbers(one["expect"])) {
                #expect(abs(fitted.chance(of: asked) - wanted) <= tolerance, "case \(number), \(asked)")
            }
        }
    }

    @Test func `calibration error and specificity agree with scikit-learn`() throws {
        for (number, one) in try cases("decisions", 12).enumerated() {
            let (chances, labels) = (numbers(one["chances"]), numbers(one["labels"]).map { $0 > 0 })
            let calibration = try #require(Calibration(probabilities: chances, labels: labels))
            try compare(calibration.expectedError, one["expect"]?["calibration_error"], "case \(number)")
            let threshold = try #require(decimal(one["threshold"]))
            let matrix = ConfusionMatrix(scores: chances, labels: labels, threshold: threshold)
            try compare(try #require(matrix.specificity), one["expect"]?["specificity"], "case \(number)")
        }
    }

    @Test func `standard errors and effective sample sizes agree with their formulas`() throws {
        for (number, one) in try cases("policies", 12).enumerated() {
            let rows = GoldenCases.policyRows(one)
            for (name, estimate) in GoldenCases.estimates(rows) {
                try compare(try #require(estimate).standardError, one["expect"]?[name], "case \(number), \(name)")
            }
            try compare(OffPolicy.effectiveSampleSize(rows), one["expect"]?["effective"], "case \(number)")
        }
    }

    @Test func `popularity bias agrees with its formulas`() throws {
        for (number, one) in try cases("bias", 8).enumerated() {
            let bias = PopularityBias(counts: integers(one["counts"]))
            let profiles = (one["profiles"]?.arrayValue ?? []).map { integers($0) }
            let lists = (one["lists"]?.arrayValue ?? []).map { integers($0) }
            #expect(bias.isTail.map { $0 ? 1 : 0 } == integers(one["expect"]?["tail"]), "case \(number)")
            try compare(try #require(bias.averagePopularity(lists)), one["expect"]?["arp"], "case \(number)")
            try compare(try #require(bias.longTailShare(lists)), one["expect"]?["aplt"], "case \(number)")
            let lift = try #require(bias.lift(profiles: profiles, lists: lists))
            try compare(lift, one["expect"]?["lift"], "case \(number)")
        }
    }

    @Test func `shares of attention agree with their formula`() throws {
        for (number, one) in try cases("attention", 6).enumerated() {
            let lists = (one["lists"]?.arrayValue ?? []).map { integers($0) }
            try compare(ListMetrics.attentionShare(lists) { $0 == 1 }, one["expect"], "case \(number)")
        }
        #expect(ListMetrics.attentionShare([[Int]]()) { $0 == 1 } == 0)
    }

    @Test func `success and reciprocal rank of phrases agree with ir-measures`() throws {
        for (number, one) in try cases("phrases", 8).enumerated() {
            var evaluation = PhraseEvaluation(depth: try #require(one["depth"]?.integerValue.map { Int($0) }))
            let wanted = (one["wanted"]?.arrayValue ?? []).compactMap(\.stringValue)
            for (place, answers) in (one["answers"]?.arrayValue ?? []).enumerated() {
                evaluation.add(
                    (answers.arrayValue ?? []).compactMap(\.stringValue), wanted: wanted[place], number: place,
                    seconds: 0)
            }
            try compare(evaluation.first, one["expect"]?["first"], "case \(number)")
            try compare(evaluation.success, one["expect"]?["success"], "case \(number)")
            try compare(evaluation.meanReciprocalRank, one["expect"]?["mrr"], "case \(number)")
        }
    }

    private func compare(_ found: Double, _ wanted: JSONValue?, _ name: Comment) throws {
        let wanted = try #require(decimal(wanted))
        #expect(abs(found - wanted) <= tolerance * max(1, abs(wanted)), name)
    }

    private func integers(_ value: JSONValue?) -> [Int] {
        value?.arrayValue?.compactMap { $0.integerValue.map { Int($0) } } ?? []
    }

    private func numbers(_ value: JSONValue?) -> [Double] { GoldenCases.numbers(value) }
    private func decimal(_ value: JSONValue?) -> Double? { GoldenCases.number(value) }
}
