public import Domain
import TextAnalysis

/// One state of an index: what one request sees from its start to its end.
public struct SearchSnapshot: Sendable {
    /// A segment with the documents of it that a later segment replaced.
    struct Part: Sendable {
        let segment: Segment
        var dead: DocumentSet
    }

    let parts: [Part]
    let expansions: Expansions
    let analyzer: Analyzer
    let categoryDirectory: CategoryDirectory
    /// Grows with every change.
    public let version: Int

    init(base: Segment, expansions: Expansions, analyzer: Analyzer) {
        parts = [Part(segment: base, dead: DocumentSet(limit: base.count))]
        (self.expansions, self.analyzer, version, categoryDirectory) = (expansions, analyzer, 1, CategoryDirectory())
    }

    /// The next state of an index.
    init(after previous: SearchSnapshot, parts: [Part]) {
        (self.parts, expansions, analyzer) = (parts, previous.expansions, previous.analyzer)
        (version, categoryDirectory) = (previous.version + 1, previous.categoryDirectory)
    }

    /// The same state with fewer documents; its categories are counted by themselves.
    init(viewing other: SearchSnapshot, parts: [Part]) {
        (self.parts, expansions, analyzer) = (parts, other.expansions, other.analyzer)
        (version, categoryDirectory) = (other.version, CategoryDirectory())
    }

    /// How many items can be found.
    public var documentCount: Int { parts.reduce(0) { $0 + $1.segment.count - $1.dead.count } }
    public var segmentCount: Int { parts.count }
    /// Size of all segments.
    public var byteCount: Int { parts.reduce(0) { $0 + $1.segment.byteCount } }

    /// Answers a request exactly; ties go to the more popular item, then to the lower item number.
    ///
    /// - Parameter offers: Prices and stock of the shopper's market and group, joined as the query runs.
    /// - Complexity: O(postings of the query's terms + matches); without counts, less.
    public func search(_ request: SearchRequest, offers: OfferColumns) throws(SearchError) -> SearchResponse {
        try prepare(request, decimals: offers.currency.decimals).run(offers: offers)
    }

    /// Understands and plans a request once, to run it or to mark its words as often as needed.
    ///
    /// - Parameter decimals: Of the currency in which prices are typed.
    public func prepare(_ request: SearchRequest, decimals: Int = 2) throws(SearchError) -> PreparedSearch {
        try check(request)
        var (understood, understanding) = understand(request, decimals: decimals)
        understood.phrases = QuotedPhrases.terms(request.query, analyzer)
        understood.phraseTexts = QuotedPhrases.read(request.query)
        return PreparedSearch(
            snapshot: self, request: understood, understanding: understanding, plan: planner().plan(understood),
            neighbours: nil)
    }

    func plan(_ request: SearchRequest) -> QueryPlan {
        planner().plan(understand(request, decimals: 2).request)
    }

    func planner() -> QueryPlanner {
        QueryPlanner(analyzer: analyzer, segments: parts.map(\.segment), expansions: expansions)
    }

    private func check(_ request: SearchRequest) throws(SearchError) {
        guard request.query.utf8.count <= SearchRequest.maximumQueryBytes else {
            throw SearchError(.invalidQuery, "A query has at most \(SearchRequest.maximumQueryBytes) bytes.")
        }
        guard request.radiusMetres.map({ $0.isFinite && $0 > 0 }) ?? true else {
            throw SearchError(.invalidQuery, "A radius is more than nothing.")
        }
        guard request.near != nil || (request.radiusMetres == nil && request.sort != .nearest) else {
            throw SearchError(.invalidQuery, "A radius and the order by distance need a place to be near to.")
        }
        guard (0...1000).contains(request.limit),
            (0...SearchRequest.maximumDepth - request.limit).contains(request.offset)
        else {
            throw SearchError(.invalidQuery, "Pages reach down to rank \(SearchRequest.maximumDepth) only.")
        }
    }
}
