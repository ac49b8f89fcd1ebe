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
    /// What goes with the last purchase and was never bought.
    case afterPurchase = "after_purchase"
    /// The best of a category's page for this person.
    case category
    /// What came into the shop lately, by this person's taste.
    case newArrivals = "new_arrivals"
    /// What sells at the shopper's branch.
    case nearYou = "near_you"
}

/// One item of an answer, with the part that each model has in its score.
public struct Recommendation: Hashable, Sendable {
    public struct Contribution: Hashable, Sendable {
        public var model: String
        /// What of the model's knowledge it is, such as a `RankerPart`; `nil` for all of it.
        public var part: String?
        public var value: Double

        public init(model: String, part: String? = nil, value: Double) {
            (self.model, self.part, self.value) = (model, part, value)
        }
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
    /// What stands in place of a model's name where the shop itself proposed an item, and where nothing but the
    /// catalogue was left.
    static let shopName = "shop"
    static let catalogueName = "catalogue"

    public init(models: RecommenderModels, facts: ItemFacts) { (self.models, self.facts) = (models, facts) }

    /// The best `limit` items for a scenario, best first.
    ///
    /// Hidden items and what lies in the basket are left out besides what `context.eligibility` says. A list that a model
    /// cannot fill goes on with the next: items of the same type, then what is popular, and where the caller narrowed the
    /// choice, whatever else fits. Settings of re-ranking put the list together from the best candidates. Only `buy_again`, `new_arrivals` and `near_you` answer fewer than fit.
    public func answer(_ scenario: Scenario, for context: RecommendationContext, limit: Int) -> [Recommendation] {
        let list =
            context.reranking.isOff || limit <= 0
            ? best(scenario, for: context, limit: limit)
            : reranked(
                best(scenario, for: context, limit: Reranker.poolSize(limit)), for: context, limit: limit)
        return context.explains ? explained(list, scenario, for: context) : list
    }

    /// By relevance alone.
    private func best(_ scenario: Scenario, for context: RecommendationContext, limit: Int) -> [Recommendation] {
        var context = context
        context.eligibility.excluded.formUnion(context.basket)
        if let anchor = context.anchor { context.eligibility.excluded.insert(anchor) }
        context.eligibility.excluded.formUnion(
            models.hybrid.notDue(context.history, now: context.now, fraction: context.rhythm))
        var list = AnswerList(limit: limit, facts: facts, mostOfBrand: context.mostOfBrand)
        switch scenario {
        case .home, .category: addHome(to: &list, context)
        case .buyAgain:
            let isRanked = models.hybrid.hasRanker && !context.history.isEmpty
            list.add(isRanked ? RankedBasketModel.name : PersonalFrequencyModel.name, context) { context, limit in
                let due = models.personal.candidates(for: context, limit: max(limit, RankedBasketModel.anyCandidates))
                return models.hybrid.ranked(due, for: context, limit: limit)
            }
            return list.items
        case .newForYou:
            var fresh = context
            fresh.eligibility.excluded.formUnion(context.history.map(\.item))
            addNetwork(to: &list, fresh) { $0.new($1, $2) }
            // Somebody unknown gets what is popular: `finish` adds it.
            if !context.history.isEmpty {
                list.add(RankedBasketModel.name, context) { models.hybrid.newItems(for: $0, limit: $1) }
            }
            context = fresh
        case .similar:
            context.basket = []
            if let anchor = context.anchor, !context.likeness.isEmpty {
                return finish(alike(anchor, context, &list), context)
            }
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
        case .afterPurchase: addAfterPurchase(to: &list, &context)
        case .newArrivals, .nearYou:
            addProposals(to: &list, context)
            return list.items
        }
        return finish(list, context)
    }

    /// Fills a list up with what is popular, and with what fits where the caller asks for less than all.
    private func finish(_ filled: AnswerList, _ context: RecommendationContext) -> [Recommendation] {
        var list = filled
        list.add(PopularityModel.name, context) { models.popularity.candidates(for: $0, limit: $1) }
        if context.isNarrow { list.add(Self.catalogueName, context, others) }
        guard let category = context.category.last else { return list.items }
        // What is popular in a category is so there, not in the whole shop.
        return list.items.map { found in
            var found = found
            if found.reason == .popular { found.reason = .popularIn(category) }
            return found
        }
    }

