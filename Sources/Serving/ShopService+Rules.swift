import Domain
public import Merchandising
import Storage

/// What a draft of rules would change.
public struct RulePreview: Sendable {
    public var conflicts: [Conflict]
    public var before: SearchAnswer
    public var after: SearchAnswer
}

extension ShopService {
    /// A search under the rules in force, and under a draft: nothing is published or counted.
    public func preview(_ draft: RuleBook, _ call: SearchCall) throws -> RulePreview {
        let snapshot = try snapshot(call.priceList)
        return RulePreview(
            conflicts: try conflicts(draft), before: try answer(call, snapshot, rules.matcher),
            after: try answer(call, snapshot, RuleMatcher(draft)))
    }

    /// What is wrong or doubtful in a draft, items that nobody can see included.
    public func conflicts(_ draft: RuleBook) throws -> [Conflict] {
        var found = RuleMatcher(draft).conflicts(now: clock())
        let wanted = Set(draft.rules.flatMap { $0.actions.flatMap(\.items) })
        let visible = try visibleNumbers(wanted)
        for rule in draft.rules {
            let missing = Set(rule.actions.flatMap(\.items)).filter { visible[$0] == nil }
            guard let first = missing.min(), found.count < 200 else { continue }
            let more = missing.count > 1 ? " and \(missing.count - 1) more" : ""
            found.append(
                Conflict(
                    severity: .warning, rules: [rule.id],
                    reason: "Item \(first)\(more) is not in the catalogue, or withdrawn."))
        }
        return found
    }

    /// Synonyms that shoppers' searches speak for and that no rule has yet, the surest first.
    ///
    /// Complexity: one pass over the log's searches and choices.
    public func synonymCandidates(minimumSessions: Int, includesSynthetic: Bool) throws -> [SynonymMiner.Candidate] {
        var miner = SynonymMiner()
        let filter = EventFilter(names: [.search, .selectItem, .addToCart], includesSynthetic: includesSynthetic)
        try store.forEachEvent(filter) { miner.add($0.event) }
        let known =
            rules.book.synonyms.reduce(into: [:]) { known, synonym in
                for from in synonym.from.isEmpty ? synonym.to : synonym.from {
                    known[from, default: []].formUnion(synonym.to)
                }
            } as [String: Set<String>]
        return miner.candidates(minimumSessions: minimumSessions).filter { !(known[$0.from]?.contains($0.to) ?? false) }
    }

    /// Numbers of items that shoppers may see.
    func visibleNumbers(_ ids: some Collection<ItemID>) throws -> [ItemID: ItemNumber] {
        guard !ids.isEmpty else { return [:] }
        let numbers = try store.numbers(of: Array(ids))
        let items = try storedItems(Array(numbers.values))
        return Dictionary(
            items.filter { !$0.isWithdrawn && !$0.item.isExcluded }.map { ($0.item.id, $0.number) },
            uniquingKeysWith: { first, _ in first })
    }

    /// One search as rules have it.
    func answer(_ asked: SearchCall, _ snapshot: Snapshot, _ matcher: RuleMatcher) throws -> SearchAnswer {
        let backend = try searchBackend(snapshot)
        var call = asked
        call.stars = snapshot.ratings.stars
        let habits = try personalWeights(call, snapshot)
        call.weights += habits
        let likely = intentWeights(call, snapshot)
        call.weights += likely
        var context = RuleContext(query: call.query, market: call.priceList.market, now: clock())
        context.segments = call.segments
        for filter in call.filters { context.filters[filter.field, default: []].formUnion(filter.values) }
        let outcome = call.ignoresRules ? nil : matcher.outcome(context)
        var hits: SearchHits
        if let outcome, !outcome.isEmpty {
            var search = RuledSearch(
                call, outcome, backend: backend, offers: snapshot.offers,
                numbers: try visibleNumbers(outcome.items))
            hits = try search.run()
        } else {
            hits = try backend.search(call, offers: snapshot.offers)
        }
        if !habits.isEmpty { hits.applied.append(Self.personalStep) }
        if let best = likely.first?.filter?.values.first { hits.understood.append(Self.intentPart(best)) }
        let highlight = hits.highlight
        let items = Dictionary(
            try storedItems(hits.hits.flatMap { [$0.number] + $0.variants }).map { ($0.number, $0) },
            uniquingKeysWith: { first, _ in first })
        let entries = hits.hits.compactMap { hit -> SearchAnswer.Entry? in
            guard let item = items[hit.number]?.translated(to: call.language) else { return nil }
            var hit = hit
            hit.highlightedTitle = hit.highlightedTitle ?? highlight?(item.item.title)
            let variants = hit.variants.compactMap { items[$0]?.item.id }
            return SearchAnswer.Entry(card: snapshot.card(item), hit: hit, variants: variants)
        }
        var answer = SearchAnswer(
            generation: snapshot.generation, impressionID: nextImpressionID(), entries: entries, hits: hits,
            currency: snapshot.offers.currency, redirect: outcome?.redirect, banners: outcome?.banners ?? [],
            rules: outcome?.rules ?? [])
        if call.offset == 0, call.sort == .relevance { answer.intent = intent(of: call.query, hits.hits, snapshot) }
        return answer
    }
}

extension Action {
    /// The items that the action names.
    var items: [ItemID] {
        switch self {
        case .pin(let item, _): [item]
        case .hide(let target), .weigh(let target, _): target.items
        default: []
        }
    }
}

extension Target {
    var items: [ItemID] { if case .items(let ids) = self { ids } else { [] } }
}

extension RuleOutcome {
    /// Whether a search may go on as if there were no rules.
    var isEmpty: Bool { rules.isEmpty && wordings.isEmpty }

    var items: Set<ItemID> {
        Set(pins.map(\.item) + hidden.flatMap(\.target.items) + weights.flatMap(\.target.items))
    }
}
