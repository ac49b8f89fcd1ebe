import Evaluation
import JSON
import Testing

/// Values come from obp, scikit-learn, SciPy and NumPy through `golden_estimates.py`, which names the versions.
@Suite struct GoldenEstimateTests {
    private let cases: GoldenCases
    private var tolerance: Double { cases.tolerance }

    init() throws { cases = try GoldenCases("golden_estimates.json") }

    @Test func `off-policy estimates agree with obp`() throws {
        for (number, one) in try cases("policies", 12).enumerated() {
            let rows = GoldenCases.policyRows(one)
            for (name, estimate) in GoldenCases.estimates(rows) {
                let (value, wanted) = (try #require(estimate?.value), try #require(self.number(one["expect"]?[name])))
                #expect(abs(value - wanted) <= tolerance * max(1, abs(wanted)), "case \(number), \(name)")
            }
        }
    }

    @Test func `curves agree with scikit-learn, ties included`() throws {
        for (number, one) in try cases("curves", 12).enumerated() {
            let (scores, labels) = (numbers(one["scores"]), numbers(one["labels"]).map { $0 > 0 })
            let curves: [(String, [ClassificationMetrics.Point]?)] = [
                ("roc", ClassificationMetrics.rocCurve(scores: scores, labels: labels)),
                ("precision_recall", ClassificationMetrics.precisionRecallCurve(scores: scores, labels: labels)),
            ]
            for (name, curve) in curves {
                let points = try #require(curve)
                let wanted = (one[name]?.arrayValue ?? []).map { numbers($0) }
                #expect(points.count == wanted.count, "case \(number), \(name)")
                for (point, pair) in zip(points, wanted) {
                    #expect(
                        abs(point.x - pair[0]) <= tolerance && abs(point.y - pair[1]) <= tolerance,
                        "case \(number), \(name)")
                }
            }
        }
    }

    @Test func `bootstrap intervals agree with SciPy's within chance`() throws {
        let part = try #require(cases.json["tolerance_interval"]?.doubleValue)
        for (number, one) in try cases("intervals", 4).enumerated() {
            let (candidate, baseline) = (numbers(one["candidate"]), numbers(one["baseline"]))
            let groups = numbers(one["groups"]).map { Int($0) }
            let intervals: [(String, ConfidenceInterval?)] = [
                ("paired", PairedBootstrap.interval(candidate: candidate, baseline: baseline, resamples: 4000)),
                (
                    "groups",
                    ClusterBootstrap.interval(of: candidate, groups: groups, measure: .rootMeanSquare, resamples: 4000)
                ),
            ]
            for (name, found) in intervals {
                let (interval, wanted) = (try #require(found), numbers(one["expect"]?[name]))
                let width = wanted[1] - wanted[0]
                #expect(abs(interval.lower - wanted[0]) < part * width, "case \(number), \(name)")
                #expect(abs(interval.upper - wanted[1]) < part * width, "case \(number), \(name)")
            }
            let deviation = try #require(PowerAnalysis.deviation(of: zip(candidate, baseline).map { $0 - $1 }))
            #expect(abs(deviation - (try #require(self.number(one["expect"]?["deviation"])))) <= tolerance)
        }
    }

    private func numbers(_ value: JSONValue?) -> [Double] { GoldenCases.numbers(value) }
    private func number(_ value: JSONValue?) -> Double? { GoldenCases.number(value) }
}
