import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct SessionEvaluationTests {
    private func data(_ test: [[String]]) throws -> SessionEvaluation.Data {
        try #require(SessionEvaluation.Data(training: [["a", "b"], ["c", "d", "a"], ["e"]], test: test))
    }

    @Test func `every beginning is a question, and items count once`() throws {
        // x is unknown, the second a is no new item.
        let questions = try data([["a", "x", "b", "a", "c"], ["d", "e"]]).questions
        #expect(questions.map(\.session) == [0, 0, 1])
        #expect(questions.map(\.beginning) == [[0], [0, 1], [3]])
        #expect(questions.map(\.rest) == [[1, 2], [2], [4]])
    }

    @Test func `the next item and all that remain are scored, by beginning`() throws {
        let questions = try data([["a", "b", "c"], ["d", "e"]]).questions
        // After a: c first, then b; after a, b: nothing; after d: e.
        let result = SessionEvaluation.Result([[2, 1], [], [4]], of: questions)
        #expect(result.hitRate == [1, 0, 1] && result.reciprocalRank == [0.5, 0, 1])
        #expect(result.recall == [1, 0, 1] && result.ndcg == [1, 0, 1] && result.averagePrecision == [1, 0, 1])
        #expect(result.precision == [0.1, 0, 0.05])
        // Two sessions, three beginnings: the mean of sessions is that of beginnings.
        let bySession = result.bySession(result.hitRate)
        #expect(bySession.count == 2 && abs(bySession.reduce(0, +) / 2 - 2.0 / 3) < 1e-12)
    }

    @Test func `an endless session is asked for as often as the limit says`() throws {
        let items = (0..<100).map { "\($0)" }
        let data = try #require(SessionEvaluation.Data(training: [items], test: [items, ["1", "2"]]))
        #expect(data.questions.count { $0.session == 0 } == SessionEvaluation.beginningLimit)
        #expect(data.questions.count { $0.session == 1 } == 1)
    }

    @Test func `the newest tenth of a file is the test`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("sessions")
        func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        try write((0..<20).map { "s\($0) a b c\n" }.joined())
        let data = try SessionEvaluation.readData(path: path, limit: 100)
        #expect(data.training.count == 18 && data.test.count == 2 && data.items == ["a", "b", "c"])
        #expect(try SessionEvaluation.readData(path: path, limit: 1).test.count == 1)
        for (text, line) in [("s1 a\ns2\n", 2), ("s1 a b\ns1 a b\n", 2)] {
            try write(text)
            let error = #expect(throws: EvaluationError.self) {
                try SessionEvaluation.readData(path: path, limit: 100)
            }
            #expect(error?.line == line)
        }
        for text in ["", "s1 a b\n", "s1 a b\ns2 c d\n"] {
            try write(text)
            #expect(throws: EvaluationError.self) { try SessionEvaluation.readData(path: path, limit: 100) }
        }
    }
}
