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
        if let report { try EvaluationReports.sequences(result, data: path, model: name).write(to: report) }
        return JSONLine.text(result.json)
    }
}
