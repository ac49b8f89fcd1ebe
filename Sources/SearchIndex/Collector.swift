import Domain

/// Filters, sorts, pages and counts what matched.
struct Collector {
    private let request: SearchRequest
    private let offers: OfferColumns
    private var page: BoundedHeap<PageEntry>
    /// All matches, where variants are grouped.
    private var groups: VariantGroups?
    private var tallies: [FacetTally]
    /// Of the segment that is looked at, if facets are counted.
    private var counted: Counted?
    /// How many documents match.
    private(set) var matches = 0
    /// In minor units, whatever the bounds that the request sets.
    private(set) var priceRange: ClosedRange<Int64>?

    init(request: SearchRequest, offers: OfferColumns) {
        (self.request, self.offers) = (request, offers)
        page = BoundedHeap(capacity: request.offset + request.limit)
        tallies = request.facets.map { FacetTally(name: $0) }
        groups = request.groupsVariants ? VariantGroups() : nil
    }

    /// Documents that fail no filter, and for each filter those that fail it alone.
    private struct Counted {
        var passing: DocumentSet
        var failing: [DocumentSet]

        init(_ pass: Pass) {
            passing = DocumentSet(limit: pass.segment.count)
            failing = pass.filters.map { _ in DocumentSet(limit: pass.segment.count) }
        }
    }

    /// What a request asks of the documents of one segment.
    struct Pass {
        fileprivate let segment: Segment
        fileprivate let filters: [FacetFilter]
        fileprivate let ranges: [(column: Segment.NumberColumn, range: ClosedRange<Double>)]
        /// Where documents are, if the request says where the shopper is.
        fileprivate let places: Places?
        private let radius: Double?
        private let phrases: PhraseFilter?
        private(set) var nearness: Nearness?
        /// Whether a filter names something that no document here has.
        fileprivate let isImpossible: Bool
        fileprivate let weights: DocumentWeights
        /// By facet that is counted: its place among the segment's.
        fileprivate let facets: [(tally: Int, facet: Facet, filter: Int?)]

        init(_ request: SearchRequest, _ segment: Segment, _ plan: QueryPlan) {
            self.segment = segment
            weights = DocumentWeights(request.sort == .relevance ? request.weights : [], segment)
            let filters = request.filters.filter { !$0.value.isEmpty }.sorted { $0.key < $1.key }
            let byName = Dictionary(uniqueKeysWithValues: segment.facets.map { ($0.name, $0) })
            self.filters = filters.compactMap { name, wanted in byName[name].map { FacetFilter($0, wanted: wanted) } }
            ranges = request.ranges.compactMap { name, range in
                segment.numberColumns.first { $0.name == name }.map { ($0, range) }
            }
            places = request.near.flatMap { Places(segment, from: $0) }
            radius = request.near == nil ? nil : request.radiusMetres
            let (phrases, isPhraseImpossible) = PhraseFilter.make(request.phrases, segment)
            self.phrases = phrases
            nearness = request.boostsNearness ? Nearness(plan, segment) : nil
            isImpossible =
                isPhraseImpossible || self.filters.count < filters.count || ranges.count < request.ranges.count
                || (radius != nil && places == nil)
            var facets: [(Int, Facet, Int?)] = []
            for (tally, name) in request.facets.enumerated() {
                guard let facet = byName[name] else { continue }
                facets.append((tally, facet, self.filters.firstIndex { $0.facet.name == name }))
            }
            self.facets = facets
        }

        /// Leaves what words side by side gain to the caller.
        mutating func takeNearness() -> Nearness? {
            defer { nearness = nil }
            return nearness
        }

        /// More values of one facet than these are looked up document by document.
        private static let mostLists = 16

        /// The filters as posting lists, one of each of which a document must be in; `nil` if there are too many.
        var filterLists: [[PostingList]]? {
            guard filters.allSatisfy({ $0.wanted.count <= Self.mostLists }) else { return nil }
            return filters.map { $0.facet.lists($0.wanted) }
        }

        /// Whether a document passes everything, but for filters that were looked up as lists.
        func accepts(
            _ document: Int, _ request: SearchRequest, _ offers: OfferColumns, checksFilters: Bool
        ) -> Bool {
            guard !isImpossible else { return false }
            let number = Int(segment.numbers[document])
            return isStocked(number, request, offers) && isAffordable(number, request, offers)
                && meetsConditions(document)
                && (!checksFilters || filters.allSatisfy { $0.passes(document) })
        }

        /// Whether a document lies in all ranges and in the radius, and holds the phrases.
        fileprivate func meetsConditions(_ document: Int) -> Bool {
            for (column, range) in ranges where !range.contains(column.values[document]) { return false }
            if let radius, let places {
                guard let distance = places.distance(document), distance <= radius else { return false }
            }
            return phrases?.passes(document) ?? true
        }
    }

