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
    /// Items that the person counts as never having bought: what if?
    public var without: [ItemID] = []
    /// Single purchases that count as never made: what if?
    public var withoutPurchases: [PastPurchase] = []
    public var limit = 12
    /// Of the items' texts, where they have it.
    public var language: String?
    public var priceList = PriceListName.everybody
    public var conditions = ShelfConditions()
    /// Categories that somebody unknown chose, as `OnboardingAnswer.Taste.id` names them; unknown ones do not count.
    public var tastes: [String] = []
    /// How the list is put together; `nil` for the shop's own way.
    public var reranking: Reranking?
    /// What the shop's networks weigh beside the ranker; `nil` for the shop's own way.
    public var networkWeights: NetworkWeights?
    /// Whether contributions name the parts of a model's knowledge.
    public var explains = false
    public init(scenario: Scenario) { self.scenario = scenario }
}

extension ShopService {
    /// How many of a person's newest events models see.
    static let historyLimit = 6000

    /// Fills one shelf; throws `notPublished` before the first models, `unknownItem` for an unknown page item.
    public func recommend(_ call: RecommendCall) throws -> RecommendAnswer {
        let person = try call.user.map { raw in
            let pseudonym = try pseudonym(raw)
            return AskingPerson(pseudonym: pseudonym, known: try history(of: pseudonym))
        }
        return try recommend(call, person: person, at: now(), keeps: true)
    }

    /// Refuses a call that gives a weight to a network that is not published.
    private static func check(_ weights: NetworkWeights, _ backend: any RecommendationBackend) throws(ServingError) {
        let wanted = [
            (SequenceRecommender.name, weights.sequence, "sasrec"), (PurchaseScorer.name, weights.purchase, "purchase"),
        ]
        for (name, weight, trainer) in wanted where weight > 0 && !backend.networks.contains(name) {
            throw ServingError(
                .notPublished,
                "No network `\(name)` is published: run `souk-train \(trainer) --shop DIR`, `souk train` and `souk publish`."
            )
        }
    }

