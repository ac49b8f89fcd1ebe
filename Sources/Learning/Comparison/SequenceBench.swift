import Domain
import Evaluation
import Recommenders

/// Measures models of sequences on the item that each user's history lacks.
struct SequenceBench: ComparisonBench {
    let data: SequenceEvaluation.Data
    /// Measures once more on histories with neighbouring items exchanged.
    let exchangeSeed: UInt64?
    /// Where the items come from, whose names in the data are numbers then; `nil` for those of a file.
    var shop: Workbench?

    private var histories: [[UInt32]] {
        data.users.indices.map { user in data.history(of: user).map { UInt32(bitPattern: $0) } }
    }

    func task() throws -> ComparedTask {
        ComparedTask(
            known: data.users.indices.map { data.history(of: $0).count }, knownText: "items before the last",
            edges: [0, 3, 5, 10, 20, 50], truths: data.targets.map { [Int($0)] }, counts: data.userCounts,
            path: { _ in [] }, had: { data.history(of: $0).suffix(WorstCases.names).reversed().map { Int($0) } },
            names: names, checks: CheckList(SequenceChecks(data: data, histories: histories).common))
    }

    func measure(_ spec: ModelSpec, shares: [Double]) throws -> MeasuredModel {
        let histories = histories
        let sample = ComparedTask.sampled(of: histories.count)
        return try MeasuredModel(
            spec.name, people: histories.count, interactions: data.history.count, items: data.items.count,
            train: { try train(spec.model, histories) }, lists: { lists($0, histories) },
            figures: { _, lists in figures(lists) },
            exchanged: {
                guard let exchangeSeed else { return [] }
                var others = histories
                SequenceTask.exchangeNeighbours(in: &others, seed: exchangeSeed)
                return figures(lists(try train(spec.model, others), others))
            },
            places: { model in
                let long = lists(model, sample.map { histories[$0] }, limit: ListCurves.depth, known: histories)
                return zip(sample, long).map { .init(of: $1, wanted: [Int(data.targets[$0])]) }
            },
            curve: { all, seconds in
                let points = try LearningCurve.parts(of: histories, shares: shares).map { share, part in
                    let began = ContinuousClock.now
                    let model = try train(spec.model, part)
                    let trained = ContinuousClock.now
                    return LearningCurve.Point(
                        share: share, people: part.count, values: figures(lists(model, histories))[0].values,
                        trainSeconds: (trained - began).inSeconds)
                }
                guard !points.isEmpty else { return [] }
                return points + [.init(share: 1, people: histories.count, values: all.values, trainSeconds: seconds)]
            })
    }

    private func train(_ name: String, _ histories: [[UInt32]]) throws -> any SequenceModel {
        guard let model = SequenceModels.train(name, on: histories, itemLimit: data.items.count) else {
            throw LearningError(.unusable, "The sequence model '\(name)' cannot be trained.")
        }
        return model
    }

    private func lists(
        _ model: any SequenceModel, _ histories: [[UInt32]], limit: Int = SequenceEvaluation.cutoff,
        known: [[UInt32]]? = nil
    ) -> [[Int32]] {
        SequenceModels.lists(of: model, after: histories, itemLimit: data.items.count, limit: limit, known: known)
            .map { $0.map { Int32(bitPattern: $0) } }
    }

    private func figures(_ lists: [[Int32]]) -> [MeasuredModel.Figure] {
        let result = SequenceEvaluation.score(lists, of: data)
        return [
            .init(name: "NDCG@10", key: "ndcg@10", values: result.ndcgByUser),
            .init(name: "Recall@10", key: "recall@10", values: result.recallByUser),
            .init(name: "MRR@10", key: "mrr@10", values: result.reciprocalRankByUser),
        ]
    }

    private func names(_ items: Set<Int>) throws -> [Int: String] {
        var names: [Int: String] = [:]
        for item in items { names[item] = data.items[item] }
        guard let shop else { return names }
        let numbers = names.compactMapValues { UInt32($0).map { ItemNumber($0) } }
        let titles = try shop.titles(of: Set(numbers.values))
        return numbers.compactMapValues { titles[$0] }
    }
}
