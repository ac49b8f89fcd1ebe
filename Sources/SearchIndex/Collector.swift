import Domain

/// Filters, sorts, pages and counts what matched.
struct Collector {
    private struct Candidate {
        let number: UInt32
        let score: Float
        let key: Double
    }

    private let request: SearchRequest
    private let offers: OfferColumns
    private var candidates: [Candidate] = []
    private var counts: [String: [String: Int]] = [:]
    private(set) var total = 0
    private(set) var priceRange: ClosedRange<Int64>?

    init(request: SearchRequest, offers: OfferColumns) { (self.request, self.offers) = (request, offers) }

    /// Facets are disjunctive: a facet is counted as if its own filter were not set.
    mutating func collect(_ segment: Segment, scores: [Float]) {
        let filters = segment.facets.filter { request.filters[$0.name]?.isEmpty == false }.map { facet in
            FacetFilter(facet, wanted: request.filters[facet.name] ?? [])
        }
        let known = Set(segment.facets.map(\.name))
        let isImpossible = request.filters.contains { !$0.value.isEmpty && !known.contains($0.key) }
        guard !isImpossible else { return }
        let wanted = segment.facets.indices.filter { request.facets.contains(segment.facets[$0].name) }
        var tallies = wanted.map { [Int32](repeating: 0, count: segment.facets[$0].values.count) }
        for document in 0..<segment.count where scores[document] >= 0 {
            let number = segment.numbers[document]
            guard passesOffer(ItemNumber(number)) else { continue }
            var failed: FacetFilter?
            var failures = 0
            for filter in filters where !filter.passes(document) { (failed, failures) = (filter, failures + 1) }
            guard failures <= 1 else { continue }
            for (slot, index) in wanted.enumerated() {
                let facet = segment.facets[index]
                if failures == 1, failed?.name != facet.name { continue }
                for place in Int(facet.offsets[document])..<Int(facet.offsets[document + 1]) {
                    tallies[slot][Int(facet.ordinals[place])] += 1
                }
            }
            guard failures == 0 else { continue }
            take(document, of: segment, number: number, score: scores[document])
        }
        for (slot, index) in wanted.enumerated() { merge(tallies[slot], of: segment.facets[index]) }
    }

    private func passesOffer(_ number: ItemNumber) -> Bool {
        if request.onlyInStock, !offers.isInStock(number) { return false }
        guard request.minimumPrice != nil || request.maximumPrice != nil else { return true }
        guard let price = offers.price(number)?.minorUnits else { return false }
        return price >= request.minimumPrice ?? .min && price <= request.maximumPrice ?? .max
    }

    private mutating func take(_ document: Int, of segment: Segment, number: UInt32, score: Float) {
        total += 1
        let price = offers.price(ItemNumber(number))?.minorUnits
        if let price {
            priceRange = min(priceRange?.lowerBound ?? price, price)...max(priceRange?.upperBound ?? price, price)
        }
        let key: Double =
            switch request.sort {
            case .relevance: Double(score)
            // Items without a price stand behind all others.
            case .priceAscending: price.map { -Double($0) } ?? -.greatestFiniteMagnitude
            case .priceDescending: price.map { Double($0) } ?? -.greatestFiniteMagnitude
            case .popularity: Double(segment.popularity[document])
            case .title: -Double(segment.titleRanks[document])
            case .newest: Double(number)
            }
        candidates.append(Candidate(number: number, score: score, key: key))
    }

    private mutating func merge(_ tally: [Int32], of facet: Segment.Facet) {
        for (ordinal, count) in tally.enumerated() where count > 0 {
            counts[facet.name, default: [:]][facet.values.text(ordinal), default: 0] += Int(count)
        }
    }

    /// The page that was asked for: the best by key, then by score, then by item number.
    mutating func page() -> [SearchHit] {
        let end = min(candidates.count, request.offset + request.limit)
        guard request.offset < end else { return [] }
        func precedes(_ left: Candidate, _ right: Candidate) -> Bool {
            (right.key, right.score, left.number) < (left.key, left.score, right.number)
        }
        if end < candidates.count / 4 {
            // Narrow to the best by key before sorting: most matches never reach the page.
            let threshold = Self.largest(candidates.lazy.map(\.key), end)
            candidates.removeAll { $0.key < threshold }
        }
        candidates.sort(by: precedes)
        return candidates[request.offset..<min(end, candidates.count)].map {
            SearchHit(number: ItemNumber($0.number), score: Double($0.score))
        }
    }

    /// The `count`-th largest key, by a heap of that many. Complexity: O(*n* log *count*).
    private static func largest(_ keys: some Sequence<Double>, _ count: Int) -> Double {
        var heap: [Double] = []
        for key in keys {
            if heap.count < count {
                heap.append(key)
                var child = heap.count - 1
                while child > 0, heap[child] < heap[(child - 1) / 2] {
                    heap.swapAt(child, (child - 1) / 2)
                    child = (child - 1) / 2
                }
            } else if key > heap[0] {
                heap[0] = key
                var parent = 0
                while true {
                    var least = parent
                    for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least]
                    {
                        least = child
                    }
                    if least == parent { break }
                    heap.swapAt(parent, least)
                    parent = least
                }
            }
        }
        return heap.first ?? -.infinity
    }

    func facetCounts() -> [String: [FacetValue]] {
        var result: [String: [FacetValue]] = [:]
        for name in request.facets {
            let selected = request.filters[name] ?? []
            let values = (counts[name] ?? [:]).map {
                FacetValue(value: $0, count: $1, isSelected: selected.contains($0))
            }
            let missing = selected.subtracting(values.map(\.value)).map {
                FacetValue(value: $0, count: 0, isSelected: true)
            }
            let sorted = (values + missing).sorted { ($0.count, $1.value) > ($1.count, $0.value) }
            result[name] = sorted.filter(\.isSelected) + sorted.filter { !$0.isSelected }.prefix(request.facetLimit)
        }
        return result
    }
}

/// Whether a document has one of the wanted values of a facet.
private struct FacetFilter {
    let name: String
    private let facet: Segment.Facet
    private var isWanted: [Bool]

    init(_ facet: Segment.Facet, wanted: Set<String>) {
        (name, self.facet) = (facet.name, facet)
        isWanted = (0..<facet.values.count).map { wanted.contains(facet.values.text($0)) }
    }

    func passes(_ document: Int) -> Bool {
        for place in Int(facet.offsets[document])..<Int(facet.offsets[document + 1])
        where isWanted[Int(facet.ordinals[place])] {
            return true
        }
        return false
    }
}
