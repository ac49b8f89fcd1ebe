import Evaluation
import Foundation
import JSON
import Numerics
import Recommenders

/// The next-item task on a file of sequences, which needs no shop.
public enum SequenceTask {
    /// The model that is measured unless another is named.
    public static let defaultModel = SequenceHybrid.name

    /// Writes ten items for each user from all but their last item, and scores them against it.
    ///
    /// - Parameter trials: A search's log: its best trial gives model and parameters.
    /// - Parameter shuffleSeed: Exchanges neighbouring items within each history first: what a model still knows then does
    ///   not hang on the order of items of one day.
    /// - Returns: The result as one line of JSON.
    public static func evaluate(
        data path: String, model: String?, run: String, report: String?, trials: String? = nil,
        shuffleSeed: UInt64? = nil,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let tuned = try trials.map { try ModelTuner.trainer(log: $0) }
        if let tuned, let model, model != tuned.name {
            throw LearningError(.unusable, "The trials are of '\(tuned.name)', not of '\(model)'.")
        }
        let name = tuned?.name ?? model ?? defaultModel
        guard SequenceModels.names.contains(name) else {
            throw LearningError(
                .unusable,
                "There is no sequence model '\(name)'. Models: \(SequenceModels.names.joined(separator: ", ")).")
        }
        let data = try SequenceEvaluation.readData(path: path)
        progress(0, data.users.count)
        var histories = (0..<data.users.count).map { user in data.history(of: user).map { UInt32(bitPattern: $0) } }
        if let shuffleSeed { exchangeNeighbours(in: &histories, seed: shuffleSeed) }
        guard
            let model = tuned.map({ $0.train(histories, data.items.count) })
                ?? SequenceModels.train(name, on: histories, itemLimit: data.items.count)
        else {
            throw LearningError(.unusable, "The sequence model '\(name)' cannot be trained.")
        }
        let lists = SequenceModels.lists(of: model, after: histories, itemLimit: data.items.count, limit: 10)
            .map { $0.map { Int32(bitPattern: $0) } }
        progress(data.users.count, data.users.count)
        try SequenceEvaluation.writeRun(lists, of: data, to: run)
        let result = SequenceEvaluation.score(lists, of: data)
        if let report {
            let details = details(lists, data: data, result: result)
            try EvaluationReports.sequences(result, data: path, model: name, details: details).write(to: report)
        }
        return JSONLine.text(result.json)
    }

    /// What a report says beside the figures, with popularity as the plainer model.
    private static func details(
        _ lists: [[Int32]], data: SequenceEvaluation.Data, result: SequenceEvaluation.Result
    ) -> EvaluationReports.Details {
        var userCounts = Array(repeating: 0, count: data.items.count)
        for user in data.users.indices { for item in Set(data.history(of: user)) { userCounts[Int(item)] += 1 } }
        let ranking = userCounts.indices.sorted { (userCounts[$1], $0) < (userCounts[$0], $1) }.map { Int32($0) }
        let popular = data.users.indices.map { user in
            let seen = Set(data.history(of: user))
            return Array(ranking.lazy.filter { !seen.contains($0) }.prefix(10))
        }
        let scored = SequenceEvaluation.score(popular, of: data)
        return EvaluationReports.Details(
            lists: ListReport(
                lists: lists.map { $0.map { Int($0) } }, truths: data.targets.map { [Int($0)] },
                plain: popular.map { Set($0.map { Int($0) }) }, itemCount: data.items.count, userCounts: userCounts,
                userTotal: data.users.count, path: { _ in [] }),
            comparison: ModelComparison(
                measure: "NDCG@10", candidate: result.ndcgByUser,
                baselines: [.init(name: "popularity", values: scored.ndcgByUser)]))
    }

    /// Each item changes places with the next with probability one half, unless it has just been moved.
    static func exchangeNeighbours(in histories: inout [[UInt32]], seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        for user in histories.indices {
            var place = 0
            while place + 1 < histories[user].count {
                let isExchanged = random.unit() < 0.5
                if isExchanged { histories[user].swapAt(place, place + 1) }
                place += isExchanged ? 2 : 1
            }
        }
    }
}
