import Domain
import Evaluation
import Features
import Recommenders

/// Measures models on the first basket of each household at or after a cut, from what lies before it.
struct BasketBench: ComparisonBench {
    let shop: Workbench
    let cut: Timestamp

    func task() throws -> ComparedTask {
        let window = try shop.basketWindow(cut: cut, model: PopularityModel.name)
        let (set, users) = (window.set, window.users)
        let lines = try shop.basketLines(facts: set.facts)
        let checks = BasketChecks(
            set: set, lines: lines, truths: window.truths, cut: cut)
        return ComparedTask(
            known: users.map { set.log.basketCount(of: $0) }, knownText: "baskets before the cut",
            edges: [1, 10, 25, 50, 100], truths: window.wanted, counts: set.log.userCounts(itemLimit: set.itemLimit),
            path: set.facts.path,
            had: { set.log.range(of: users[$0]).suffix(WorstCases.names).reversed().map { Int(set.log.items[$0]) } },
            names: { items in
                let titles = try shop.titles(of: Set(items.map { ItemNumber(UInt32($0)) }))
                return Dictionary(uniqueKeysWithValues: titles.map { ($0.key.index, $0.value) })
            }, checks: try checks.list())
    }

    func measure(_ spec: ModelSpec, shares: [Double]) throws -> MeasuredModel {
        let window = try shop.basketWindow(cut: cut, model: spec.model)
        let (set, users) = (window.set, window.users)
        let train = { try BasketPredictor(model: spec.model, set: $0, parameters: spec.parameters) }
        return try MeasuredModel(
            spec.name, people: users.count, interactions: set.log.count, items: set.itemLimit,
            train: { try train(set) }, lists: { $0.lists(for: users, in: set, areNew: false) },
            figures: { try figures(of: $0, lists: $1, window) }, exchanged: { [] },
            places: { model in
                ComparedTask.sampled(of: users.count).map { place in
                    let long = model.scored(set.context(of: users[place]), limit: ListCurves.depth)
                    return .init(of: long.map { Int32(bitPattern: $0.item.rawValue) }, wanted: window.wanted[place])
                }
            },
            curve: { all, seconds in
                // A network was trained before, on everybody.
                guard !BasketPredictor.needsNetwork(spec.model), !shares.isEmpty else { return [] }
                let points = try LearningCurve.parts(of: set, shares: shares).map { share, part in
                    let began = ContinuousClock.now
                    let model = try train(part)
                    let trained = ContinuousClock.now
                    // Everybody's own history is known, whoever is learned from.
                    let lists = model.lists(for: users, in: set, areNew: false)
                    return LearningCurve.Point(
                        share: share, people: part.log.activeUsers,
                        values: try figures(of: model, lists: lists, window)[0].values,
                        trainSeconds: (trained - began).inSeconds)
                }
                return points + [
                    .init(share: 1, people: set.log.activeUsers, values: all.values, trainSeconds: seconds)
                ]
            })
    }

    private func figures(
        of model: BasketPredictor, lists: [[Int32]], _ window: BasketWindow
    ) throws -> [MeasuredModel.Figure] {
        let result = try BasketEvaluation.score(
            households: window.households, lists: lists,
            newLists: model.lists(for: window.users, in: window.set, areNew: true), truths: window.truths)
        return [
            .init(name: "NDCG@10", key: "ndcg@10", values: result.ndcgByHousehold),
            .init(name: "Recall@10", key: "recall@10", values: result.recallByHousehold),
            .init(name: "Recall@10, new", key: "recall_new@10", values: result.recallNewByHousehold),
        ]
    }
}
