public import Domain
import Evaluation
import Foundation
import JSON
import Recommenders

/// Sequence models side by side on one task: accuracy, time, memory and coverage.
public enum ModelBench {
    /// What one model came to.
    struct Entry {
        let name: String
        let result: SequenceEvaluation.Result
        /// On histories whose neighbouring items were exchanged; `nil` if that was not asked for.
        let exchanged: SequenceEvaluation.Result?
        let trainSeconds: Double
        /// Seconds for the list of one user, on two threads.
        let answerSeconds: Double
        /// How much the most resident memory of the process rose while it was trained and asked; 0 hides behind a larger one
        /// before.
        let memoryMegabytes: Double
        /// Part of the items that any list shows.
        let coverage: Double
        let gini: Double
    }

    /// Where the task comes from.
    public enum Source: Sendable {
        /// A file of sequences, leave one out.
        case file(String)
        /// A shop's purchases with a global time split.
        case shop(String, cut: Timestamp)
    }

    /// Trains and measures each model and writes the page.
    ///
    /// - Parameter exchangeSeed: Measures once more on histories with neighbouring items exchanged.
    /// - Returns: One line of JSON with figures by model.
    public static func compare(
        _ source: Source, models: [String], exchangeSeed: UInt64?, report: String, progress: (Int, Int) -> Void
    ) throws -> String {
        for name in models where !SequenceModels.names.contains(name) {
            throw LearningError(
                .unusable,
                "There is no sequence model '\(name)'. Models: \(SequenceModels.names.joined(separator: ", ")).")
        }
        guard models.count > 1, Set(models).count == models.count else {
            throw LearningError(.unusable, "Name at least two different models, or --all.")
        }
        let task: ComparisonTask
        switch source {
        case .file(let path): task = ComparisonTask(data: try SequenceEvaluation.readData(path: path), path: path)
        case .shop(let path, let cut): task = try Workbench(path: path).timeSplitTask(cut: cut, seed: 1)
        }
        var entries: [Entry] = []
        for name in models {
            progress(entries.count, models.count)
            entries.append(try measure(name, task.data, exchangeSeed: exchangeSeed))
        }
        progress(models.count, models.count)
        try ComparisonReport(task: task, entries: entries).html.write(to: report)
        let members = entries.map { JSONValue.Member($0.name, json($0)) }
        return JSONLine.text(
            .object([.init("users", .integer(Int64(task.data.users.count))), .init("models", .object(members))]))
    }

    private static func json(_ entry: Entry) -> JSONValue {
        var members = [
            JSONValue.Member("ndcg@10", .number(entry.result.ndcg)), .init("recall@10", .number(entry.result.recall)),
            .init("train_seconds", .number(entry.trainSeconds)),
            .init("answer_milliseconds", .number(1000 * entry.answerSeconds)),
            .init("memory_mb", .number(entry.memoryMegabytes)), .init("coverage", .number(entry.coverage)),
        ]
        if let exchanged = entry.exchanged { members.append(.init("exchanged_ndcg@10", .number(exchanged.ndcg))) }
        return .object(members)
    }

    private static func measure(
        _ name: String, _ data: SequenceEvaluation.Data, exchangeSeed: UInt64?
    ) throws -> Entry {
        let histories = data.users.indices.map { user in data.history(of: user).map { UInt32(bitPattern: $0) } }
        let before = residentPeak()
        let began = ContinuousClock.now
        guard let model = SequenceModels.train(name, on: histories, itemLimit: data.items.count) else {
            throw LearningError(.unusable, "The sequence model '\(name)' cannot be trained.")
        }
        let trained = ContinuousClock.now
        let lists = self.lists(model, histories, data)
        let answered = ContinuousClock.now
        let memory = residentPeak() - before
        var exchanged: SequenceEvaluation.Result?
        if let exchangeSeed {
            var others = histories
            SequenceTask.exchangeNeighbours(in: &others, seed: exchangeSeed)
            if let other = SequenceModels.train(name, on: others, itemLimit: data.items.count) {
                exchanged = SequenceEvaluation.score(self.lists(other, others, data), of: data)
            }
        }
        var shown = [Int](repeating: 0, count: data.items.count)
        for list in lists { for item in list { shown[Int(item)] += 1 } }
        return Entry(
            name: name, result: SequenceEvaluation.score(lists, of: data), exchanged: exchanged,
            trainSeconds: (trained - began).inSeconds,
            answerSeconds: (answered - trained).inSeconds / Double(max(1, histories.count)), memoryMegabytes: memory,
            coverage: Double(shown.count { $0 > 0 }) / Double(max(1, shown.count)), gini: gini(shown))
    }

    private static func lists(
        _ model: any SequenceModel, _ histories: [[UInt32]], _ data: SequenceEvaluation.Data
    ) -> [[Int32]] {
        SequenceModels.lists(
            of: model, after: histories, itemLimit: data.items.count, limit: SequenceEvaluation.cutoff
        ).map { $0.map { Int32(bitPattern: $0) } }
    }

    /// 0 if all items are shown equally often, near 1 if a few take all places.
    private static func gini(_ counts: [Int]) -> Double {
        let sorted = counts.sorted()
        let total = Double(sorted.reduce(0, +))
        guard total > 0 else { return 0 }
        let weighted = sorted.enumerated().reduce(0.0) { $0 + Double($1.offset + 1) * Double($1.element) }
        let count = Double(sorted.count)
        return (2 * weighted) / (count * total) - (count + 1) / count
    }

    /// Megabytes; zero where the system does not tell.
    private static func residentPeak() -> Double {
        // An absent file shows as zero.
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""  // See above.
        let line = status.split(separator: "\n").first { $0.hasPrefix("VmHWM:") } ?? ""
        return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1024
    }
}

/// What models are compared on.
struct ComparisonTask {
    let data: SequenceEvaluation.Data
    let title: String
    /// What the figures mean, and do not.
    let conclusion: String

    init(data: SequenceEvaluation.Data, title: String, conclusion: String) {
        (self.data, self.title, self.conclusion) = (data, title, conclusion)
    }

    init(data: SequenceEvaluation.Data, path: String) {
        self.init(
            data: data, title: "Next item of \(URL(filePath: path).lastPathComponent), leave one out",
            conclusion:
                "The last item of each user is predicted among all items. Other users' later items may be in the training "
                + "part, as in the published tables: read it beside a global time split.")
    }
}
