import Domain
import Evaluation
import Features
import Recommenders
import Storage

extension Workbench {
    /// How many candidates of each household a report judges scores on.
    private static let judgedCandidates = 100

    /// A model with what it shows and what that came to.
    private struct Measured {
        let predictor: BasketPredictor
        let lists: BasketLists
        let result: BasketEvaluation.Result
        let cost: CostReport.Entry
    }

    /// What a report says beside the figures: it trains plainer models, and the model on parts of the people, and measures them on
    /// the same households.
    ///
    /// - Parameter training: Trains the model on another set.
    func basketDetails(
        _ outcome: BasketOutcome, training: (TrainingSet) throws -> BasketPredictor, checks: CheckList
    ) throws -> EvaluationReports.Details {
        let set = outcome.set
        let plain = try [PopularityModel.name, PersonalFrequencyModel.name].map { name in
            try measure(outcome, on: set) { try BasketPredictor(model: name, set: $0) }
        }
        let (scored, wanted) = (outcome.scored, outcome.wanted)
        let shown = scored.map { outcome.lists.any[$0].map(\.index) }
        let truths = wanted.map { Set($0.map { Int($0) }) }
        let bias = outcome.bias
        let users = scored.map { outcome.people[$0].number }
        let known = users.map { user in user.map { set.log.basketCount(of: $0) } ?? 0 }
        let others = plain.filter { $0.predictor.name != outcome.predictor.name }
        let own = CostReport.Entry(
            name: outcome.predictor.name, quality: outcome.result.ndcg, trainSeconds: outcome.trainSeconds,
            answerSeconds: outcome.answerSeconds)
        return EvaluationReports.Details(
            comparison: ModelComparison(
                name: outcome.predictor.name, measure: "NDCG@10", candidate: outcome.result.ndcgByHousehold,
                baselines: others.map { .init(name: $0.predictor.name, values: $0.result.ndcgByHousehold) },
                unit: "households"),
            checks: checks,
            lists: ListReport(
                lists: shown, truths: truths, plain: scored.map { Set(plain[0].lists.any[$0].map(\.index)) },
                itemCount: set.itemLimit, userCounts: bias.bias.counts, userTotal: set.log.activeUsers,
                path: set.facts.path),
            bias: bias,
            items: ItemSegmentReport(
                lists: shown, truths: truths, counts: bias.bias.counts, path: set.facts.path),
            worst: try worstBaskets(outcome, known: known),
            costs: CostReport(
                measure: "NDCG@10", caption: "Training on \(set.log.count) lines of \(set.log.activeUsers) people",
                entries: [own] + others.map(\.cost)),
            scores: scoreReport(
                of: outcome.predictor, plainer: others.map(\.predictor), users: users, wanted: wanted, set: set),
            segments: SegmentReport(
                measure: "NDCG@10", values: outcome.result.ndcgByHousehold, known: known,
                what: "baskets before the cut"),
            curve: try basketCurve(outcome, training: training))
    }

    private func measure(
        _ outcome: BasketOutcome, on set: TrainingSet, training: (TrainingSet) throws -> BasketPredictor
    ) throws -> Measured {
        let began = ContinuousClock.now
        let predictor = try training(set)
        let trained = ContinuousClock.now
        // Everybody's own history is known, whoever is learned from.
        let lists = predictBaskets(outcome.people, set: outcome.set, by: predictor) { _, _ in }
        let listed = ContinuousClock.now
        let result = try BasketEvaluation.score(
            households: lists.numbers, lists: lists.any.map { $0.map { Int32($0.rawValue) } },
            newLists: lists.new.map { $0.map { Int32($0.rawValue) } }, truths: outcome.truths)
        return Measured(
            predictor: predictor, lists: lists, result: result,
            cost: .init(
                name: predictor.name, quality: result.ndcg, trainSeconds: (trained - began).inSeconds,
                answerSeconds: (listed - trained).inSeconds / Double(max(1, 2 * outcome.people.count))))
    }

    /// The model learned from some of the people; all scored households are asked for.
    private func basketCurve(
        _ outcome: BasketOutcome, training: (TrainingSet) throws -> BasketPredictor
    ) throws -> LearningCurve {
        // A network was trained before, on everybody.
        let shares = BasketPredictor.needsNetwork(outcome.predictor.name) ? [] : LearningCurve.shares
        var points = try LearningCurve.parts(of: outcome.set, shares: shares).map { share, part in
            let measured = try measure(outcome, on: part, training: training)
            return LearningCurve.Point(
                share: share, people: part.log.activeUsers, values: measured.result.ndcgByHousehold,
                trainSeconds: measured.cost.trainSeconds)
        }
        points.append(
            .init(
                share: 1, people: outcome.set.log.activeUsers, values: outcome.result.ndcgByHousehold,
                trainSeconds: outcome.trainSeconds))
        return LearningCurve(measure: "NDCG@10", models: [(outcome.predictor.name, points)])
    }

    private func worstBaskets(_ outcome: BasketOutcome, known: [Int]) throws -> WorstCases {
        let (scored, log) = (outcome.scored, outcome.set.log)
        let worst = WorstCases.places(of: outcome.result.ndcgByHousehold, known: known)
        let rows = worst.map { rank -> (had: [ItemNumber], shown: [ItemNumber], wanted: [ItemNumber]) in
            let place = scored[rank]
            let had = outcome.people[place].number.map { log.range(of: $0).suffix(WorstCases.names) } ?? 0..<0
            let wanted = outcome.truths[outcome.lists.numbers[place]]?.items ?? []
            return (
                had.reversed().map { ItemNumber(log.items[$0]) }, outcome.lists.any[place],
                wanted.map { ItemNumber(UInt32(bitPattern: $0)) }
            )
        }
        let titles = try titles(of: Set(rows.flatMap { $0.had + $0.shown + $0.wanted }))
        func names(_ items: [ItemNumber]) -> [String] { items.compactMap { titles[$0] } }
        return WorstCases(
            measure: "NDCG@10",
            cases: zip(worst, rows).map { rank, row in
                .init(
                    known: "\(known[rank]) baskets", value: outcome.result.ndcgByHousehold[rank],
                    had: names(row.had), shown: names(row.shown), wanted: names(row.wanted))
            })
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

extension Workbench {
    /// What items are called; of each, `withdrawn` if the catalogue holds it no more.
    func titles(of items: Set<ItemNumber>) throws -> [ItemNumber: String] {
        var titles = Dictionary(uniqueKeysWithValues: items.map { ($0, "withdrawn") })
        for item in try store.items(Array(items)) { titles[item.number] = item.item.title }
        return titles
    }
}

extension ItemFacts {
    /// The path of an item's type; empty where none is known.
    func path(_ item: Int) -> [String] { type(ItemNumber(UInt32(item))).map { typePaths[Int($0)] } ?? [] }
}
