import Evaluation
import Foundation
import JSON
import Numerics
import TestSupport
import Testing

/// The scorer beside the benchmark data, where there is one.
private enum IndependentScorer {
    static let path: String? = {
        guard
            let path = BenchmarkData.folder?.appending(path: "../tools/score.py").standardized.path(
                percentEncoded: false)
        else { return nil }
        return FileManager.default.fileExists(atPath: path) ? path : nil
    }()
}

/// Seeded random runs, scored here and by the scorer beside the benchmark data: every key must agree.
@Suite(.enabled(if: IndependentScorer.path != nil, "needs ../shared/tools/score.py"))
struct IndependentScorerTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    @Test(arguments: 1...5 as ClosedRange<UInt64>) func `search agrees`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        var (queries, qrels) = ("", "")
        for number in 0..<40 {
            queries += "q\(number)\t\(["head", "typo", "long"].randomElement(using: &random)!)\ten\ttext \(number)\n"
            for item in 0..<Int.random(in: 1...30, using: &random) {
                qrels += "q\(number) 0 d\(item) \(item == 0 ? 3 : Int.random(in: 0...3, using: &random))\n"
            }
        }
        let (queryFile, qrelFile) = (try write(queries, "queries"), try write(qrels, "qrels"))
        let read = try SearchEvaluation.readQueries(path: queryFile)
        let hits = read.map { _ in
            (0..<45).shuffled(using: &random).prefix(Int.random(in: 0...30, using: &random)).enumerated().map {
                SearchEvaluation.Hit(item: "d\($0.element)", score: 1 / Double($0.offset / 2 + 3))
            }
        }
        let run = folder.file("run")
        try SearchEvaluation.writeRun(hits, of: read, to: run)
        let result = try SearchEvaluation.score(
            try SearchEvaluation.readRun(path: run, of: read), of: read,
            judgements: try SearchEvaluation.readJudgements(path: qrelFile))
        try expectAgreement(result.json, ["search", queryFile, qrelFile, run])
    }

    @Test func `sequences agree`() throws {
        var random = SeededGenerator(seed: 9)
        let lines = (0..<200).map { user in
            "u\(user) "
                + (1...60).shuffled(using: &random).prefix(Int.random(in: 1...20, using: &random))
                .map(String.init).joined(separator: " ")
        }
        let file = try write(lines.joined(separator: "\n") + "\n", "data")
        let data = try SequenceEvaluation.readData(path: file)
        let lists = data.users.indices.map { user in
            let seen = Set(data.history(of: user))
            return Array(
                (0..<Int32(data.items.count)).filter { !seen.contains($0) }.shuffled(using: &random).prefix(10))
        }
        try SequenceEvaluation.writeRun(lists, of: data, to: folder.file("run"))
        try expectAgreement(
            SequenceEvaluation.score(lists, of: data).json,
            ["sequences", file, folder.file("run")])
    }

    @Test func `baskets agree`() throws {
        var random = SeededGenerator(seed: 11)
        let lines = (0..<4_000).map { number in
            BasketEvaluation.Line(
                household: Int32.random(in: 0..<80, using: &random), basket: Int64(number / 4),
                item: Int32.random(in: 0..<50, using: &random), time: Int64(number / 4))
        }
        let truths = BasketEvaluation.truths(lines: lines, cut: 700)
        let households = truths.keys.sorted()
        let truth = households.map { household in
            let items = truths[household]!.items.map { "\($0)" + (truths[household]!.newItems.contains($0) ? "*" : "") }
            return "\(household) " + items.joined(separator: " ") + "\n"
        }
        let lists = [0, 1].map { _ in households.map { _ in Array((Int32(0)..<50).shuffled(using: &random).prefix(10)) }
        }
        for (name, list) in zip(["run", "new"], lists) {
            let rows = zip(households, list).map { RunWriter.Row(owner: "\($0)", items: $1.map { "\($0)" }) }
            try RunWriter.writeTopTen(rows, to: folder.file(name))
        }
        let result = try BasketEvaluation.score(
            households: households, lists: lists[0], newLists: lists[1], truths: truths)
        #expect(result.householdsNew > 0)
        try expectAgreement(
            result.json, ["baskets", try write(truth.joined(), "truth"), folder.file("run"), folder.file("new")])
    }

    private func write(_ text: String, _ name: String) throws -> String {
        try Data(text.utf8).write(to: URL(filePath: folder.file(name)))
        return folder.file(name)
    }

    private func expectAgreement(_ ours: JSONValue, _ arguments: [String]) throws {
        let (process, output) = (Process(), Pipe())
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", try #require(IndependentScorer.path)] + arguments
        process.standardOutput = output
        try process.run()
        let printed = try output.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        let (left, right) = (flat(try JSONValue(parsing: printed)), flat(ours))
        #expect(left.keys.sorted() == right.keys.sorted())
        for (key, value) in left { #expect(abs(value - (right[key] ?? .nan)) <= 1e-9, "\(key)") }
    }

    private func flat(_ value: JSONValue) -> [String: Double] {
        var result: [String: Double] = [:]
        for member in value.objectValue ?? [] {
            if let number = member.value.doubleValue { result[member.name] = number }
            for inner in member.value.objectValue ?? [] { result["group " + inner.name] = inner.value.doubleValue }
        }
        return result
    }
}
