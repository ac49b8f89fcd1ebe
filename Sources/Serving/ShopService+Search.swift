public import Domain
public import Storage

extension ShopService {
    /// Finds items; throws `notPublished` before the first index.
    public func search(_ call: SearchCall) throws -> SearchAnswer {
        let start = ContinuousClock.now
        let snapshot = try snapshot(call.priceList)
        let backend = try searchBackend(snapshot)
        let hits = try backend.search(call, offers: snapshot.offers)
        let items = Dictionary(
            try storedItems(hits.hits.map(\.number)).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let highlight = backend.highlighter(for: call)
        let entries = hits.hits.compactMap { hit -> SearchAnswer.Entry? in
            guard let item = items[hit.number] else { return nil }
            var hit = hit
            hit.highlightedTitle = hit.highlightedTitle ?? highlight?(item.item.title)
            return SearchAnswer.Entry(card: snapshot.card(item), hit: hit)
        }
        if call.offset == 0, !call.isPrefix {
            let took = (ContinuousClock.now - start) / .milliseconds(1)
            queries.searched(call.query.lowercased(), results: hits.total, milliseconds: took)
        }
        return SearchAnswer(
            generation: snapshot.generation, impressionID: nextImpressionID(), entries: entries, hits: hits,
            currency: snapshot.offers.currency)
    }

    /// What a shopper may mean by the beginning of a query.
    public func suggest(
        _ prefix: String, limit: Int, priceList: PriceListName = .everybody
    ) throws -> SuggestAnswer {
        let snapshot = try snapshot(priceList)
        let hits = try searchBackend(snapshot).suggest(prefix, limit: limit, offers: snapshot.offers)
        let cards = try storedItems(hits.items).map { snapshot.card($0) }
        let typed = prefix.lowercased()
        let popular = queries.list(.top, limit: 1000).filter { $0.results != 0 && $0.query.hasPrefix(typed) }
        let asked = popular.prefix(typed.isEmpty ? 0 : limit).map { (text: $0.query, count: $0.count) }
        return SuggestAnswer(
            queries: hits.queries + asked, categories: hits.categories, cards: cards,
            currency: snapshot.offers.currency)
    }

    /// Categories of the top two levels.
    public func categories() throws -> [(path: [String], count: Int)] {
        try searchBackend(try snapshot()).categories()
    }

    /// One item with all its offers; throws `unknownItem` for unknown and withdrawn ones.
    public func item(_ id: ItemID, priceList: PriceListName = .everybody) throws -> (card: Card, offers: [Offer]) {
        guard let stored = try store.item(id), !stored.isWithdrawn else { throw unknown() }
        return (try snapshot(priceList).card(stored), try store.offers(of: id))
    }

    func unknown() -> ServingError { ServingError(.unknownItem, "The catalogue has no such item.") }

    private func searchBackend(_ snapshot: Snapshot) throws -> any SearchBackend {
        guard let backend = snapshot.backends.search else {
            throw ServingError(.notPublished, "No index is published yet: run `souk index` and `souk publish`.")
        }
        return backend
    }
}
