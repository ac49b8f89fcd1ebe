import Domain
import Features
import Numerics
import Recommenders
import Storage
import Synchronization

/// What shoppers saw of items, and what new ones may cost.
struct ExplorationState: Sendable {
    var seen: [ItemNumber: Exposure] = [:]
    var budget: ExplorationBudget
    /// Estimated from `seen` when `seen` was read; renewed as it grows.
    var priors = ClickPriors.none
    var random: SeededGenerator
    /// Impressions when the priors were estimated.
    var estimatedAt = 0
    var impressions = 0

    /// Whether the priors are older than a tenth of the impressions.
    var isStale: Bool { impressions > estimatedAt + max(1000, estimatedAt / 10) }
}

extension ShopService {
    /// Shelves that new items may enter.
    private static let exploredScenarios: Set<Scenario> = [.home, .newForYou]
    /// Lists whose places the budget is counted by: all shelves but that of new items, which is no exploration.
    private static let budgetLists = Set(
        Scenario.allCases.filter { $0 != .newArrivals }.map(\.rawValue))

    /// Gives places of a shelf to new items, as far as the shop's `exploration` and what was spent of it allow.
    func explored(
        _ hits: [RecommendedHit], _ call: RecommendCall, _ query: RecommendationQuery, offers: OfferColumns,
        facts: ItemFacts
    ) throws -> [RecommendedHit] {
        let places = Exploration.places(in: hits.count).count
        guard config.exploration > 0, places > 0, Self.exploredScenarios.contains(call.scenario),
            call.conditions == ShelfConditions()
        else { return hits }
        let now = query.now
        let shown = Set(hits.map(\.number)).union(query.excluded).union(query.basket).union(query.history.map(\.item))
        let arrivals = try withShelfCounts {
            $0.arrivals.proposals(at: now) { number in
                offers.isSellable(number) && !facts.hidden.contains(number) && !shown.contains(number)
            }
        }
        guard !arrivals.isEmpty else { return hits }
        let kinds = try kinds(of: arrivals.map(\.item), offers, facts)
        let clock = clock()
        try renewExploration(offers, facts)
        let choices = exploration.withLock { state -> [Exploration.Choice] in
            guard var own = state else { return [] }
            defer { state = own }
            let room = own.budget.room(places: hits.count, at: clock)
            let candidates = zip(arrivals, kinds).map { arrival, kind in
                (item: arrival.item, kind: kind, seen: own.seen[arrival.item] ?? Exposure())
            }
            let choices = Exploration.choose(
                candidates, priors: own.priors, places: min(room, places), &own.random)
            own.budget.promise(choices.count, at: clock)
            return choices
        }
        let reasons = Dictionary(
            arrivals.map { ($0.item, $0.reason) }, uniquingKeysWith: { first, _ in first })
        return Exploration.mix(
            choices.map { choice in
                let reason = reasons[choice.item] ?? .newArrival(days: 0)
                return RecommendedHit(
                    number: choice.item, score: choice.draw,
                    reason: reason.sentence(language: query.language, title: { _ in nil }),
                    contributions: [.init(model: "exploration", value: choice.draw)])
            }, into: hits)
    }

    /// Kinds of items for priors: category, and price beside the category's median.
    func kinds(
        of items: [ItemNumber], _ offers: OfferColumns, _ facts: ItemFacts
    ) throws -> [ClickPriors.Kind] {
        let medians = try categoryPrices(snapshot())
        return items.map { item in
            let category = facts.category(item)
            let median = category.flatMap { Int($0) < medians.count ? medians[Int($0)] : nil }
            return ClickPriors.Kind(
                category: category,
                level: ClickPriors.PriceLevel(price: offers.price(item)?.minorUnits, median: median))
        }
    }

    /// Reads what the log knows of impressions, if nobody did; estimates priors anew where they are old.
    func renewExploration(_ offers: OfferColumns, _ facts: ItemFacts) throws {
        let isReady = exploration.withLock { $0.map { !$0.isStale } ?? false }
        if isReady { return }
        try explorationReading.withLock { _ in
            var fresh: ExplorationState
            if let known = exploration.withLock({ $0 }) {
                guard known.isStale else { return }
                fresh = known
            } else {
                fresh = try readExploration()
            }
            let items = fresh.seen.keys.sorted()
            let kinds = try kinds(of: items, offers, facts)
            fresh.priors = ClickPriors(zip(items, kinds).map { (kind: $1, seen: fresh.seen[$0] ?? Exposure()) })
            fresh.estimatedAt = fresh.impressions
            let ready = fresh
            exploration.withLock { state in
                if state == nil {
                    state = ready
                } else {
                    state?.priors = ready.priors
                    state?.estimatedAt = ready.estimatedAt
                }
            }
        }
    }

    private func readExploration() throws -> ExplorationState {
        var state = ExplorationState(
            budget: ExplorationBudget(share: config.exploration),
            random: SeededGenerator(seed: UInt64.random(in: 0 ... .max)))
        let now = now()
        let new = Set(try withShelfCounts { $0.arrivals.proposals(at: now) { _ in true } }.map(\.item))
        try store.forEachExposure(of: [.viewItemList, .selectItem], includesSynthetic: config.isDemo) { row in
            let seen = row.name == .viewItemList ? row.count : 0
            let clicks = row.name == .selectItem ? row.count : 0
            state.seen[row.item, default: Exposure()].impressions += seen
            state.seen[row.item, default: Exposure()].clicks += clicks
            state.impressions += seen
            guard seen > 0, let list = row.list, Self.budgetLists.contains(list) else { return }
            state.budget.saw(
                places: seen, explored: new.contains(row.item) ? seen : 0,
                at: Timestamp(milliseconds: row.day * 86_400_000))
        }
        return state
    }

    /// Lets exploration know of what shoppers just saw and chose.
    func countForExploration(_ events: [Event]) throws {
        let relevant = events.filter {
            ($0.name == .viewItemList || $0.name == .selectItem) && (!$0.isSynthetic || config.isDemo)
        }
        guard !relevant.isEmpty, exploration.withLock({ $0 != nil }) else { return }
        let numbers = try store.numbers(of: relevant.flatMap { $0.items.map(\.item) })
        let now = now()
        let new = Set(try withShelfCounts { $0.arrivals.proposals(at: now) { _ in true } }.map(\.item))
        exploration.withLock { state in
            for event in relevant {
                let items = event.items.compactMap { numbers[$0.item] }
                for item in items {
                    if event.name == .viewItemList {
                        state?.seen[item, default: Exposure()].impressions += 1
                        state?.impressions += 1
                    } else {
                        state?.seen[item, default: Exposure()].clicks += 1
                    }
                }
                guard event.name == .viewItemList, let list = event.list, Self.budgetLists.contains(list) else {
                    continue
                }
                state?.budget.saw(places: items.count, explored: items.count { new.contains($0) }, at: event.time)
            }
        }
    }
}
