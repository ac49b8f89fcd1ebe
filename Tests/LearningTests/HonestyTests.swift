import Evaluation
import Foundation
import Numerics
import Recommenders
import TestSupport
import Testing

/// What would make figures worthless has to show: leaks, people twice, ties, scorers that know nothing.
@Suite struct HonestyTests {
    /// Says the same of every item.
    private struct Constant: SequenceScorer {
        func addScores(after history: [UInt32], to scores: inout [Double]) {
            for item in scores.indices { scores[item] += 1 }
        }
    }

    /// 400 people with six of 60 items each, numbers without meaning.
    private static func data(seed: UInt64) throws -> SequenceEvaluation.Data {
        var random = SeededGenerator(seed: seed)
        let sequences = (0..<400).map { user in
            (user: "u\(user)", items: Array((0..<60).map { String($0) }.shuffled(using: &random).prefix(6)))
        }
        return try #require(SequenceEvaluation.Data(sequences))
    }

    private static func score(_ scorer: any SequenceScorer, _ data: SequenceEvaluation.Data)
        -> SequenceEvaluation.Result
    {
        let histories = data.users.indices.map { data.history(of: $0).map { UInt32(bitPattern: $0) } }
        let lists = SequenceModels.lists(of: scorer, after: histories, itemLimit: data.items.count, limit: 10)
        return SequenceEvaluation.score(lists.map { $0.map { Int32(bitPattern: $0) } }, of: data)
    }

    @Test func `a scorer that knows nothing finds no more than chance`() throws {
        var found = 0.0
        for seed in 1...UInt64(8) { found += Self.score(Constant(), try Self.data(seed: seed)).recall / 8 }
        // Ten of the 55 items that somebody does not have; 3,200 people.
        let chance = 10.0 / 55
        #expect(abs(found - chance) < 4 * (chance * (1 - chance) / 3200).squareRoot(), "\(found)")
    }

    @Test func `ties go to the lower item, whoever asks and whatever comes first`() throws {
        let data = try Self.data(seed: 3)
        let histories = data.users.indices.map { data.history(of: $0).map { UInt32(bitPattern: $0) } }
        let lists = SequenceModels.lists(of: Constant(), after: histories, itemLimit: 60, limit: 10)
        for (list, history) in zip(lists, histories) {
            #expect(list == Array((0..<60).filter { !history.contains($0) }.prefix(10)))
        }
    }

    @Test(arguments: SequenceModels.names)
    func `where the last item is drawn by lot no model foretells it`(_ name: String) throws {
        let data = try Self.data(seed: 9)
        let histories = data.users.indices.map { data.history(of: $0).map { UInt32(bitPattern: $0) } }
        let model = try #require(SequenceModels.train(name, on: histories, itemLimit: data.items.count))
        let chance = 10.0 / 55
        // A model that had seen the last items would find nearly all of them.
        #expect(Self.score(model, data).recall < chance + 4 * (chance * (1 - chance) / 400).squareRoot(), "\(name)")
    }

    @Test func `somebody who comes twice is refused in every protocol`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/lines"
        func write(_ text: String) throws { try text.write(toFile: path, atomically: true, encoding: .utf8) }
        try write("a 1 2 3\nb 1 2\na 4 5\n")
        #expect(throws: EvaluationError.self) { try SequenceEvaluation.readData(path: path) }
        #expect(SequenceEvaluation.Data([("a", ["1"]), ("a", ["2"])]) == nil)
        try write("1 10\n2 10\n1 11\n")
        #expect(throws: EvaluationError.self) { try BasketEvaluation.readHouseholds(path: path) }
        try write("q1\thead\ten\tmilk\nq1\thead\ten\tbread\n")
        #expect(throws: EvaluationError.self) { try SearchEvaluation.readQueries(path: path) }
    }

    @Test func `people who all are new leave nothing to measure`() throws {
        let lines = (0..<5).map {
            BasketEvaluation.Line(household: Int32($0), basket: 1, item: Int32($0), time: 1000)
        }
        let truths = BasketEvaluation.truths(lines: lines, cut: 500)
        #expect(truths.isEmpty)
        #expect(throws: EvaluationError.self) {
            try BasketEvaluation.score(households: [0, 1], lists: [[1], [2]], newLists: [[1], [2]], truths: truths)
        }
    }
}
