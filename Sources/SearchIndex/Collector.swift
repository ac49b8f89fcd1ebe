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
        // Documents that fail no filter, and for each filter those that fail it alone.
        var passing: [Int32] = []
        var failing = [[Int32]](repeating: [], count: filters.count)
        for document in scores.indices where scores[document] >= 0 {
            let number = segment.numbers[document]
            guard passesOffer(Int(number)) else { continue }
            var (failed, failures) = (0, 0)
            for index in filters.indices where !filters[index].passes(document) {
                (failed, failures) = (index, failures + 1)
            }
            if failures == 0 {
                passing.append(Int32(document))
                take(number: number, score: scores[document], key: key(document, number, scores[document], segment))
            } else if failures == 1 {
                failing[failed].append(Int32(document))
            }
        }
        for facet in segment.facets where request.facets.contains(facet.name) {
            var tally = [Int32](repeating: 0, count: facet.values.count)
            Self.count(passing, facet, &tally)
            for index in filters.indices where filters[index].name == facet.name {
                Self.count(failing[index], facet, &tally)
            }
            merge(tally, of: facet)
        }
    }

    private static func count(_ documents: [Int32], _ facet: Segment.Facet, _ tally: inout [Int32]) {
        unsafe facet.offsets.withElements { offsets in
            unsafe facet.ordinals.withElements { ordinals in
                for document in documents {
                    let (start, end) = unsafe (Int(offsets[Int(document)]), Int(offsets[Int(document) + 1]))
                    for place in start..<end { unsafe tally[Int(ordinals[place])] += 1 }
                }
            }
        }
    }

    private func passesOffer(_ number: Int) -> Bool {
        if request.onlyInStock, number < offers.stocks.count, offers.stocks[number] == 0 { return false }
        guard request.minimumPrice != nil || request.maximumPrice != nil else { return true }
        let price = price(number)
        return price >= 0 && price >= request.minimumPrice ?? .min && price <= request.maximumPrice ?? .max
    }

    /// In minor units; `OfferColumns.noPrice` where none is known.
    private func price(_ number: Int) -> Int64 {
        number < offers.prices.count ? offers.prices[number] : OfferColumns.noPrice
    }

    private func key(_ document: Int, _ number: UInt32, _ score: Float, _ segment: Segment) -> Double {
        let price = price(Int(number))
        return switch request.sort {
        case .relevance: Double(score)
        // Items without a price stand behind all others.
        case .priceAscending: price >= 0 ? -Double(price) : -.greatestFiniteMagnitude
        case .priceDescending: price >= 0 ? Double(price) : -.greatestFiniteMagnitude
        case .popularity: Double(segment.popularity[document])
        case .title: -Double(segment.titleRanks[document])
        case .newest: Double(number)
        }
    }

    private mutating func take(number: UInt32, score: Float, key: Double) {
        total += 1
        let price = price(Int(number))
        if price >= 0 {
            priceRange = min(priceRange?.lowerBound ?? price, price)...max(priceRange?.upperBound ?? price, price)
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
