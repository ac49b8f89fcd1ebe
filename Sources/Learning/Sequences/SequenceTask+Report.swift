import Evaluation
import Recommenders

extension SequenceTask {
    /// What a report says beside the figures, with popularity as the plainer model.
    struct Reporting {
        let name: String
        let data: SequenceEvaluation.Data
        let histories: [[UInt32]]
        let lists: [[Int32]]
        let result: SequenceEvaluation.Result
        let judgement: SequenceJudgement
        let checks: CheckList
        let bias: BiasReport
        /// Of training, and of one list.
        let seconds: (train: Double, list: Double)

        /// Trains on a part of the histories; `nil` for a network, which cannot be trained here.
        let train: (([[UInt32]]) throws -> any SequenceScorer)?

        func details() throws -> EvaluationReports.Details {
            let counts = bias.bias.counts
            let began = ContinuousClock.now
            let popular = popularLists(counts)
            let popularSeconds = (ContinuousClock.now - began).inSeconds / Double(max(1, data.users.count))
            let plain = SequenceEvaluation.score(popular, of: data)
            let truths = data.targets.map { Set([Int($0)]) }
            let shown = lists.map { $0.map { Int($0) } }
            return EvaluationReports.Details(
                comparison: ModelComparison(
                    name: name, measure: "NDCG@10", candidate: result.ndcgByUser,
                    baselines: [.init(name: "popularity", values: plain.ndcgByUser)]),
                checks: checks,
                lists: ListReport(
                    lists: shown, truths: truths, plain: popular.map { Set($0.map { Int($0) }) },
                    itemCount: data.items.count, userCounts: counts, userTotal: data.users.count, path: { _ in [] }),
                bias: bias, items: ItemSegmentReport(lists: shown, truths: truths, counts: counts, path: { _ in [] }),
                worst: worst(),
                costs: CostReport(
                    measure: "NDCG@10",
                    caption: "Training on \(data.history.count) items of \(data.users.count) users",
                    entries: [
                        .init(
                            name: name, quality: result.ndcg, trainSeconds: seconds.train,
                            answerSeconds: seconds.list),
                        .init(
                            name: "popularity", quality: plain.ndcg, trainSeconds: popularSeconds,
                            answerSeconds: popularSeconds),
                    ]),
                scores: judgement.scoreReport(model: name),
                segments: SegmentReport(
                    measure: "NDCG@10", values: result.ndcgByUser,
                    known: data.users.indices.map { data.history(of: $0).count }, what: "items before the last",
                    edges: [0, 3, 5, 10, 20, 50]),
                curve: try train.map { try curve(training: $0) })
        }

        private func popularLists(_ counts: [Int]) -> [[Int32]] {
            let ranking = counts.indices.sorted { (counts[$1], $0) < (counts[$0], $1) }.map { Int32($0) }
            return data.users.indices.map { user in
                let seen = Set(data.history(of: user))
                return Array(ranking.lazy.filter { !seen.contains($0) }.prefix(SequenceEvaluation.cutoff))
            }
        }

        /// All users are asked for; the model learns from some of them.
        private func curve(training: ([[UInt32]]) throws -> any SequenceScorer) throws -> LearningCurve {
            var points = try LearningCurve.parts(of: histories, shares: LearningCurve.shares).map { share, part in
                let began = ContinuousClock.now
                let model = try training(part)
                let trained = ContinuousClock.now
                let lists = SequenceModels.lists(
                    of: model, after: histories, itemLimit: data.items.count, limit: SequenceEvaluation.cutoff)
                let result = SequenceEvaluation.score(lists.map { $0.map { Int32(bitPattern: $0) } }, of: data)
                return LearningCurve.Point(
                    share: share, people: part.count, values: result.ndcgByUser,
                    trainSeconds: (trained - began).inSeconds)
            }
            points.append(
                .init(share: 1, people: histories.count, values: result.ndcgByUser, trainSeconds: seconds.train))
            return LearningCurve(measure: "NDCG@10", models: [(name, points)])
        }

        private func worst() -> WorstCases {
            let known = data.users.indices.map { data.history(of: $0).count }
            func names(_ items: some Sequence<Int32>) -> [String] { items.map { data.items[Int($0)] } }
            return WorstCases(
                measure: "NDCG@10",
                cases: WorstCases.places(of: result.ndcgByUser, known: known).map { user in
                    let target = data.targets[user]
                    return .init(
                        known: "\(known[user]) items", value: result.ndcgByUser[user],
                        had: names(data.history(of: user).reversed()), shown: names(lists[user]),
                        wanted: ["\(data.items[Int(target)]), had by \(bias.bias.counts[Int(target)])"])
                })
        }
    }
}