    /// Takes over the matches of one window.
    mutating func collect(_ pass: Pass, _ batch: MatchScanner.Batch) {
        guard !pass.isImpossible else { return }
        if counted == nil, !pass.facets.isEmpty { counted = Counted(pass) }
        unsafe pass.segment.numbers.withElements { numbers in
            for place in 0..<batch.count {
                let document = batch.document(place)
                let number = unsafe Int(numbers[Int(document)])
                guard isStocked(number, request, offers), pass.meetsConditions(Int(document)) else { continue }
                var (failed, failures) = (0, 0)
                for index in pass.filters.indices where !pass.filters[index].passes(Int(document)) {
                    (failed, failures) = (index, failures + 1)
                }
                let isAffordable = isAffordable(number, request, offers)
                if failures == 0 { note(price: offers.price(at: number)) }
                guard isAffordable else { continue }
                if failures == 0 {
                    matches += 1
                    counted?.passing.insertNew(Int(document))
                    var score = batch.score(place)
                    if let nearness = pass.nearness, mayRise(Int(document), UInt32(number), score, pass) {
                        score &+= nearness.bonus(score, Int(document))
                    }
                    if !pass.weights.isEmpty {
                        score = pass.weights.weighted(
                            score, document: Int(document), price: offers.price(at: number))
                    }
                    take(Int(document), number: UInt32(number), score: score, pass)
                } else if failures == 1 {
                    counted?.failing[failed].insertNew(Int(document))
                }
            }
        }
    }

    /// Closes the counts of one segment.
    mutating func finish(_ pass: Pass) {
        guard let counted else { return }
        for (tally, facet, filter) in pass.facets {
            var documents = counted.passing
            if let filter { documents.insertAll(of: counted.failing[filter]) }
            tallies[tally].count(documents, facet, of: pass.segment)
        }
        self.counted = nil
    }

    private mutating func note(price: Int64) {
        guard price >= 0 else { return }
        priceRange = min(priceRange?.lowerBound ?? price, price)...max(priceRange?.upperBound ?? price, price)
    }

    /// Whether a match that holds its words side by side could come onto the page.
    private func mayRise(_ document: Int, _ number: UInt32, _ score: UInt32, _ pass: Pass) -> Bool {
        groups != nil || !pass.weights.isEmpty
            || page.mayEnter(key(document, number, Nearness.highest(score), pass))
    }

    @inline(__always)
    private mutating func take(_ document: Int, number: UInt32, score: UInt32, _ pass: Pass) {
        let key = key(document, number, score, pass)
        guard groups != nil || page.mayEnter(key) else { return }
        let popularity = pass.segment.popularity[document]
        let entry = PageEntry(key: key, score: score, popularity: popularity, number: number)
        if groups == nil { page.insert(entry) } else { groups?.add(entry, group: pass.segment.group(document)) }
    }

    private func key(_ document: Int, _ number: UInt32, _ score: UInt32, _ pass: Pass) -> Double {
        switch request.sort {
        case .relevance: return Double(score)
        // Items without a price stand behind all others.
        case .priceAscending:
            let price = offers.price(at: Int(number))
            return price >= 0 ? -Double(price) : -.greatestFiniteMagnitude
        case .priceDescending:
            let price = offers.price(at: Int(number))
            return price >= 0 ? Double(price) : -.greatestFiniteMagnitude
        case .popularity: return Double(pass.segment.popularity[document])
        case .title: return -Double(pass.segment.titleRanks[document])
        case .newest: return Double(number)
        case .rating: return Int(number) < request.stars.count ? Double(request.stars[Int(number)]) : -1
        case .nearest: return pass.places?.distance(document).map { -$0 } ?? -.greatestFiniteMagnitude
        }
    }

    /// Takes over the best documents of a segment, where nothing is counted.
    mutating func take(_ best: TopDocuments, _ pass: Pass) {
        for entry in best.entries {
            let document = Int(entry.document)
            take(document, number: pass.segment.numbers[document], score: entry.score, pass)
        }
        matches += best.entries.count
    }

    /// The page that was asked for: the best by key, then by score, popularity and item number.
    func hits() -> [SearchHit] {
        if let groups { return groups.hits(offset: request.offset, limit: request.limit) }
        return page.sorted().dropFirst(request.offset).map {
            SearchHit(number: ItemNumber($0.number), score: Score.value($0.score))
        }
    }

    /// How many hits there are on all pages.
    var total: Int { groups?.count ?? matches }

    func facetCounts(_ query: FacetQuery?) -> [String: [FacetValue]] {
        var result: [String: [FacetValue]] = [:]
        for tally in tallies {
            result[tally.name] = tally.values(
                selected: request.filters[tally.name] ?? [], limit: request.facetLimit, matching: query)
        }
        return result
    }
}

@inline(__always)
private func isStocked(_ number: Int, _ request: SearchRequest, _ offers: OfferColumns) -> Bool {
    !request.onlyInStock || number >= offers.stocks.count || offers.stocks[number] != 0
}

@inline(__always)
private func isAffordable(_ number: Int, _ request: SearchRequest, _ offers: OfferColumns) -> Bool {
    guard request.minimumPrice != nil || request.maximumPrice != nil else { return true }
    let price = offers.price(at: number)
    return price >= 0 && price >= request.minimumPrice ?? .min && price <= request.maximumPrice ?? .max
}

extension OfferColumns {
    /// In minor units; `OfferColumns.noPrice` where none is known.
    @inline(__always) func price(at number: Int) -> Int64 {
        number < prices.count ? prices[number] : OfferColumns.noPrice
    }
}

/// Whether a document has one of the wanted values of a facet.
private struct FacetFilter {
    let facet: Facet
    let wanted: Set<String>
    private let isWanted: [Bool]

    init(_ facet: Facet, wanted: Set<String>) {
        (self.facet, self.wanted, isWanted) = (facet, wanted, facet.marks(wanted))
    }

    @inline(__always) func passes(_ document: Int) -> Bool { facet.passes(document, isWanted) }
}
