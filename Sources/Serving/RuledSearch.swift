import Domain
import JSON
import Merchandising
import Storage

/// One search with what a shop's rules make of it: hidden items never show nor count, pins stand where they should.
struct RuledSearch {
    /// Where scores are changed, at least so many of the best are looked at.
    private static let window = 200
    /// A search gives at most so many at once, and reaches down to `depth`.
    private static let step = 1000
    private static let depth = 10_000
    /// What the best find of a synonym scores, as a share of the query's own best.
    private static let synonymShare = 0.95

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
        let variants = try variants()
        let pins = try shownPins()
        var natural = call
        natural.hidden.formUnion(pins.map(\.number))
        let before = SearchHits.Placement(pins: pins.map(\.position))
        var hits: SearchHits
        if pins.isEmpty {
            hits = try ranked(natural, variants)
        } else {
            // Facets count what the query finds, pinned or not.
            var counting = call
            (counting.offset, counting.limit) = (0, 0)
            hits = try ranked(counting, variants)
            natural.facets = []
            (natural.offset, natural.limit) = (0, 0)
            let total = try ranked(natural, variants).total
            let places = before.clipped(to: total)
            let page = places.natural(offset: call.offset, limit: call.limit)
            (natural.offset, natural.limit) = (page.offset, page.limit)
            let others = try page.limit > 0 ? ranked(natural, variants).hits : []
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
            case .field: hidden.formUnion(try members(of: hiding.target, call, deep: true).map(\.number))
            }
        }
        return hidden
    }

    /// The best of what a search finds within a target.
    private func members(of target: Target, _ call: SearchCall, deep: Bool) throws -> [SearchHits.Hit] {
        var inner = call
        inner.facets = []
        inner.explains = false
        switch target {
        case .items(let ids):
            inner.only = Set(ids.compactMap { numbers[$0] })
        case .field(let field, let values):
            // Values of one field are alternatives: the shopper's own must make room.
            inner.filters.removeAll { $0.field == field }
            inner.filters.append(SearchCall.Filter(field: field, values: values))
        }
        return try deep ? everything(inner) : top(inner, Self.windowSize(call))
    }

    /// All that a search finds, down to the depth that an index answers.
    private func everything(_ call: SearchCall) throws -> [SearchHits.Hit] {
        try top(call, Self.depth)
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

    private static func windowSize(_ call: SearchCall) -> Int {
        min(depth, max(window, call.offset + call.limit))
    }

    // MARK: Synonyms

    /// The query and those that mean the same; only those that find all their words, if any does.
    private mutating func variants() throws -> [String] {
        guard !outcome.alternatives.isEmpty, asked.correctsTypos else { return [call.query] }
        var complete: [String] = []
        for query in [call.query] + outcome.alternatives {
            var probe = call
            (probe.query, probe.offset, probe.limit, probe.facets) = (query, 0, 1, [])
            let hits = try backend.search(probe, offers: offers)
            let isPartial = hits.applied.contains { $0["step"]?.stringValue == "optional_terms" }
            if hits.total > 0 && !isPartial { complete.append(query) }
        }
        let used = complete.isEmpty ? [call.query] : complete
        let others = used.filter { $0 != call.query }
        if !others.isEmpty {
            applied.append(
                .object([
                    .init("step", .string("synonyms")), .init("from", .string(call.query)),
                    .init("to", .string(others.joined(separator: ", "))),
                ]))
        }
        return used
    }

    /// The union of several queries: found by any, ordered by the best score, counted once.
    private func united(_ call: SearchCall, _ variants: [String]) throws -> SearchHits {
        var all: Set<ItemNumber> = []
        for query in variants {
            var whole = call
            (whole.query, whole.filters, whole.minimumPrice, whole.maximumPrice) = (query, [], nil, nil)
            (whole.isInStockOnly, whole.sort, whole.explains) = (false, .relevance, false)
            all.formUnion(try everything(whole).map(\.number))
        }
        var counting = call
        counting.query = ""
        counting.only = call.only.map { $0.intersection(all) } ?? all
        var probe = call
        (probe.query, probe.offset, probe.limit, probe.facets) = (variants[0], 0, 0, [])
        let told = try backend.search(probe, offers: offers)
        if call.sort == .relevance { (counting.offset, counting.limit) = (0, 0) }
        var hits = try backend.search(counting, offers: offers)
        (hits.applied, hits.understood) = (told.applied, told.understood)
        if call.sort != .relevance { return hits }
        var best: [ItemNumber: SearchHits.Hit] = [:]
        var reference = 0.0
        for (place, query) in variants.enumerated() {
            var one = call
            one.query = query
            let found = try top(one, call.offset + call.limit)
            guard let first = found.first?.score, first > 0 else { continue }
            if place == 0 || reference == 0 { reference = first }
            // A rare word scores high by itself: the query's own best must stay ahead of a synonym's.
            let factor = place == 0 ? 1 : reference / first * Self.synonymShare
            for hit in found {
                let hit = place == 0 ? hit : Self.weighed(hit, [("synonym", factor)])
                if (best[hit.number]?.score ?? -1) < hit.score { best[hit.number] = hit }
            }
        }
        hits.hits = Array(Self.sorted(Array(best.values)).dropFirst(call.offset).prefix(call.limit))
        return hits
    }

    // MARK: Order

    /// What is found in the order that the shopper asked for, boosted and buried where that is by relevance.
    private func ranked(_ call: SearchCall, _ variants: [String]) throws -> SearchHits {
        func search(_ call: SearchCall) throws -> SearchHits {
            if variants.count > 1 { return try united(call, variants) }
            var one = call
            one.query = variants[0]
            return try backend.search(one, offers: offers)
        }
        guard call.sort == .relevance, !outcome.weights.isEmpty, call.limit > 0 else { return try search(call) }
        let window = Self.windowSize(call)
        var factors: [ItemNumber: [(rule: String, factor: Double)]] = [:]
        var candidates: [ItemNumber: SearchHits.Hit] = [:]
        for weight in outcome.weights {
            for query in variants {
                var one = call
                one.query = query
                for hit in try members(of: weight.target, one, deep: false) {
                    if !(factors[hit.number]?.contains { $0.rule == weight.rule && $0.factor == weight.factor } ?? false)
                    {
                        factors[hit.number, default: []].append((weight.rule, weight.factor))
                    }
                    if weight.factor > 1, candidates[hit.number] == nil { candidates[hit.number] = hit }
                }
            }
        }
        guard !factors.isEmpty else { return try search(call) }
        var wide = call
        (wide.offset, wide.limit) = (0, min(window, Self.step))
        var hits = try search(wide)
        for hit in hits.hits { candidates[hit.number] = hit }
        wide.facets = []
        while wide.limit > 0, wide.offset + wide.limit < min(window, hits.total) {
            wide.offset += wide.limit
            wide.limit = min(Self.step, window - wide.offset)
            for hit in try search(wide).hits { candidates[hit.number] = hit }
        }
        // A candidate that a filter of the shopper's leaves out came in by the target's field alone.
        let allowed = try self.allowed(Set(candidates.keys), call)
        let weighed = candidates.values.filter { allowed.contains($0.number) }.map { hit in
            Self.weighed(hit, (factors[hit.number] ?? []).map { ("rule \($0.rule)", $0.factor) })
        }
        hits.hits = Array(Self.sorted(weighed).dropFirst(call.offset).prefix(call.limit))
        return hits
    }

    private static func weighed(_ hit: SearchHits.Hit, _ factors: [(label: String, factor: Double)]) -> SearchHits.Hit {
        guard !factors.isEmpty else { return hit }
        var hit = hit
        let before = hit.score
        for factor in factors { hit.score *= factor.factor }
        if let tree = hit.explanation {
            let children = factors.map { factor in
                JSONValue.object([
                    .init("label", .string("\(factor.label): times \(factor.factor)")),
                    .init("value", .number(before * (factor.factor - 1))), .init("children", .array([])),
                ])
            }
            hit.explanation = .object([
                .init("label", .string("score with rules")), .init("value", .number(hit.score)),
                .init("children", .array([tree] + children)),
            ])
        }
        return hit
    }

    private static func sorted(_ hits: [SearchHits.Hit]) -> [SearchHits.Hit] {
        hits.sorted { ($1.score, $0.number) < ($0.score, $1.number) }
    }

    /// Those of some items that pass the filters, the prices and the stock that the shopper asked for.
    private func allowed(_ items: Set<ItemNumber>, _ call: SearchCall) throws -> Set<ItemNumber> {
        guard !items.isEmpty else { return [] }
        var filtering = call
        (filtering.query, filtering.only, filtering.facets) = ("", items, [])
        (filtering.sort, filtering.explains) = (.relevance, false)
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
