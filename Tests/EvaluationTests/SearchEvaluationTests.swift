import Evaluation
import Foundation
import JSON
import TestSupport
import Testing

@Suite struct SearchEvaluationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func write(_ text: String, _ name: String = "input") throws -> String {
        try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
        return folder.file(name)
    }

    private let queries = [
        SearchEvaluation.Query(id: "q1", group: "typo", language: "en", text: "bananna"),
        SearchEvaluation.Query(id: "q2", group: "head", language: "en", text: "milk"),
        SearchEvaluation.Query(id: "q3", group: "head", language: "de", text: "Käse"),
    ]

    @Test func `queries are read with their groups and languages`() throws {
        let path = try write("q1\ttypo\ten\tbananna\nq2\thead\ten\tmilk\r\nq3\thead\tde\tKäse\n")
        #expect(try SearchEvaluation.readQueries(path: path) == queries)
    }

    @Test(arguments: [
        ("q1\thead\ten\n", 1), ("q1\ta\ten\tx\nq1\ta\ten\ty\n", 2), ("q 1\ta\ten\tx\n", 1), ("q1\ta\ten\t\n", 1),
    ])
    func `a bad line of queries is named`(text: String, line: Int) throws {
        let path = try write(text)
        let error = #expect(throws: EvaluationError.self) { try SearchEvaluation.readQueries(path: path) }
        #expect(error?.line == line)
        #expect(error?.message.contains("line \(line)") == true)
    }

    @Test(arguments: ["q1 0 7\n", "q1 0 7 x\n", "q1 0 7 -1\n", "q1 0 7 32\n", "q1 0 7 99999999999999999999\n"])
    func `a bad line of judgements is named`(text: String) throws {
        let path = try write("q1 0 1 3\n" + text)
        let error = #expect(throws: EvaluationError.self) { try SearchEvaluation.readJudgements(path: path) }
        #expect(error?.line == 2)
    }

    @Test func `bytes that are not UTF-8 are refused with their line`() throws {
        let path = folder.file("bytes")
        try Data([113, 10, 0xFF, 0xFE]).write(to: URL(filePath: path))
        let error = #expect(throws: EvaluationError.self) { try SearchEvaluation.readQueries(path: path) }
        #expect(error?.code == .badLine)
    }

    @Test func `a missing file and a folder are errors`() {
        #expect(throws: EvaluationError.self) { try SearchEvaluation.readQueries(path: folder.file("none")) }
        #expect(throws: EvaluationError.self) { try SearchEvaluation.readQueries(path: folder.path) }
    }

    @Test func `a run is written as TREC lines and read back`() throws {
        let hits: [[SearchEvaluation.Hit]] = [[.init(item: "9", score: 2), .init(item: "10", score: 2)], [], []]
        let path = folder.file("run")
        try SearchEvaluation.writeRun(hits, of: queries, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "q1 Q0 9 1 2.0 souk\nq1 Q0 10 2 2.0 souk\n")
        #expect(try SearchEvaluation.readRun(path: path, of: queries) == [["9", "10"], [], []])
    }

    @Test func `a run holds at most a hundred ranks`() throws {
        let hits = (0..<150).map { SearchEvaluation.Hit(item: "\($0)", score: Double(-$0)) }
        let path = folder.file("run")
        try SearchEvaluation.writeRun([hits, [], []], of: queries, to: path)
        #expect(try SearchEvaluation.readRun(path: path, of: queries)[0].count == 100)
    }

    @Test(arguments: [
        [("1", 1.0), ("2", 2.0)], [("1", Double.nan)], [("1", 1.0), ("1", 0.5)], [("a b", 1.0)], [("", 1.0)],
    ])
    func `a run that would mislead is refused`(hits: [(String, Double)]) {
        let list = hits.map { SearchEvaluation.Hit(item: $0.0, score: $0.1) }
        #expect(throws: EvaluationError.self) {
            try SearchEvaluation.writeRun([list, [], []], of: queries, to: folder.file("run"))
        }
    }

    @Test func `figures count empty and unjudged lists`() throws {
        var judgements = SearchEvaluation.Judgements()
        judgements.set(3, query: "q1", item: "a")
        judgements.set(1, query: "q1", item: "b")
        judgements.set(1, query: "q2", item: "c")
        let result = try SearchEvaluation.score([["a", "b"], ["z"], []], of: queries, judgements: judgements)
        #expect(result.zeroResults == 1)
        #expect(result.nothingGraded == 2)
        #expect(abs(result.ndcg - 1.0 / 3) < 1e-12)
        #expect(
            JSONLine.text(result.json).hasSuffix(
                #""zero_results":1,"nothing_graded":2,"groups":{"head":0,"typo":1}}"#)
                || JSONLine.text(result.json).hasSuffix(
                    #""zero_results":1,"nothing_graded":2,"groups":{"head":0.0,"typo":1.0}}"#)
        )
    }

    @Test func `an item listed twice cannot be scored`() {
        #expect(throws: EvaluationError.self) {
            try SearchEvaluation.score([["a", "a"], [], []], of: queries, judgements: .init())
        }
    }

    @Test func `a run beside another says how many queries gain and whether that is chance`() throws {
        let many = (0..<12).map {
            SearchEvaluation.Query(id: "q\($0)", group: "head", language: "en", text: "tea \($0)")
        }
        var judgements = SearchEvaluation.Judgements()
        for query in many { judgements.set(1, query: query.id, item: "a") }
        // The candidate has the item first; the baseline second, but for two queries: equal in one, better in the other.
        let own = many.indices.map { $0 == 11 ? ["b", "a"] : ["a", "b"] }
        let other = many.indices.map { $0 >= 10 ? ["a", "b"] : ["b", "a"] }
        let (left, right) = (
            try SearchEvaluation.score(own, of: many, judgements: judgements),
            try SearchEvaluation.score(other, of: many, judgements: judgements)
        )
        let comparison = try SearchEvaluation.Comparison(left, beside: right)
        #expect((comparison.better, comparison.worse) == (10, 1))
        #expect(abs(comparison.difference.mean - (left.ndcg - right.ndcg)) < 1e-12)
        #expect(comparison.difference.lower > 0)
        // Eleven equal differences: one of them or none with the other sign, on either side, of 2^11 patterns.
        #expect(abs(comparison.pValue - 24 / 2048) < 1e-12)
        #expect(comparison.json["p_value"]?.doubleValue == comparison.pValue)
        let same = try SearchEvaluation.Comparison(left, beside: left)
        #expect(same.pValue == 1 && same.better == 0 && same.worse == 0)
        let fewer = try SearchEvaluation.score(
            Array(own.dropLast()), of: Array(many.dropLast()), judgements: judgements)
        let error = #expect(throws: EvaluationError.self) {
            try SearchEvaluation.Comparison(left, beside: fewer)
        }
        #expect(error?.code == .badRun)
    }
}
