import Evaluation
import Foundation
import JSON
import Recommenders

/// The next-item task on a file of sequences, which needs no shop.
public enum SequenceTask {
    /// The model that is measured unless another is named.
    public static let defaultModel = PCTMModel.name

    /// Writes ten items for each user from all but their last item, and scores them against it.
    ///
    /// - Returns: The result as one line of JSON.
    public static func evaluate(
        data path: String, model: String?, run: String, report: String?, progress: (Int, Int) -> Void
    ) throws -> String {
        let name = model ?? defaultModel
        guard name == PCTMModel.name || name == "hybrid" else {
            throw LearningError(.unusable, "There is no sequence model '\(name)'. Models: \(PCTMModel.name), hybrid.")
        }
        let data = try SequenceEvaluation.readData(path: path)
        progress(0, data.users.count)
        let histories = (0..<data.users.count).map { user in data.history(of: user).map { UInt32(bitPattern: $0) } }
        let model = PCTMModel.train(histories, itemLimit: data.items.count, parameters: .init())
        var lists: [[Int32]] = []
        for history in histories {
            lists.append(model.top(after: history, limit: 10).map { Int32(bitPattern: $0) })
            if lists.count % 500 == 0 { progress(lists.count, histories.count) }
        }
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
}