    /// - Parameter keeps: Whether the answer may be one that was kept, or be kept.
    func recommend(
        _ call: RecommendCall, person: AskingPerson?, at moment: Timestamp, keeps: Bool
    ) throws -> RecommendAnswer {
        let conditions = call.conditions
        try check(call)
        var snapshot = try snapshot(conditions.priceList(call.priceList))
        snapshot.offers = try offers(of: snapshot, at: conditions.store, call.priceList)
        guard let backend = snapshot.backends.recommendation else {
            throw ServingError(.notPublished, "No models are published yet: run `souk train` and `souk publish`.")
        }
        if let weights = call.networkWeights { try Self.check(weights, backend) }
        var query = RecommendationQuery(scenario: call.scenario, now: moment)
        query.limit = call.limit
        (query.language, query.explains) = (reasonLanguage(call.language), call.explains)
        try readReranking(call, into: &query)
        query.networkWeights = call.networkWeights ?? networkWeights[call.scenario] ?? .none
        try read(conditions, snapshot, into: &query)
        var shelf: Shelf.Key?
        if let person {
            let known = person.known
            shelf = Shelf.Key(
                user: person.pseudonym, history: known.version, generation: snapshot.generation,
                scenario: call.scenario,
                limit: call.limit, priceList: call.priceList, conditions: conditions, language: query.language,
                reranking: query.reranking, networkWeights: query.networkWeights)
            query.history = known.purchases(before: query.now)
            query.user = known.user
        }
        query.tastes = categories(ofTastes: call.tastes, snapshot)
        query.session = session(call.session, at: query.now)
        let numbers = try store.numbers(
            of: call.basket + call.without + call.withoutPurchases.map(\.item) + conditions.excluded
                + (call.item.map { [$0] } ?? []))
        query.excluded = Set(conditions.excluded.compactMap { numbers[$0] })
        forget(call, numbers, in: &query.history)
        query.basket = call.basket.compactMap { numbers[$0] }
        if let item = call.item {
            guard let number = numbers[item] else { throw unknown() }
            query.anchor = number
            if call.scenario == .similar {
                query.likeness = [snapshot.backends.search?.likeness, snapshot.backends.pictures?.likeness]
                    .compactMap(\.self)
            }
        }
        let branch = try propose(call, snapshot.offers, usual: person?.known.branch, &query)
        if call.scenario == .nearYou, branch == nil, person == nil {
            throw ServingError(.invalid, "The scenario `near_you` needs a `store`, or a `user` whose branch is known.")
        }
        var facts = snapshot.facts
        for number in try hiddenItems("", call.priceList) { facts.hide(number) }
        // What a session or a page adds changes the answer from moment to moment.
        if !keeps || !query.session.isEmpty || !query.tastes.isEmpty || !query.basket.isEmpty || query.anchor != nil
            || !call.without.isEmpty || !call.withoutPurchases.isEmpty || call.explains
        {
            shelf = nil
        }
        let kept = try keptHits(shelf, offers: snapshot.offers, facts: facts) {
            try backend.recommend(query, offers: snapshot.offers, facts: facts) { number in
                // A reason without the item's name is still a reason: the model's sentence does without.
                let found = try? self.storedItems([number])  // See above.
                return found?.first?.item.title
            }
        }
        // A list that goes out by another way than a page is no impression, and must not spend the budget.
        let hits = keeps ? try explored(kept, call, query, offers: snapshot.offers, facts: facts) : kept
        let items = Dictionary(
            try storedItems(hits.map(\.number)).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let entries = hits.compactMap { hit -> RecommendAnswer.Entry? in
            guard let item = items[hit.number], !item.isWithdrawn, !item.item.isExcluded,
                snapshot.offers.isSellable(hit.number)
            else { return nil }
            return RecommendAnswer.Entry(card: snapshot.card(item.translated(to: call.language)), hit: hit)
        }
        return RecommendAnswer(
            scenario: call.scenario, generation: snapshot.generation, impressionID: nextImpressionID(),
            entries: entries, currency: snapshot.offers.currency, branch: branch)
    }

    /// The hits of an earlier answer to the same person, if nothing has happened since that would change them; else new ones.
    ///
    /// An event of the person, another generation, and an item that cannot be shown any more end a kept answer.
    private func keptHits(
        _ key: Shelf.Key?, offers: OfferColumns, facts: ItemFacts, _ answer: () throws -> [RecommendedHit]
    ) throws -> [RecommendedHit] {
        guard let key else { return try answer() }
        let now = clock()
        if let shelf = shelves.withLock({ $0.value(key) }), now.milliseconds - shelf.made.milliseconds < Shelf.lifetime,
            shelf.hits.allSatisfy({ offers.isSellable($0.number) && !facts.hidden.contains($0.number) })
        {
            return shelf.hits
        }
        let hits = try answer()
        shelves.withLock { $0.insert(Shelf(made: now, hits: hits), for: key, weight: hits.count + 1) }
        return hits
    }

    /// What the log knows of a person, up to this moment.
    func history(of user: Pseudonym) throws -> KnownHistory {
        if let known = histories.withLock({ $0.value(user) }) { return known }
        let version = historyVersions.add(1, ordering: .relaxed).newValue
        let known = KnownHistory(try store.events(of: user, limit: Self.historyLimit), version: version)
        histories.withLock { $0.insert(known, for: user, weight: known.weight) }
        return known
    }
}

/// Who asks for a shelf, with what the log knows of them.
struct AskingPerson: Sendable {
    let pseudonym: Pseudonym
    let known: KnownHistory
}

/// A person's number and newest purchases: what models and profiles ask for again and again.
struct KnownHistory: Sendable {
    /// `nil` for somebody without events.
    let user: UserNumber?
    /// Another one for each reading of the log.
    let version: UInt64
    /// Oldest first.
    private let purchases: [Interaction]
    /// Where the person bought last, as far as events say.
    let branch: String?

    init(_ events: [LoggedEvent], version: UInt64) {
        self.version = version
        user = events.last?.user
        branch = events.last { $0.event.name == .purchase && $0.event.store != nil }?.event.store
        purchases = Interaction.list(of: events, names: [.purchase])
    }

    /// Lines, and one for the entry itself.
    var weight: Int { purchases.count + 1 }

    /// What was bought, oldest first; what a demonstration's visitors do counts as done at its last moment.
    func purchases(before now: Timestamp) -> [Interaction] {
        guard purchases.last.map({ $0.time >= now }) ?? false else { return purchases }
        var history = purchases
        for index in history.indices where history[index].time >= now {
            history[index].time = Timestamp(milliseconds: now.milliseconds - 1)
        }
        return history
    }
}

/// An answer that is kept for a while.
struct Shelf: Sendable {
    /// Milliseconds: habits are counted in days, so minutes do not matter.
    static let lifetime: Int64 = 600_000

    struct Key: Hashable, Sendable {
        let user: Pseudonym
        let history: UInt64
        let generation: Int
        let scenario: Scenario
        let limit: Int
        let priceList: PriceListName
        let conditions: ShelfConditions
        let language: String
        let reranking: Reranking
        let networkWeights: NetworkWeights
    }

    let made: Timestamp
    let hits: [RecommendedHit]
}
