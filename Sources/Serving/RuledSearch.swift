import Domain
import JSON
import Merchandising
import Storage

/// One search with what a shop's rules make of it: hidden items never show nor count, pins stand where they should.
struct RuledSearch {
    /// A search gives at most so many at once, and reaches down to `depth`.
    private static let step = 1000
    private static let depth = 10_000

    let backend: any SearchBackend
    let offers: OfferColumns
    let outcome: RuleOutcome
    /// Numbers of items that a shopper may see.
    let numbers: [ItemID: ItemNumber]
    /// As the shopper asked.
    let asked: SearchCall
    /// With the rules' query and filters.
    private var call: SearchCall
    private var applied: [JSONValue] = []

    init(
        _ asked: SearchCall, _ outcome: RuleOutcome, backend: any SearchBackend, offers: OfferColumns,
        numbers: [ItemID: ItemNumber]
    ) {
        (self.asked, self.outcome, self.backend, self.offers) = (asked, outcome, backend, offers)
        self.numbers = numbers
        call = asked
        call.query = outcome.query
        if asked.correctsTypos {
            call.wordings = outcome.wordings.map {
                SearchCall.Wording(phrase: $0.phrase, others: $0.others, isExact: $0.isExact)
            }
        }
        call.weights += outcome.weights.map { weight in
            var result = SearchCall.Weight(label: "rule \(weight.rule)", factor: weight.factor)
            switch weight.target {
            case .items(let ids): result.items = Set(ids.compactMap { numbers[$0] })
            case .field(let field, let values): result.filter = SearchCall.Filter(field: field, values: values)
            }
            return result
        }
        for replacement in outcome.replacements {
            applied.append(
                .object([
                    .init("step", .string("replacement")), .init("from", .string(replacement.from)),
                    .init("to", .string(replacement.to)), .init("rule", .string(replacement.rule)),
                ]))
        }
        // A shopper's own choice in the same field wins.
        for filter in outcome.filters where !asked.filters.contains(where: { $0.field == filter.field }) {
            call.filters.append(SearchCall.Filter(field: filter.field, values: filter.values))
            applied.append(
                .object([
                    .init("step", .string("filter")), .init("field", .string(filter.field)),
                    .init("values", .array(filter.values.map { .string($0) })), .init("rule", .string(filter.rule)),
                ]))
        }
    }

    mutating func run() throws -> SearchHits {
        call.hidden = try hiddenItems()
        let pins = try shownPins()
        var natural = call
        natural.hidden.formUnion(pins.map(\.number))
        let before = SearchHits.Placement(pins: pins.map(\.position))
        var hits: SearchHits
        if pins.isEmpty {
            hits = try backend.search(natural, offers: offers)
        } else {
            // Facets count what the query finds, pinned or not.
            var counting = call
            (counting.offset, counting.limit) = (0, 0)
            hits = try backend.search(counting, offers: offers)
            natural.facets = []
            (natural.offset, natural.limit) = (0, 0)
            let total = try backend.search(natural, offers: offers).total
            let places = before.clipped(to: total)
            let page = places.natural(offset: call.offset, limit: call.limit)
            (natural.offset, natural.limit) = (page.offset, page.limit)
            let others = try page.limit > 0 ? backend.search(natural, offers: offers).hits : []
            hits.hits = places.merge(others, pins, offset: call.offset, limit: call.limit)
            hits.total = total + pins.count
        }
        hits.applied = applied + hits.applied
        return hits
    }

    // MARK: Which items

    private func hiddenItems() throws -> Set<ItemNumber> {
        var hidden = asked.hidden
        for hiding in outcome.hidden {
            switch hiding.target {
            case .items(let ids): hidden.formUnion(ids.compactMap { numbers[$0] })
            case .field: hidden.formUnion(try members(of: hiding.target, call).map(\.number))
            }
        }
        return hidden
    }

    /// What a search finds within a target, down to the depth that an index answers.
    private func members(of target: Target, _ call: SearchCall) throws -> [SearchHits.Hit] {
        var inner = call
        inner.facets = []
        (inner.explains, inner.groupsVariants, inner.weights) = (false, false, [])
        switch target {
        case .items(let ids):
            inner.only = Set(ids.compactMap { numbers[$0] })
        case .field(let field, let values):
            // Values of one field are alternatives: the shopper's own must make room.
            inner.filters.removeAll { $0.field == field }
            inner.filters.append(SearchCall.Filter(field: field, values: values))
        }
        return try top(inner, Self.depth)
    }

    private func top(_ call: SearchCall, _ count: Int) throws -> [SearchHits.Hit] {
        var call = call
        call.facets = []
        var hits: [SearchHits.Hit] = []
        while hits.count < count {
            (call.offset, call.limit) = (hits.count, min(Self.step, count - hits.count))
            let more = try backend.search(call, offers: offers).hits
            hits += more
            if more.count < call.limit { break }
        }
        return hits
    }

    /// Those of some items that pass the filters, the prices and the stock that the shopper asked for.
    private func allowed(_ items: Set<ItemNumber>, _ call: SearchCall) throws -> Set<ItemNumber> {
        guard !items.isEmpty else { return [] }
        var filtering = call
        (filtering.query, filtering.only, filtering.facets) = ("", items, [])
        (filtering.sort, filtering.explains, filtering.weights) = (.relevance, false, [])
        filtering.groupsVariants = false
        return Set(try top(filtering, items.count).map(\.number))
    }

    // MARK: Pins

    /// The pins that this shopper sees.
    private func shownPins() throws -> [PinnedItem] {
        let isFiltered =
            !asked.filters.isEmpty || asked.minimumPrice != nil || asked.maximumPrice != nil || asked.isInStockOnly
        let known = outcome.pins.compactMap { pin in
            numbers[pin.item].map { PinnedItem(number: $0, position: pin.position, rule: pin.rule, mode: pin.mode) }
        }.filter { !call.hidden.contains($0.number) && ($0.mode != .relevanceOnly || asked.sort == .relevance) }
        guard isFiltered else { return known }
        let allowed = try allowed(Set(known.map(\.number)), asked)
        return known.filter { $0.mode == .keep || allowed.contains($0.number) }
    }
}

/// A pin that shows.
struct PinnedItem {
    var number: ItemNumber
    var position: Int
    var rule: String
    var mode: Rule.PinMode
}

extension SearchHits {
    /// Where pins stand among what is found by itself.
    struct Placement {
        /// From 1, rising, each once.
        var pins: [Int]

        /// Pins behind the end move up to it.
        func clipped(to natural: Int) -> Placement {
            Placement(pins: pins.enumerated().map { min($1, natural + $0 + 1) })
        }

        /// Which part of the others a page holds.
        func natural(offset: Int, limit: Int) -> (offset: Int, limit: Int) {
            let before = pins.count { $0 <= offset }
            let within = pins.count { $0 > offset && $0 <= offset + limit }
            return (offset - before, limit - within)
        }

        func merge(_ others: [Hit], _ items: [PinnedItem], offset: Int, limit: Int) -> [Hit] {
            var page: [Hit] = []
            var next = 0
            for place in (offset + 1)..<(offset + limit + 1) {
                if let pin = pins.firstIndex(of: place) {
                    var hit = Hit(number: items[pin].number, score: 0)
                    hit.pinnedBy = items[pin].rule
                    page.append(hit)
                } else if next < others.count {
                    page.append(others[next])
                    next += 1
                }
            }
            return page
        }
    }
}
