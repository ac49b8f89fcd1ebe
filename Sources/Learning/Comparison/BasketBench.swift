import Domain
import Evaluation
import Features
import Recommenders

/// Measures models on the first basket of each household at or after a cut, from what lies before it.
struct BasketBench {
    let shop: Workbench
    let cut: Timestamp

    func measure(_ spec: ModelSpec) throws -> MeasuredModel {
        let window = try shop.basketWindow(cut: cut, model: spec.model)
        let users = window.users
        return try MeasuredModel(
            spec.name, people: users.count, interactions: window.set.log.count, items: window.set.itemLimit,
            train: { try BasketPredictor(model: spec.model, set: window.set, parameters: spec.parameters) },
            lists: { $0.lists(for: users, in: window.set, areNew: false) },
            figures: { model, lists in
                let result = try BasketEvaluation.score(
                    households: window.households, lists: lists,
                    newLists: model.lists(for: users, in: window.set, areNew: true), truths: window.truths)
                return [
                    .init(name: "NDCG@10", key: "ndcg@10", values: result.ndcgByHousehold),
                    .init(name: "Recall@10", key: "recall@10", values: result.recallByHousehold),
                    .init(name: "Recall@10, new", key: "recall_new@10", values: result.recallNewByHousehold),
                ]
            })
    }
}
