import Domain
import Evaluation
import Features
import Recommenders

extension Workbench {
    /// How many candidates of each household a report judges scores on.
    private static let judgedCandidates = 100

    /// What a report says beside the figures: it trains the plainest models and measures them on the same households.
    func basketDetails(
        _ lists: BasketLists, _ people: [Person], set: TrainingSet, predictor: BasketPredictor,
        truths: [Int32: BasketEvaluation.Truth], result: BasketEvaluation.Result
    ) throws -> EvaluationReports.Details {
        let plain = try [PopularityModel.name, PersonalFrequencyModel.name].map {
            try BasketPredictor(model: $0, set: set)
        }
        let scored = lists.numbers.indices.filter { truths[lists.numbers[$0]] != nil }
        let wanted = scored.map { Set(truths[lists.numbers[$0]]?.items ?? []) }
        var baselines: [ModelComparison.Baseline] = []
        var popular: [[ItemNumber]] = []
        for model in plain {
            let answers = predictBaskets(people, set: set, by: model) { _, _ in }
            if model.name == PopularityModel.name { popular = answers.any }
            let figures = try BasketEvaluation.score(
                households: answers.numbers, lists: answers.any.map { $0.map { Int32($0.rawValue) } },
                newLists: answers.new.map { $0.map { Int32($0.rawValue) } }, truths: truths)
            baselines.append(.init(name: model.name, values: figures.ndcgByHousehold))
        }
        let facts = set.facts
        let report = ListReport(
            lists: scored.map { lists.any[$0].map(\.index) }, truths: wanted.map { Set($0.map { Int($0) }) },
            plain: scored.map { Set(popular[$0].map(\.index)) }, itemCount: set.itemLimit,
            userCounts: set.log.userCounts(itemLimit: set.itemLimit), userTotal: set.log.activeUsers,
            path: { item in
                guard item < facts.types.count, facts.types[item] != ItemFacts.unknown else { return [] }
                return facts.typePaths[Int(facts.types[item])]
            })
        let users = scored.map { people[$0].number }
        return EvaluationReports.Details(
            lists: report,
            comparison: ModelComparison(measure: "NDCG@10", candidate: result.ndcgByHousehold, baselines: baselines),
            scores: scoreReport(of: predictor, plainer: plain, users: users, wanted: wanted, set: set),
            segments: SegmentReport(
                measure: "NDCG@10", values: result.ndcgByHousehold,
                baskets: users.map { user in user.map { set.log.basketCount(of: $0) } ?? 0 }))
    }

    /// Scores of a model's candidates, by itself and by plainer models; what those do not score stands below all else.
    private func scoreReport(
        of predictor: BasketPredictor, plainer: [BasketPredictor], users: [UserNumber?], wanted: [Set<Int32>],
        set: TrainingSet
    ) -> ScoreReport {
        var (scores, labels): ([Double], [Bool]) = ([], [])
        var others = plainer.map { _ in [Double]() }
        var ranges: [Range<Int>] = []
        for (user, truth) in zip(users, wanted) {
            let context = set.context(of: user)
            let candidates = predictor.scored(context, limit: Self.judgedCandidates)
            scores += candidates.map(\.score)
            labels += candidates.map { truth.contains(Int32($0.item.rawValue)) }
            for (place, model) in plainer.enumerated() {
                let known = Dictionary(
                    model.scored(context, limit: set.itemLimit).map { ($0.item, $0.score) },
                    uniquingKeysWith: { first, _ in first })
                others[place] += candidates.map { known[$0.item] ?? -.infinity }
            }
            ranges.append(labels.count - candidates.count..<labels.count)
        }
        return ScoreReport(
            model: .init(name: predictor.name, scores: scores, isChance: predictor.scoresAreChances),
            plainer: zip(plainer, others).filter { $0.0.name != predictor.name }
                .map { .init(name: $0.name, scores: $1, isChance: false) },
            labels: labels, users: ranges, wanted: wanted.reduce(0) { $0 + $1.count })
    }
}
