import Evaluation
import Foundation
import JSON
import Testing

/// Values come from scikit-learn, SciPy and statsmodels through `golden_classification.py`, which names the versions.
@Suite struct GoldenClassificationTests {
    private let golden: JSONValue
    private let tolerance: Double

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_classification.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
        tolerance = try #require(golden["tolerance"]?.doubleValue)
    }

    @Test func `metrics of decisions agree with scikit-learn`() throws {
        let cases = try cases("decisions", 40)
        for (number, one) in cases.enumerated() {
            let (scores, labels) = (numbers(one["scores"]), numbers(one["labels"]).map { $0 > 0 })
            let expected = try #require(one["expect"])
            let threshold = try #require(one["threshold"]?.doubleValue)
            let matrix = ConfusionMatrix(scores: scores, labels: labels, threshold: threshold)
            let counts = [
                matrix.truePositives, matrix.falsePositives, matrix.falseNegatives, matrix.trueNegatives,
            ]
            #expect(counts.map(Double.init) == numbers(expected["confusion"]), "case \(number)")
            let values: [String: Double?] = [
                "auc": ClassificationMetrics.rocAUC(scores: scores, labels: labels),
                "ap": ClassificationMetrics.averagePrecision(scores: scores, labels: labels),
                "log_loss": ClassificationMetrics.logLoss(probabilities: scores, labels: labels),
                "brier": ClassificationMetrics.brierScore(probabilities: scores, labels: labels),
                "precision": matrix.precision, "recall": matrix.recall, "accuracy": matrix.accuracy, "f1": matrix.f1,
                "matthews": matrix.matthewsCorrelation,
            ]
            for (name, value) in values {
                try compare(value, expected[name], "case \(number), \(name)")
            }
            let bins = try #require(Calibration(probabilities: scores, labels: labels)).bins
            let wanted = try #require(expected["calibration"]?.arrayValue).map { numbers($0) }
            #expect(bins.count == wanted.count, "case \(number)")
            for (bin, pair) in zip(bins, wanted) {
                #expect(abs(bin.predicted - pair[0]) <= tolerance && abs(bin.observed - pair[1]) <= tolerance)
            }
        }
    }

    @Test func `errors of predicted numbers agree with scikit-learn`() throws {
        for one in try cases("numbers", 20) {
            let (predicted, actual) = (numbers(one["predicted"]), numbers(one["actual"]))
            let expected = try #require(one["expect"])
            try compare(RegressionMetrics.meanAbsoluteError(predicted: predicted, actual: actual), expected["mae"])
            try compare(RegressionMetrics.meanSquaredError(predicted: predicted, actual: actual), expected["mse"])
            try compare(RegressionMetrics.rootMeanSquaredError(predicted: predicted, actual: actual), expected["rmse"])
        }
    }

    @Test func `the exact permutation test agrees with SciPy`() throws {
        for one in try cases("comparisons", 20) {
            let value = PairedPermutationTest.pValue(
                candidate: numbers(one["candidate"]), baseline: numbers(one["baseline"]))
            try compare(value, one["expect"])
        }
    }

    @Test func `Holm's correction agrees with statsmodels`() throws {
        for one in try cases("corrections", 20) {
            let adjusted = HolmCorrection.adjusted(numbers(one["p"]))
            for (got, expected) in zip(adjusted, numbers(one["expect"])) { #expect(abs(got - expected) <= tolerance) }
        }
    }

    @Test func `power agrees with the normal quantiles of SciPy`() throws {
        for one in try cases("powers", 20) {
            let deviation = try #require(one["deviation"]?.doubleValue)
            let significance = try #require(one["significance"]?.doubleValue)
            let power = try #require(one["power"]?.doubleValue)
            let users = PowerAnalysis.users(
                difference: try #require(one["difference"]?.doubleValue), deviation: deviation,
                significance: significance, power: power)
            #expect(users.map(Int64.init) == one["expect"]?["users"]?.integerValue)
            let difference = PowerAnalysis.difference(
                users: 1000, deviation: deviation, significance: significance, power: power)
            try compare(difference, one["expect"]?["at_1000"])
        }
    }

    @Test func `diversity and serendipity agree with their papers`() throws {
        for one in try cases("shown", 20) {
            let paths = try #require(one["paths"]?.arrayValue).map { ($0.arrayValue ?? []).compactMap(\.stringValue) }
            try compare(
                ListMetrics.diversity(paths, distance: ListMetrics.pathDistance), one["expect"]?["diversity"])
            let serendipity = ListMetrics.serendipity(
                numbers(one["items"]), relevant: Set(numbers(one["relevant"])),
                expected: Set(numbers(one["expected"])))
            try compare(serendipity, one["expect"]?["serendipity"])
        }
    }

    private func cases(_ name: String, _ count: Int) throws -> [JSONValue] {
        let cases = try #require(golden[name]?.arrayValue)
        #expect(cases.count == count)
        return cases
    }

    /// Compares with the expected number; `null` stands for a metric without a value.
    private func compare(_ value: Double?, _ expected: JSONValue?, _ name: String = "") throws {
        let expected = try #require(expected)
        guard !expected.isNull else { return #expect(value == nil, "\(name)") }
        let (got, wanted) = (try #require(value, "\(name)"), try #require(expected.doubleValue))
        #expect(abs(got - wanted) <= tolerance, "\(name): \(got), not \(wanted)")
    }

    private func numbers(_ value: JSONValue?) -> [Double] { (value?.arrayValue ?? []).compactMap(\.doubleValue) }
}