    /// What fits and nobody bought yet, in the order of the catalogue.
    private func others(_ context: RecommendationContext, limit: Int) -> [ScoredItem] {
        let reason = context.category.last.map { Reason.fromCategory($0) } ?? .fitsChoice
        var result: [ScoredItem] = []
        for number in 0..<UInt32(facts.numberLimit) where result.count < limit {
            guard context.eligibility.allows(ItemNumber(number)) else { continue }
            result.append(ScoredItem(item: ItemNumber(number), score: 0, reason: reason))
        }
        return result
    }

    /// What goes with the basket, or with the newest purchase where the caller names none; nothing that was ever bought.
    private func addAfterPurchase(to list: inout AnswerList, _ context: inout RecommendationContext) {
        context.anchor = nil
        if context.basket.isEmpty, let newest = context.history.last {
            context.basket = context.history.filter { $0.basket == newest.basket }.map(\.item)
        }
        context.eligibility.excluded.formUnion(context.basket)
        context.eligibility.excluded.formUnion(context.history.map(\.item))
        list.add(BoughtTogetherModel.name, context) { context, limit in
            models.together.candidates(for: context, limit: limit).map { found in
                guard case .oftenBoughtWith(let item) = found.reason else { return found }
                return ScoredItem(item: found.item, score: found.score, reason: .goesWith(item))
            }
        }
        list.add(RankedBasketModel.name, context) { models.hybrid.newItems(for: $0, limit: $1) }
    }

    /// The shop's own proposals: as they come for a stranger, else by the ranker; nothing that this person had.
    private func addProposals(to list: inout AnswerList, _ context: RecommendationContext) {
        var context = context
        context.eligibility.excluded.formUnion(context.history.map(\.item))
        addNetwork(to: &list, context, mayPropose: false) { blend, context, _ in
            let fitting = context.proposals.filter { context.eligibility.allows($0.item) }
            return blend.hybrid.ranked(fitting, for: context, limit: fitting.count)
        }
        let isRanked = models.hybrid.hasRanker && !context.history.isEmpty
        list.add(isRanked ? RankedBasketModel.name : Self.shopName, context) { context, limit in
            let fitting = context.proposals.filter { context.eligibility.allows($0.item) }
            return models.hybrid.ranked(fitting, for: context, limit: limit)
        }
    }

    /// What the shop's networks say, alone or with the ranker, where the caller gives them a weight.
    ///
    /// - Parameter mayPropose: Whether the network of histories chooses among all items if it stands alone; else it orders what `pool`
    ///   gives.
    /// - Parameter pool: The hybrid's candidates.
    private func addNetwork(
        to list: inout AnswerList, _ context: RecommendationContext, mayPropose: Bool = true,
        _ pool: (NetworkBlend, RecommendationContext, Int) -> [ScoredItem]
    ) {
        if mayPropose, context.networkWeights.sequence >= 1, let network = models.sequence {
            return list.add(SequenceRecommender.name, context) { network.candidates(for: $0, limit: $1) }
        }
        let blend = NetworkBlend(
            hybrid: models.hybrid, sequence: models.sequence, purchase: models.purchase,
            weights: context.networkWeights)
        guard !blend.parts.isEmpty else { return }
        var shares: [ItemNumber: [Recommendation.Contribution]] = [:]
        list.add(NetworkBlend.name, context) { context, limit in
            let found = blend.scored(pool(blend, context, limit), for: context, limit: limit)
            for each in found {
                shares[each.item.item] =
                    each.networks.map { .init(model: $0.name, value: $0.value) }
                    + [.init(model: RankedBasketModel.name, value: each.hybrid)]
            }
            return found.map(\.item)
        }
        list.explain(shares)
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
        if context.history.isEmpty, !context.tastes.isEmpty {
            let newcomers = NewcomerModel(models.popularity, facts: facts)
            list.add(NewcomerModel.name, recent) { newcomers.candidates(for: $0, tastes: context.tastes, limit: $1) }
        }
        addNetwork(to: &list, recent) { $0.any($1, $2) }
        // Somebody unknown gets what is popular: `finish` adds it.
        guard !context.history.isEmpty else { return }
        list.add(RankedBasketModel.name, recent) { models.hybrid.candidates(for: $0, limit: $1) }
    }

