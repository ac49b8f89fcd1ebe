public import Domain

/// A request that is understood and planned, with the snapshot that it sees.
public struct PreparedSearch: Sendable {
    let snapshot: SearchSnapshot
    var request: SearchRequest
    let understanding: QueryUnderstanding
    let plan: QueryPlan
    /// Items that mean something near to the query: they gain by it, and the nearest are found whatever words they hold.
    public var neighbours: Neighbours?
    /// How the words' scores and the neighbours' cosines become one.
    public var fusion = Fusion.additive()

    /// What the words of the query mean, spelled right and in the catalogue's language: what neighbours are found for.
    public var meaning: String {
        // A number means nothing but its item.
        if plan.groups.contains(where: { $0.variants.contains { $0.identifier != nil } }) { return "" }
        return words
    }

    /// Fewer items than these are too little: others join.
    public static let enough = PlannedSearch.enough

    /// Whether items that hold none of the words may join by their meaning.
    public var admitsNeighbours: Bool { request.admitsNeighbours }

    private var words: String {
        (plan.groups.map { $0.reading } + plan.missing).joined(separator: " ")
    }

    /// Answers the request exactly.
    ///
    /// - Parameter offers: Prices and stock of the shopper's market and group.
    /// - Complexity: O(postings of the query's terms + matches); without counts, less.
    public func run(offers: OfferColumns) -> SearchResponse {
        var response = SearchResponse()
        response.understanding = understanding
        response.applied = plan.steps
        let isLost = neighbours == nil && plan.groups.isEmpty || request.matching == .all
        if !plan.missing.isEmpty, isLost { return response }
        run(offers, &response)
        if response.hits.isEmpty, response.total == 0, !request.phrases.isEmpty, request.correctsTypos {
            var relaxed = self
            relaxed.request.phrases = []
            var other = response
            other.applied = plan.steps + [.phrase(dropped: request.phraseTexts)]
            relaxed.run(offers, &other)
            if other.total > 0 { return other }
        }
        return response
    }

    private func run(_ offers: OfferColumns, _ response: inout SearchResponse) {
        var search = PlannedSearch(
            plan: plan, snapshot: snapshot, request: request, offers: offers, neighbours: neighbours, fusion: fusion)
        search.run()
        response.words = search.words
        if search.isPartial { response.applied.append(.optionalTerms(missing: plan.missing)) }
        if search.hasNeighbours, search.collector.total > 0 { response.applied.append(.meaning) }
        response.hits = search.collector.hits()
        response.total = search.collector.total
        response.facets = search.collector.facetCounts(FacetQuery(request.facetQuery, snapshot.analyzer))
        response.priceRange = search.collector.priceRange
    }

    /// Marks the words of the query in texts.
    public var highlighter: Highlighter {
        Highlighter(terms: Set(plan.groups.flatMap(\.variants).flatMap(\.terms)), analyzer: snapshot.analyzer)
    }
}
