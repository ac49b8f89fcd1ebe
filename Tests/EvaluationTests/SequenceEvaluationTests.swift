import Evaluation
import Foundation
import TestSupport
import Testing

@Suite struct SequenceEvaluationTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func read(_ text: String) throws -> SequenceEvaluation.Data {
        try Data(text.utf8).write(to: URL(filePath: folder.file("data")))
        return try SequenceEvaluation.readData(path: folder.file("data"))
    }

    @Test func `items are numbered in ascending order and the last one is held back`() throws {
        let data = try read("u1 10 9 2\nu2 2 10\n")
        #expect(data.items == ["2", "9", "10"])
        #expect(Array(data.history(of: 0)) == [2, 1])
        #expect(Array(data.history(of: 1)) == [0])
        #expect(data.targets == [0, 2])
    }

    @Test func `exchanging last items leaves all that a model sees the same`() throws {
        let (one, other) = (try read("u1 10 9 2\nu2 2 7\n"), try read("u1 10 9 7\nu2 2 2\n"))
        #expect(one.items == other.items && one.history == other.history && one.offsets == other.offsets)
        #expect(one.targets != other.targets)
    }

    @Test(arguments: ["u1\n", "u1 1 2\nu1 3 4\n", ""])
    func `bad data is refused`(text: String) {
        #expect(throws: EvaluationError.self) { try read(text) }
    }

    @Test func `figures follow the rank of the item that was left out`() throws {
        let data = try read("u1 1 2\nu2 1 3\nu3 1 4\n")
        let result = SequenceEvaluation.score([[1, 2], [1, 2], [1, 2]], of: data)
        #expect(result.users == 3)
        #expect(abs(result.recall - 2.0 / 3) < 1e-12)
        #expect(abs(result.ndcg - (1 + 1 / log2(3.0)) / 3) < 1e-12)
    }

    @Test func `a run has the same bytes every time and holds nothing twice or already had`() throws {
        let data = try read("u1 1 2\nu2 1 3\n")
        let path = folder.file("run")
        try SequenceEvaluation.writeRun([[1, 2], []], of: data, to: path)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "u1 2 3\nu2\n")
        #expect(throws: EvaluationError.self) { try SequenceEvaluation.writeRun([[1, 1], []], of: data, to: path) }
        #expect(throws: EvaluationError.self) { try SequenceEvaluation.writeRun([[0], []], of: data, to: path) }
        #expect(throws: EvaluationError.self) {
            try SequenceEvaluation.writeRun([[1], []], of: data, to: folder.file("no/such/folder"))
        }
    }
}
