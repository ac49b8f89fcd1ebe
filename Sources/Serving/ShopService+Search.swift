public import Domain
import JSON
import Merchandising
public import Storage
import Synchronization

extension ShopService {
    /// Finds items; throws `notPublished` before the first index.
    public func search(_ call: SearchCall) throws -> SearchAnswer {
        let start = ContinuousClock.now
        let snapshot = try snapshot(call.priceList)
        var answer = try answer(call, snapshot, rules.matcher)
        if call.wantsFiller, answer.hits.total == 0 { answer.filler = try filler(for: call, snapshot) }
        if call.offset == 0, !call.isPrefix {
            let took = (ContinuousClock.now - start) / .milliseconds(1)
            queries.searched(call.query.lowercased(), results: answer.hits.total, milliseconds: took)
        }
        rules.count(answer.rules, impression: answer.impressionID)
        return answer
    }

    /// The values of one facet among what a search finds, those that match `facetQuery` alone; not logged as a search.
    public func facetValues(_ field: String, _ call: SearchCall) throws -> (
        generation: Int, values: [SearchHits.FacetValue]
    ) {
        var counting = call
        (counting.offset, counting.limit, counting.facets) = (0, 0, [field])
        let answer = try answer(counting, snapshot(call.priceList), rules.matcher)
        return (answer.generation, answer.hits.facets.first { $0.field == field }?.values ?? [])
    }

    /// What a shopper may mean by the beginning of a query.
    public func suggest(
        _ prefix: String, limit: Int, language: String? = nil, priceList: PriceListName = .everybody
    ) throws -> SuggestAnswer {
        let snapshot = try snapshot(priceList)
        let hits = try searchBackend(snapshot).suggest(
            prefix, limit: limit, language: language, offers: snapshot.offers)
        let hidden = try hiddenItems(prefix, priceList)
        let cards = try storedItems(hits.items.filter { !hidden.contains($0) }).map {
            snapshot.card($0.translated(to: language))
        }
        let asked = try askedQueries(
            prefix.lowercased(), limit: limit, try searchBackend(snapshot), snapshot.offers)
        return SuggestAnswer(
            queries: hits.queries + asked, categories: hits.categories, cards: cards,
            currency: snapshot.offers.currency)
    }

    /// The items that rules hide from a query; from an empty one, what rules without a condition on the query hide.
    func hiddenItems(_ query: String, _ list: PriceListName) throws -> Set<ItemNumber> {
        let outcome = rules.matcher.outcome(RuleContext(query: query, market: list.market, now: clock()))
        return Set(try visibleNumbers(outcome.hidden.flatMap(\.target.items)).values)
    }

    /// Frequent queries that begin like this and found something as they were typed.
    private func askedQueries(
        _ typed: String, limit: Int, _ backend: any SearchBackend, _ offers: OfferColumns
    ) throws -> [(text: String, count: Int)] {
        guard !typed.isEmpty else { return [] }
        var asked: [(text: String, count: Int)] = []
        for entry in queries.list(.top, limit: 1000) where entry.results != 0 && entry.query.hasPrefix(typed) {
            guard asked.count < limit else { break }
            if try !isSlip(entry.query, backend, offers) { asked.append((entry.query, entry.count)) }
        }
        return asked
    }

    /// Whether a query finds something only because a slip of the finger was mended: nobody should be led to it.
    private func isSlip(_ query: String, _ backend: any SearchBackend, _ offers: OfferColumns) throws -> Bool {
        if let known = slips.withLock({ $0.value(query) }) { return known }
        var call = SearchCall()
        (call.query, call.limit) = (query, 0)
        let steps = try backend.search(call, offers: offers).applied.compactMap { $0["step"]?.stringValue }
        let isSlip = steps.contains("typo") || steps.contains("did_you_mean")
        slips.withLock { $0.insert(isSlip, for: query) }
        return isSlip
    }

    /// Categories of the top two levels.
    public func categories() throws -> [(path: [String], count: Int)] {
        try searchBackend(try snapshot()).categories()
    }

    /// One item with all its offers; throws `unknownItem` for unknown and withdrawn ones.
    public func item(
        _ id: ItemID, language: String? = nil, priceList: PriceListName = .everybody
    ) throws -> (card: Card, offers: [Offer]) {
        guard let stored = try store.item(id), !stored.isWithdrawn else { throw unknown() }
        return (try snapshot(priceList).card(stored.translated(to: language)), try store.offers(of: id))
    }

    func unknown() -> ServingError { ServingError(.unknownItem, "The catalogue has no such item.") }

    func searchBackend(_ snapshot: Snapshot) throws -> any SearchBackend {
        guard let backend = snapshot.backends.search else {
            throw ServingError(.notPublished, "No index is published yet: run `souk index` and `souk publish`.")
        }
        return backend
    }
}
