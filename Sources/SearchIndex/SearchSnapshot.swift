public import Domain
import TextAnalysis

/// One state of an index: what one request sees from its start to its end.
public struct SearchSnapshot: Sendable {
    /// A segment with the documents of it that a later segment replaced.
    struct Part: Sendable {
        let segment: Segment
        var dead: [Bool]
    }

    let parts: [Part]
    let expansions: Expansions
    let analyzer: Analyzer
    /// Grows with every change.
    public let version: Int

    /// How many items can be found.
    public var documentCount: Int { parts.reduce(0) { $0 + $1.dead.count { !$0 } } }
    public var segmentCount: Int { parts.count }
    /// Size of all segments.
    public var byteCount: Int { parts.reduce(0) { $0 + $1.segment.byteCount } }

    /// Answers a request exactly: every match is scored, and ties go to the lower item number.
    ///
    /// - Parameter offers: Prices and stock of the shopper's market and group, joined as the query runs.
    /// - Complexity: O(postings of the query's terms + documents).
    public func search(_ request: SearchRequest, offers: OfferColumns) throws(SearchError) -> SearchResponse {
        try check(request)
        let (request, understanding) = understand(request, decimals: offers.currency.decimals)
        let plan = plan(request)
        var response = SearchResponse()
        response.understanding = understanding
        response.applied = plan.steps
        if plan.groups.isEmpty && !plan.missing.isEmpty { return response }
        let matches = Matches(plan: plan, snapshot: self, request: request)
        if matches.isPartial { response.applied.append(.optionalTerms(missing: plan.missing)) }
        var collector = Collector(request: request, offers: offers)
        for (index, part) in parts.enumerated() {
            collector.collect(part.segment, scores: matches.scores[index])
        }
        response.hits = collector.page()
        response.total = collector.total
        response.facets = collector.facetCounts()
        response.priceRange = collector.priceRange
        return response
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
        guard request.offset >= 0, (0...1000).contains(request.limit),
            request.offset + request.limit <= SearchRequest.maximumDepth
        else {
            throw SearchError(.invalidQuery, "Pages reach down to rank \(SearchRequest.maximumDepth) only.")
        }
    }
}

/// Which documents answer a plan, and how well.
struct Matches {
    /// By part of the snapshot and document: the score, or -1 for no match.
    private(set) var scores: [[Float]] = []
    /// Whether documents are among them that lack words of the query.
    private(set) var isPartial = false

    /// All words are demanded first. If that finds fewer than `enough` documents, those that hold most of what the query
    /// says join them, discounted by what they lack.
    static let enough = 10
    /// A partial match says at least this share of what the best match says.
    static let leastCoverage: Float = 0.6

    init(plan: QueryPlan, snapshot: SearchSnapshot, request: SearchRequest) {
        guard !plan.groups.isEmpty else {
            scores = snapshot.parts.map { part in
                (0..<part.segment.count).map { part.dead[$0] ? -1 : part.segment.popularity[$0] }
            }
            return
        }
        let total = plan.groups.reduce(0) { $0 + $1.information }
        var scorers = snapshot.parts.map { SegmentScorer($0.segment) }
        var best: Float = 0
        var complete = 0
        let groupCount = UInt8(clamping: plan.groups.count)
        for index in scorers.indices {
            for group in plan.groups { scorers[index].add(group) }
            let (dead, matched, covered) = (
                snapshot.parts[index].dead, scorers[index].matchedGroups, scorers[index].covered
            )
            for document in dead.indices where matched[document] > 0 && !dead[document] {
                if matched[document] == groupCount { complete += 1 }
                best = max(best, covered[document])
            }
        }
        let demandsAll = complete >= Self.enough || (complete > 0 && request.isPrefix)
        isPartial = (complete == 0 || !demandsAll) && plan.groups.count > 1 || !plan.missing.isEmpty
        for (index, scorer) in scorers.enumerated() {
            let part = snapshot.parts[index]
            let (dead, matched, covered, sums) = (part.dead, scorer.matchedGroups, scorer.covered, scorer.scores)
            var result = [Float](repeating: -1, count: dead.count)
            for document in dead.indices where matched[document] > 0 && !dead[document] {
                let isComplete = matched[document] == groupCount
                if !isComplete, demandsAll || covered[document] < best * Self.leastCoverage { continue }
                let coverage = isComplete ? 1 : covered[document] / total
                let popularity = part.segment.popularity[document]
                result[document] = sums[document] * coverage * (1 + popularityShare * popularity)
            }
            for term in plan.excluded {
                for place in part.segment.terms.find(term).map({ part.segment.postings($0) }) ?? 0..<0 {
                    result[Int(part.segment.documents[place])] = -1
                }
            }
            scores.append(result)
        }
    }
}
