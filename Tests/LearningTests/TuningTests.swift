import Foundation
import Learning
import Numerics
import TestSupport
import Testing

@Suite struct TuningTests {
    /// Walks around a ring of 30 items, with some noise.
    static func write(to path: String) throws {
        var random = SeededGenerator(seed: 3)
        let lines = (0..<60).map { user in
            var item = Int.random(in: 0..<30, using: &random)
            let items = (0..<8).map { _ in
                item = random.unit() < 0.2 ? Int.random(in: 0..<30, using: &random) : (item + 1) % 30
                return String(item)
            }
            return "u\(user) " + items.joined(separator: " ")
        }
        try (lines.joined(separator: "\n") + "\n").write(toFile: path, atomically: true, encoding: .utf8)
    }

    static func request(_ folder: String, _ method: SearchMethod, trials: Int, jobs: Int = 1) -> ModelTuner.Request {
        var request = ModelTuner.Request(.file("\(folder)/data.txt"), log: "\(folder)/\(method.rawValue).jsonl")
        (request.model, request.method, request.trials, request.jobs) = ("pctm", method, trials, jobs)
        return request
    }

    @Test(arguments: SearchMethod.allCases, [1, 3])
    func `a search that was stopped ends as one that was not`(_ method: SearchMethod, _ jobs: Int) throws {
        let (whole, parts) = (try TemporaryFolder(), try TemporaryFolder())
        for folder in [whole, parts] { try Self.write(to: "\(folder.path)/data.txt") }
        _ = try ModelTuner.run(Self.request(whole.path, method, trials: 16, jobs: jobs)) { _, _ in }
        _ = try ModelTuner.run(Self.request(parts.path, method, trials: 7, jobs: jobs)) { _, _ in }
        let log = "\(parts.path)/\(method.rawValue).jsonl"
        // The last line was being written when the program ended.
        let text = try String(contentsOfFile: log, encoding: .utf8)
        try String(text.dropLast(20)).write(toFile: log, atomically: true, encoding: .utf8)
        _ = try ModelTuner.run(Self.request(parts.path, method, trials: 16, jobs: jobs)) { _, _ in }
        func trials(_ folder: String) throws -> [String] {
            try String(contentsOfFile: "\(folder)/\(method.rawValue).jsonl", encoding: .utf8).split(separator: "\n")
                .map { String($0).replacing(/"seconds":[^,]*,/, with: "") }
        }
        #expect(try trials(whole.path) == trials(parts.path))
        #expect(try trials(whole.path).count == 17)
    }

    @Test func `the number of jobs changes what trees of Parzen estimators draw, and nothing else`() throws {
        func rows(_ method: SearchMethod, _ jobs: Int) throws -> [String] {
            let folder = try TemporaryFolder()
            try Self.write(to: "\(folder.path)/data.txt")
            var counts: [Int] = []
            let request = Self.request(folder.path, method, trials: 15, jobs: jobs)
            _ = try ModelTuner.run(request) { done, _ in counts.append(done) }
            #expect(counts == Array(1...15))
            return try String(contentsOfFile: request.log, encoding: .utf8).split(separator: "\n").dropFirst()
                .map { String($0).replacing(/"seconds":[^,]*,/, with: "") }
        }
        for method in [SearchMethod.random, .halving] { #expect(try rows(method, 1) == rows(method, 4)) }
        let (one, four) = (try rows(.tpe, 1), try rows(.tpe, 4))
        #expect(one.prefix(8) == four.prefix(8) && one != four)
    }

    @Test func `a log of other jobs, and no time, are refused`() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "\(folder.path)/data.txt")
        _ = try ModelTuner.run(Self.request(folder.path, .tpe, trials: 2, jobs: 2)) { _, _ in }
        #expect(throws: LearningError.self) {
            try ModelTuner.run(Self.request(folder.path, .tpe, trials: 4, jobs: 3)) { _, _ in }
        }
        var request = Self.request(folder.path, .random, trials: 40, jobs: 2)
        request.budgetSeconds = 0
        #expect(throws: LearningError.self) { try ModelTuner.run(request) { _, _ in } }
    }

    @Test func `the last item of a user has no part in a search`() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "\(folder.path)/data.txt")
        let first = try ModelTuner.run(Self.request(folder.path, .random, trials: 3)) { _, _ in }
        let text = try String(contentsOfFile: "\(folder.path)/data.txt", encoding: .utf8)
        let lines = text.split(separator: "\n").map {
            $0.split(separator: " ").dropLast().joined(separator: " ") + " 7"
        }
        try lines.joined(separator: "\n").write(toFile: "\(folder.path)/data.txt", atomically: true, encoding: .utf8)
        try FileManager.default.removeItem(atPath: "\(folder.path)/random.jsonl")
        #expect(try ModelTuner.run(Self.request(folder.path, .random, trials: 3)) { _, _ in } == first)
    }

    @Test func `the best trial can be measured, trials of another search cannot`() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "\(folder.path)/data.txt")
        var request = Self.request(folder.path, .tpe, trials: 14)
        request.report = "\(folder.path)/tune.html"
        _ = try ModelTuner.run(request) { _, _ in }
        let page = try String(contentsOfFile: "\(folder.path)/tune.html", encoding: .utf8)
        #expect(page.contains("Which parameters mattered") && page.contains("smoothing"))
        var measured = SequenceTask.Request(data: "\(folder.path)/data.txt", run: "\(folder.path)/run")
        measured.trials = request.log
        let result = try SequenceTask.evaluate(measured) { _, _ in }
        #expect(result.contains("\"users\":60"))
        request.method = .random
        #expect(throws: LearningError.self) { try ModelTuner.run(request) { _, _ in } }
    }

    @Test func `models side by side make one page`() throws {
        let folder = try TemporaryFolder()
        try Self.write(to: "\(folder.path)/data.txt")
        let result = try ModelBench.compare(
            .sequences("\(folder.path)/data.txt", exchangeSeed: 1), models: ["pctm", "rules", "als"],
            report: "\(folder.path)/page.html"
        ) { _, _ in }
        #expect(result.contains("\"pctm\":") && result.contains("\"als\":"))
        let page = try String(contentsOfFile: "\(folder.path)/page.html", encoding: .utf8)
        for word in ["p after Holm", "Training, s", "What hangs on order", "Coverage"] { #expect(page.contains(word)) }
        #expect(!page.contains("<script") && !page.contains("http://") && !page.contains("https://"))
        for wrong in [["pctm"], ["pctm", "pctm"], ["pctm", "oracle"]] {
            #expect(throws: LearningError.self) {
                try ModelBench.compare(
                    .sequences("\(folder.path)/data.txt", exchangeSeed: nil), models: wrong,
                    report: "\(folder.path)/x"
                ) {
                    _, _ in
                }
            }
        }
    }
}
