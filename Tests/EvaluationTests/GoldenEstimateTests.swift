import Evaluation
import Foundation
import JSON
import Testing

/// Values come from obp, scikit-learn, SciPy and NumPy through `golden_estimates.py`, which names the versions.
@Suite struct GoldenEstimateTests {
    private let golden: JSONValue
    private let tolerance: Double

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_estimates.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
        tolerance = try #require(golden["tolerance"]?.doubleValue)
    }

    @Test func `off-policy estimates agree with obp`() throws {
        for (number, one) in try cases("policies", 12).enumerated() {
            let rows = (one["rows"]?.arrayValue ?? []).map { row in
                let values = numbers(row)
                return OffPolicy.Row(
                    reward: values[0], propensity: values[1], target: values[2], expected: values[3],
                    expectedUnderTarget: values[4])
            }
            let estimates: [(String, OffPolicy.Estimate?)] = [
                ("ips", OffPolicy.ips(rows)), ("snips", OffPolicy.snips(rows)), ("dr", OffPolicy.doublyRobust(rows)),
                ("dm", OffPolicy.directMethod(rows)),
            ]
            for (name, estimate) in estimates {
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
        let part = try #require(golden["tolerance_interval"]?.doubleValue)
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

    private func cases(_ name: String, _ count: Int) throws -> [JSONValue] {
        let cases = try #require(golden[name]?.arrayValue)
        #expect(cases.count == count)
        return cases
    }

    private func numbers(_ value: JSONValue?) -> [Double] { value?.arrayValue?.compactMap { number($0) } ?? [] }

    private func number(_ value: JSONValue?) -> Double? {
        value?.doubleValue ?? value?.integerValue.map { Double($0) }
    }
}
