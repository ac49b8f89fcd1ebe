public import Domain
public import Features

/// Where a shop shows recommendations.
public enum Scenario: String, Sendable, CaseIterable {
    case home
    case buyAgain = "buy_again"
    case newForYou = "new_for_you"
    case similar
    case boughtTogether = "bought_together"
    case completeBasket = "complete_basket"
}

/// One item of an answer, with the part that each model has in its score.
public struct Recommendation: Hashable, Sendable {
    public struct Contribution: Hashable, Sendable {
        public var model: String
        public var value: Double
    }

    public var item: ItemNumber
    public var score: Double
    public var reason: Reason
    /// Sums to `score`.
    public var contributions: [Contribution]
}

/// Answers scenarios from trained models and the history up to now; never from what the shop cannot sell.
public struct Recommendations: Sendable {
    public let models: RecommenderModels
    public let facts: ItemFacts

    public init(models: RecommenderModels, facts: ItemFacts) { (self.models, self.facts) = (models, facts) }

    /// The best `limit` items for a scenario, best first; only `buy_again` answers fewer for want of history.
    ///
    /// Hidden items and what lies in the basket are left out besides what `context.eligibility` says. A list that a model
    /// cannot fill goes on with the next: items of the same type, then what is popular.
    public func answer(_ scenario: Scenario, for context: RecommendationContext, limit: Int) -> [Recommendation] {
        var context = context
        context.eligibility.excluded.formUnion(context.basket)
        if let anchor = context.anchor { context.eligibility.excluded.insert(anchor) }
        var list = AnswerList(limit: limit, hidden: facts.hidden)
        switch scenario {
        case .home: addHome(to: &list, context)
        case .buyAgain:
            list.add(PersonalFrequencyModel.name, context) { context, limit in
                let due = models.personal.candidates(for: context, limit: max(limit, RankedBasketModel.anyCandidates))
                return models.hybrid.ranked(due, for: context, limit: limit)
            }
        case .newForYou:
            list.add(RankedBasketModel.name, context) { models.hybrid.newItems(for: $0, limit: $1) }
            let owned = Set(context.history.map(\.item))
            context.eligibility.excluded.formUnion(owned)
        case .similar:
            context.basket = []
            list.add(ItemNeighbourModel.name, context) { context, limit in
                sameKind(models.neighbours.candidates(for: context, limit: 40), context, limit)
            }
        case .boughtTogether:
            context.basket = []
            list.add(BoughtTogetherModel.name, context) { models.together.candidates(for: $0, limit: $1) }
            list.add(ItemNeighbourModel.name, context) { models.neighbours.candidates(for: $0, limit: $1) }
        case .completeBasket:
            list.add(BoughtTogetherModel.name, context) { models.together.candidates(for: $0, limit: $1) }
            addHome(to: &list, context)
        }
        if scenario != .buyAgain {
            list.add(PopularityModel.name, context) { models.popularity.candidates(for: $0, limit: $1) }
        }
        return list.items
    }

    private func addHome(to list: inout AnswerList, _ context: RecommendationContext) {
        var recent = context
        recent.anchor = nil
        if !context.session.isEmpty, list.items.isEmpty {
            // A quarter of the page follows what the shopper looks at right now.
            let share = max(1, list.limit / 4)
            list.add(ItemNeighbourModel.name, recent, atMost: share) {
                models.neighbours.candidates(for: $0, limit: $1)
            }
        }
        list.add(RankedBasketModel.name, recent) { models.hybrid.candidates(for: $0, limit: $1) }
    }

    /// Neighbours of the anchor's type first, then the type's popular items, then other neighbours.
    private func sameKind(_ neighbours: [ScoredItem], _ context: RecommendationContext, _ limit: Int) -> [ScoredItem] {
        guard let anchor = context.anchor, let type = facts.type(anchor) else { return Array(neighbours.prefix(limit)) }
        var result = neighbours.filter { facts.type($0.item) == type }
        var present = Set(result.map(\.item))
        func append(_ items: some Sequence<UInt32>, where fits: (ItemNumber) -> Bool) {
            for item in items {
                guard result.count < limit else { return }
                let number = ItemNumber(item)
                guard fits(number), context.eligibility.allows(number), present.insert(number).inserted else {
                    continue
                }
                result.append(ScoredItem(item: number, score: 0, reason: .similarTo(anchor)))
            }
        }
        append(models.popularity.ranking) { facts.type($0) == type }
        append(neighbours.map(\.item.rawValue)) { _ in true }
        if let category = facts.category(anchor) {
            append(models.popularity.ranking) { facts.category($0) == category }
        }
        return Array(result.prefix(limit))
    }
}

/// Joins the answers of several models into one list without repetition, earlier models first.
private struct AnswerList {
    let limit: Int
    let hidden: ItemMask
    private(set) var items: [Recommendation] = []

    init(limit: Int, hidden: ItemMask) { (self.limit, self.hidden) = (max(0, limit), hidden) }

    mutating func add(
        _ model: String, _ context: RecommendationContext, atMost: Int = .max,
        _ answer: (RecommendationContext, Int) -> [ScoredItem]
    ) {
        let wanted = min(limit - items.count, atMost)
        guard wanted > 0 else { return }
        var context = context
        context.eligibility.excluded.formUnion(items.map(\.item))
        for scored in answer(context, wanted * 2 + 20) where items.count < limit {
            guard !hidden.contains(scored.item), !context.eligibility.excluded.contains(scored.item) else { continue }
            context.eligibility.excluded.insert(scored.item)
            items.append(
                Recommendation(
                    item: scored.item, score: scored.score, reason: scored.reason,
                    contributions: [.init(model: model, value: scored.score)]))
            if items.count >= limit || context.eligibility.excluded.isEmpty { return }
        }
    }
}
