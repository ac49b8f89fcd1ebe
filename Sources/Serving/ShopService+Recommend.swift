public import Domain
import Features
public import Recommenders
public import Storage
import Synchronization

/// What a page tells when it asks for a shelf; identifiers are the shop's own.
public struct RecommendCall: Sendable {
    public var scenario: Scenario
    public var user: String?
    public var session: String?
    public var item: ItemID?
    public var basket: [ItemID] = []
    public var limit = 12
    public var priceList = PriceListName.everybody
    public init(scenario: Scenario) { self.scenario = scenario }
}

extension ShopService {
    /// How many of a person's newest events models see.
    static let historyLimit = 6000

    /// Fills one shelf; throws `notPublished` before the first models, `unknownItem` for an unknown page item.
    public func recommend(_ call: RecommendCall) throws -> RecommendAnswer {
        let snapshot = try snapshot(call.priceList)
        guard let backend = snapshot.backends.recommendation else {
            throw ServingError(.notPublished, "No models are published yet: run `souk train` and `souk publish`.")
        }
        var query = RecommendationQuery(scenario: call.scenario, now: now())
        query.limit = call.limit
        if let user = call.user {
            let events = try history(of: pseudonym(user))
            query.history = interactions(events, before: query.now)
            query.user = events.last?.user
        }
        query.session = session(call.session, at: query.now)
        let numbers = try store.numbers(of: call.basket + (call.item.map { [$0] } ?? []))
        query.basket = call.basket.compactMap { numbers[$0] }
        if let item = call.item {
            guard let number = numbers[item] else { throw unknown() }
            query.anchor = number
        }
        var facts = snapshot.facts
        for number in try hiddenItems("", call.priceList) { facts.hide(number) }
        let hits = try backend.recommend(query, offers: snapshot.offers, facts: facts) { number in
            // A reason without the item's name is still a reason: the model's sentence does without.
            let found = try? self.storedItems([number])  // See above.
            return found?.first?.item.title
        }
        let items = Dictionary(
            try storedItems(hits.map(\.number)).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let entries = hits.compactMap { hit -> RecommendAnswer.Entry? in
            guard let item = items[hit.number], !item.isWithdrawn, !item.item.isExcluded,
                snapshot.offers.isSellable(hit.number)
            else { return nil }
            return RecommendAnswer.Entry(card: snapshot.card(item), hit: hit)
        }
        return RecommendAnswer(
            scenario: call.scenario, generation: snapshot.generation, impressionID: nextImpressionID(),
            entries: entries, currency: snapshot.offers.currency)
    }

    /// A person's newest events, oldest first, up to this moment.
    func history(of user: Pseudonym) throws -> [LoggedEvent] {
        if let known = histories.withLock({ $0.value(user) }) { return known }
        let events = try store.events(of: user, limit: Self.historyLimit)
        histories.withLock { $0.insert(events, for: user) }
        return events
    }
}
