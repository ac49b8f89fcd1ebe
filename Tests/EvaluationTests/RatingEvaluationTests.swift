import Evaluation
import Foundation
import Numerics
import TestSupport
import Testing

@Suite struct RatingEvaluationTests {
    private let folder: TemporaryFolder
    init() throws { folder = try TemporaryFolder() }

    private func table(_ text: String, scale: ClosedRange<Double> = 1...5) throws -> RatingEvaluation.Table {
        let path = "\(folder.path)/ratings"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        return try RatingEvaluation.readData(path: path, scale: scale)
    }

    @Test(arguments: [
        ("a x 3\na y 6\n", 2), ("a x 0.5\n", 1), ("a x 3\n\nb x nan\n", 3), ("a x three\n", 1), ("a x\n", 1),
        ("a x 3 10 9\n", 1), ("a x 3 now\n", 1), ("a x 3 10\nb x 3\n", 2), ("a x 3\nb x 3 10\n", 2),
    ])
    func `a rating that makes no sense is refused with its line`(_ text: String, _ line: Int) throws {
        let error = #expect(throws: EvaluationError.self) { try table(text) }
        #expect(error?.line == line && error?.code == .badLine)
    }

    @Test func `an empty file has nothing to measure`() {
        let error = #expect(throws: EvaluationError.self) { try table("\n") }
        #expect(error?.code == .nothingToMeasure)
    }

    @Test func `of two ratings of one pair the later counts`() throws {
        let timed = try table("a x 1 20\na x 5 10\nb x 2 5\n")
        #expect(timed.duplicates == 1 && timed.ratings.map(\.value) == [1, 2])
        let plain = try table("a x 1\nb x 2\na x 5\n")
        #expect(plain.duplicates == 1 && plain.ratings.map(\.value) == [5, 2])
        #expect(try table("a x 9\n", scale: 0...10).ratings.count == 1)
    }

    @Test func `a split by time keeps the newest back, and nothing as new stays`() throws {
        let data = try table((0..<20).map { "u\($0 % 4) i\($0) 3 \(($0 * 7) % 10)\n" }.joined())
        let (known, asked) = try RatingEvaluation.split(data, by: .time)
        let cut = try #require(asked.compactMap(\.time).min())
        #expect(asked.count == 4 && known.count == 16 && known.allSatisfy { ($0.time ?? 99) < cut })
        let same = try table("a x 3 5\nb x 4 5\n")
        #expect(throws: EvaluationError.self) { try RatingEvaluation.split(same, by: .time) }
        let untimed = try table("a x 3\nb x 4\n")
        #expect(throws: EvaluationError.self) { try RatingEvaluation.split(untimed, by: .time) }
    }

    @Test func `a split by seed is the same every time, and takes each rating once`() throws {
        let data = try table((0..<50).map { "u\($0 % 4) i\($0) 3\n" }.joined())
        let (known, asked) = try RatingEvaluation.split(data, by: .seed(4))
        let again = try RatingEvaluation.split(data, by: .seed(4))
        #expect(known == again.known && asked == again.asked && asked.count == 10)
        #expect(Set(known + asked) == Set(data.ratings) && known.count == 40)
        #expect(try RatingEvaluation.split(data, by: .seed(5)).asked != asked)
    }

    @Test func `errors are those of the metrics, within intervals that users set`() throws {
        let data = try table((0..<60).map { "u\($0 % 15) i\($0) \(1 + $0 % 5)\n" }.joined())
        let predictions = data.ratings.map { _ in 3.0 }
        let result = try #require(RatingEvaluation.score(predictions, of: data.ratings))
        #expect(abs(result.meanAbsoluteError.mean - 1.2) < 1e-12)
        #expect(abs(result.rootMeanSquaredError.mean - 2.0.squareRoot()) < 1e-12)
        let (low, high) = (result.rootMeanSquaredError.lower, result.rootMeanSquaredError.upper)
        #expect(low < 2.0.squareRoot() && high > 2.0.squareRoot() && high - low < 1)
        #expect(RatingEvaluation.score(predictions.map { _ in .nan }, of: data.ratings) == nil)
    }

    @Test func `groups that agree within themselves widen the interval`() throws {
        var random = SeededGenerator(seed: 6)
        let values = (0..<400).map { Double($0 / 20) + 0.01 * random.unit() }
        let alone = try #require(
            ClusterBootstrap.interval(of: values, groups: Array(values.indices), measure: .mean))
        let grouped = try #require(
            ClusterBootstrap.interval(of: values, groups: values.indices.map { $0 / 20 }, measure: .mean))
        #expect(grouped.upper - grouped.lower > 3 * (alone.upper - alone.lower))
        let none = try #require(
            ClusterBootstrap.interval(of: values, less: values, groups: Array(values.indices), measure: .rootMeanSquare)
        )
        #expect(none.mean == 0 && none.lower == 0 && none.upper == 0)
        #expect(ClusterBootstrap.interval(of: [], groups: [], measure: .mean) == nil)
    }

    @Test func `the area under the curve has an interval by groups, and none without both labels`() throws {
        var random = SeededGenerator(seed: 2)
        let labels = (0..<300).map { _ in random.unit() < 0.4 }
        // Few different scores, so that ties count.
        let scores = labels.map { (($0 ? 1.0 : 0) + (3 * random.unit()).rounded()) / 4 }
        let groups = labels.indices.map { $0 / 3 }
        let area = try #require(ClusterBootstrap.areaInterval(of: scores, labels: labels, groups: groups))
        let plain = try #require(ClassificationMetrics.rocAUC(scores: scores, labels: labels))
        #expect(abs(area.mean - plain) < 1e-12)
        #expect(area.lower < plain && plain < area.upper && area.upper - area.lower < 0.25)
        let difference = try #require(
            ClusterBootstrap.areaInterval(
                of: scores, less: scores.map { _ in 0 }, labels: labels, groups: groups))
        #expect(abs(difference.mean - (plain - 0.5)) < 1e-12 && difference.lower > 0)
        let none = try #require(
            ClusterBootstrap.areaInterval(of: scores, less: scores.map { 2 * $0 }, labels: labels, groups: groups))
        #expect(none.mean == 0 && none.lower == 0 && none.upper == 0)
        #expect(ClusterBootstrap.areaInterval(of: [0.1, 0.2], labels: [true, true], groups: [0, 1]) == nil)
        #expect(ClusterBootstrap.areaInterval(of: [0.1, .nan], labels: [true, false], groups: [0, 1]) == nil)
        // Every draw holds both or none of the labels of a group alone: one group gives one figure.
        let one = try #require(ClusterBootstrap.areaInterval(of: [1, 0], labels: [true, false], groups: [5, 5]))
        #expect(one.mean == 1 && one.lower == 1 && one.upper == 1)
    }
}
