import Evaluation
import Recommenders

/// Measures models of sequences on the item that each user's history lacks.
struct SequenceBench {
    let data: SequenceEvaluation.Data
    /// Measures once more on histories with neighbouring items exchanged.
    let exchangeSeed: UInt64?

    func measure(_ spec: ModelSpec) throws -> MeasuredModel {
        let histories = data.users.indices.map { user in data.history(of: user).map { UInt32(bitPattern: $0) } }
        return try MeasuredModel(
            spec.name, people: histories.count, interactions: data.history.count, items: data.items.count,
            train: { try train(spec.model, histories) }, lists: { lists($0, histories) },
            figures: { _, lists in figures(lists) },
            exchanged: {
                guard let exchangeSeed else { return [] }
                var others = histories
                SequenceTask.exchangeNeighbours(in: &others, seed: exchangeSeed)
                return figures(lists(try train(spec.model, others), others))
            })
    }

    private func train(_ name: String, _ histories: [[UInt32]]) throws -> any SequenceModel {
        guard let model = SequenceModels.train(name, on: histories, itemLimit: data.items.count) else {
            throw LearningError(.unusable, "The sequence model '\(name)' cannot be trained.")
        }
        return model
    }

    private func lists(_ model: any SequenceModel, _ histories: [[UInt32]]) -> [[Int32]] {
        SequenceModels.lists(
            of: model, after: histories, itemLimit: data.items.count, limit: SequenceEvaluation.cutoff
        ).map { $0.map { Int32(bitPattern: $0) } }
    }

    private func figures(_ lists: [[Int32]]) -> [MeasuredModel.Figure] {
        let result = SequenceEvaluation.score(lists, of: data)
        return [
            .init(name: "NDCG@10", key: "ndcg@10", values: result.ndcgByUser),
            .init(name: "Recall@10", key: "recall@10", values: result.recallByUser),
            .init(name: "MRR@10", key: "mrr@10", values: result.reciprocalRankByUser),
        ]
    }
}
