import Evaluation
import Foundation
import Numerics
import TestSupport
import Testing

@Suite struct BasketEvaluationTests {
    private func line(_ household: Int32, _ basket: Int64, _ item: Int32, at time: Int64) -> BasketEvaluation.Line {
        BasketEvaluation.Line(household: household, basket: basket, item: item, time: time)
    }

    @Test func `the truth is the first basket at or after the cut, with what is new in it`() {
        let lines = [
            line(1, 10, 5, at: 0), line(1, 11, 5, at: 100), line(1, 11, 6, at: 100), line(1, 12, 7, at: 200),
            line(2, 20, 5, at: 150), line(3, 30, 5, at: 0),
        ]
        let truths = BasketEvaluation.truths(lines: lines, cut: 100)
        #expect(truths.keys.sorted() == [1])
        #expect(truths[1]?.items == [5, 6])
        #expect(truths[1]?.newItems == [6])
    }

    @Test func `the earlier line decides between baskets of the same time`() {
        let lines = [line(1, 1, 1, at: 0), line(1, 9, 2, at: 50), line(1, 3, 4, at: 50), line(1, 9, 8, at: 60)]
        #expect(BasketEvaluation.truths(lines: lines, cut: 50)[1]?.items == [2, 8])
    }

    @Test func `figures match an evaluation by hand`() throws {
        let truths = BasketEvaluation.truths(
            lines: [
                line(1, 1, 1, at: 0), line(1, 2, 1, at: 9), line(1, 2, 2, at: 9), line(2, 3, 1, at: 0),
                line(2, 4, 1, at: 9),
            ], cut: 5)
        let result = try BasketEvaluation.score(
            households: [1, 2, 3], lists: [[1, 7], [8], []], newLists: [[2], [], []], truths: truths)
        #expect(result.households == 2 && result.householdsNew == 1)
        #expect(abs(result.recall - 0.25) < 1e-12)
        #expect(abs(result.ndcg - 0.5 / (1 + 1 / log2(3.0))) < 1e-12)
        #expect(result.recallNew == 1)
        #expect(result.recallNewByHousehold == [1])
    }

    @Test func `nothing to score is an error`() {
        #expect(throws: EvaluationError.self) {
            try BasketEvaluation.score(households: [1], lists: [[]], newLists: [[]], truths: [:])
        }
    }

    @Test func `households are the first word of each line`() throws {
        let folder = try TemporaryFolder()
        try Data("1 5 6*\n22\n\n3\t9\n".utf8).write(to: URL(filePath: folder.file("users")))
        #expect(try BasketEvaluation.readHouseholds(path: folder.file("users")) == ["1", "22", "3"])
        try Data("1\n1\n".utf8).write(to: URL(filePath: folder.file("users")))
        let error = #expect(throws: EvaluationError.self) {
            try BasketEvaluation.readHouseholds(path: folder.file("users"))
        }
        #expect(error?.line == 2)
    }

    @Test(
        .enabled(
            if: BenchmarkData.folder != nil && FileManager.default.fileExists(atPath: demo),
            "needs ../shared/data and the exported demo data"))
    func `the truth of the demo data is that of the reference script`() throws {
        let reference = try #require(BenchmarkData.folder).appending(path: "baskets-truth-2017-11-01.tsv")
        var counted: Set<Int32> = []
        for row in try rows(Self.demo) where !["FUEL", "COUPON"].contains(row[2]) && row[4] != "COUPON/MISC ITEMS" {
            counted.insert(try #require(Int32(row[0])))
        }
        var lines: [(text: String, line: BasketEvaluation.Line)] = []
        let transactions = Self.demo.replacing("products.tsv", with: "transactions.tsv")
        for row in try rows(transactions, where: { $0.prefix { $0 != 9 }.last == UInt8(ascii: "7") }) {
            guard let item = Int32(row[3]), counted.contains(item), let quantity = Int(row[4]), quantity > 0 else {
                continue
            }
            let line = BasketEvaluation.Line(
                household: try #require(Int32(row[0])), basket: try #require(Int64(row[2])), item: item,
                time: row[10] < "2017-11-01" ? 0 : 1)
            lines.append((String(row[10]), line))
        }
        // Equal times at this grain: the order of the log, made by the full time stamp, decides.
        let ordered = lines.enumerated().sorted { ($0.element.text, $0.offset) < ($1.element.text, $1.offset) }
        let truths = BasketEvaluation.truths(lines: ordered.map(\.element.line), cut: 1)
        // A tenth of the households, those whose identifier ends with 7: enough, and quick without optimisation.
        let expected = try String(contentsOf: reference, encoding: .utf8).split(separator: "\n")
            .filter { $0.prefix { $0 != " " }.last == "7" }
        #expect(truths.count == expected.count)
        var differences = 0
        for row in expected {
            let words = row.split(separator: " ")
            let household = try #require(Int32(words[0]))
            let truth = try #require(truths[household])
            let text = truth.items.map { "\($0)" + (truth.newItems.contains($0) ? "*" : "") }.sorted()
            if text != words.dropFirst().map(String.init).sorted() { differences += 1 }
        }
        #expect(differences == 0)
    }

    private static let demo = URL(filePath: #filePath).appending(path: "../../../var/data/completejourney/products.tsv")
        .standardized.path(percentEncoded: false)

    private func rows(_ path: String, where isWanted: (Data) -> Bool = { _ in true }) throws -> [[Substring]] {
        try Data(contentsOf: URL(filePath: path)).split(separator: 10).dropFirst().filter(isWanted)
            .map { String(decoding: $0, as: UTF8.self).split(separator: "\t", omittingEmptySubsequences: false) }
    }
}
