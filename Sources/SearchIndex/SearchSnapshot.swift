public import Domain

/// One immutable state of the search: answers do not change while a request runs.
public struct SearchSnapshot: Sendable {
    public var documentCount: Int { 0 }
    public var segmentCount: Int { 0 }
    public var byteCount: Int { 0 }

    /// Finds, counts and orders items.
    public func search(_ request: SearchRequest, offers: OfferColumns) throws(SearchError) -> SearchResponse {
        SearchResponse()
    }

    /// The parts of the score that `search` gives the item for the query; `nil` if it does not match.
    public func explain(_ request: SearchRequest, item: ItemNumber) throws(SearchError) -> Explanation? { nil }

    /// Completes what is being typed; `popularQueries` are earlier queries with how often each was asked.
    public func suggest(_ prefix: String, limit: Int, popularQueries: [Suggestions.Query]) -> Suggestions {
        Suggestions()
    }

    /// Returns `text` as HTML, escaped, with the words that the query matches in `<mark>`.
    public func highlight(_ text: String, query: String, completesLastWord: Bool = false) -> String { text }

    /// The categories of the first `levels` levels with the number of items in each, by path.
    public func categories(levels: Int) -> [Suggestions.Category] { [] }
}
