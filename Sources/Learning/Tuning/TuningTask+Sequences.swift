import Evaluation
import Foundation
import JSON
import Recommenders

extension TuningTask {
    /// NDCG@10 of the item before each user's last one, from what came before it; last items are never read.
    init(sequences path: String, model: TunableSequenceModel) throws {
        let part = ValidationPart(try SequenceEvaluation.readData(path: path))
        guard !part.targets.isEmpty else {
            throw LearningError(.unusable, "\(path) holds no user with three items: nothing to validate on.")
        }
        let file = URL(filePath: path).lastPathComponent
        self.init(
            model: model.name, space: model.space, source: "the validation part of \(file)", measure: "NDCG@10",
            measureKey: "ndcg@10", windows: ["the item before the last"],
            protocolText: "Measured on the item before each user's last: the test item was never read.",
            identity: [.init("data", .string(file)), .init("users", .integer(Int64(part.targets.count)))],
            prepare: {
                let trainer = model.prepare(PurchaseSequences(part.histories, itemLimit: part.itemCount))
                return { values, _, share in part.score(trainer(values), share: share) }
            })
    }
}

extension ModelTuner {
    /// The model of a search's best trial, for training on more than the search saw.
    static func trainer(log path: String) throws -> (
        name: String, train: @Sendable ([[UInt32]], Int) -> any SequenceModel
    ) {
        let first = try String(contentsOfFile: path, encoding: .utf8).prefix { $0 != "\n" }
        guard let header = try? JSONValue(parsing: Array(first.utf8)),  // What is no JSON is no header.
            let name = header["model"]?.stringValue, header["data"] != nil
        else { throw LearningError(.unusable, "\(path) holds no trials of `souk tune --data`.") }
        let tunable = try SequenceTuning.model(name)
        let log = try TrialLog(
            path: path, header: String(first), parameterCount: tunable.space.parameters.count)
        guard let best = Trial.best(of: log.trials) else {
            throw LearningError(.unusable, "\(path) holds no trial on all users.")
        }
        return (
            name, { tunable.prepare(PurchaseSequences($0, itemLimit: $1))(best.values) }
        )
    }
}

/// Users' histories without their last two items, and the first of these as the target.
struct ValidationPart: Sendable {
    let histories: [[UInt32]]
    let targets: [Int32]
    let itemCount: Int

    /// Users with fewer than three items are left out.
    init(_ data: SequenceEvaluation.Data) {
        let users = data.users.indices.filter { data.history(of: $0).count >= 2 }
        histories = users.map { data.history(of: $0).dropLast().map { UInt32(bitPattern: $0) } }
        targets = users.compactMap { data.history(of: $0).last }
        itemCount = data.items.count
    }

    /// Mean NDCG@10 over every *n*-th user, with 1/n the share.
    func score(_ model: any SequenceModel, share: Double) -> Double {
        let step = max(1, Int((1 / share).rounded()))
        let asked = Array(stride(from: 0, to: histories.count, by: step))
        let lists = SequenceModels.lists(
            of: model, after: asked.map { histories[$0] }, itemLimit: itemCount, limit: SequenceEvaluation.cutoff,
            known: histories)
        let sum = zip(lists, asked).reduce(0.0) { sum, pair in
            let hits = pair.0.map { Int32(bitPattern: $0) == targets[pair.1] }
            return sum + (RankingMetrics.ndcg(hits: hits, relevantCount: 1, at: SequenceEvaluation.cutoff) ?? 0)
        }
        return sum / Double(max(1, asked.count))
    }
}