    /// What is like an item by purchases, texts and pictures, with what each part said.
    private func alike(
        _ anchor: ItemNumber, _ context: RecommendationContext, _ list: inout AnswerList
    ) -> AnswerList {
        let similar = SimilarItems(
            behaviour: models.neighbours.table, parts: context.likeness, itemLimit: facts.numberLimit)
        var shares: [ItemNumber: [Recommendation.Contribution]] = [:]
        list.add(SimilarItems.name, context) { context, limit in
            let found = similar.candidates(for: anchor, limit: max(limit, 40)) { context.eligibility.allows($0) }
            for candidate in found {
                shares[candidate.item] = candidate.shares.map { .init(model: $0.part, value: $0.value) }
            }
            let scored = found.map { ScoredItem(item: $0.item, score: $0.score, reason: .similarTo(anchor)) }
            return sameKind(scored, context, limit)
        }
        list.explain(shares)
        return list
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
    /// A brand that is full makes room for others in the next round, which asks for twice as many.
    private static let rounds = 8
    let limit: Int
    private let facts: ItemFacts
    private let mostOfBrand: Int?
    private var brands: ItemGroups?
    private var brandCounts: [UInt32: Int] = [:]
    private(set) var items: [Recommendation] = []

    init(limit: Int, facts: ItemFacts, mostOfBrand: Int?) {
        (self.limit, self.facts, self.mostOfBrand) = (max(0, limit), facts, mostOfBrand)
        guard mostOfBrand != nil else { return }
        brands = ItemGroups(
            facts.brands, isOpen: Array(repeating: true, count: facts.brandNames.count), allowsUnknown: true)
    }

    mutating func add(
        _ model: String, _ context: RecommendationContext, atMost: Int = .max,
        _ answer: (RecommendationContext, Int) -> [ScoredItem]
    ) {
        let end = min(limit, items.count + min(limit, atMost))
        guard items.count < end else { return }
        var context = context
        context.eligibility.excluded.formUnion(items.map(\.item))
        var asked = (end - items.count) * 2 + 20
        for _ in 0..<Self.rounds {
            context.eligibility.brands = brands
            let found = answer(context, asked)
            let passedOver = take(found, model, to: end, &context.eligibility)
            guard items.count < end, passedOver, found.count >= asked else { return }
            asked *= 2
        }
    }

    /// Replaces what a list says of items by what their parts say.
    mutating func explain(_ contributions: [ItemNumber: [Recommendation.Contribution]]) {
        for place in items.indices {
            items[place].contributions = contributions[items[place].item] ?? items[place].contributions
        }
    }

    /// - Returns: Whether an item found no place because its brand had enough.
    private mutating func take(
        _ found: [ScoredItem], _ model: String, to end: Int, _ eligibility: inout Eligibility
    ) -> Bool {
        var passedOver = false
        for scored in found where items.count < end {
            guard !facts.hidden.contains(scored.item), !eligibility.excluded.contains(scored.item) else { continue }
            guard brands?.allows(scored.item) ?? true else {
                passedOver = true
                continue
            }
            eligibility.excluded.insert(scored.item)
            items.append(
                Recommendation(
                    item: scored.item, score: scored.score, reason: scored.reason,
                    contributions: [.init(model: model, value: scored.score)]))
            count(scored.item)
        }
        return passedOver
    }

    private mutating func count(_ item: ItemNumber) {
        guard let mostOfBrand, let brand = facts.brand(item) else { return }
        brandCounts[brand, default: 0] += 1
        if brandCounts[brand, default: 0] >= mostOfBrand { brands?.close(brand) }
    }
}
