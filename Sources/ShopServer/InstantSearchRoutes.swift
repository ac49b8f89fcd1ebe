import Domain
import HTTP
import JSON
import Serving
import Storage

/// Several searches at once in the form that InstantSearch widgets send and read.
enum InstantSearchRoutes {
    static let maximumRequests = 20
    static let routes: [Route] = [
        Route("POST", "/v1/shops/{shop}/instantsearch/queries", .key(SearchRoutes.everyScope, .viewer), queries)
    ]

    private static func queries(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        guard let list = try call.json()["requests"]?.arrayValue, !list.isEmpty, list.count <= maximumRequests else {
            throw Problem.invalid("The body must hold 1 to \(maximumRequests) `requests`.")
        }
        let searches = try list.enumerated().map { index, value in
            try InstantSearchQuery(value, at: index, shop: call.parameter("shop"), service)
        }
        return try Call.respond { writer in
            try writer.array("results") { writer in
                for search in searches {
                    let start = ContinuousClock.now
                    if let field = search.facet {
                        let values = try service.facetValues(field, search.call).values
                        let took = (ContinuousClock.now - start) / .milliseconds(1)
                        writer.object { facetMembers(search, values, Int(took.rounded()), &$0) }
                        continue
                    }
                    let answer = try service.search(search.call)
                    let took = (ContinuousClock.now - start) / .milliseconds(1)
                    writer.object { members(search, answer, Int(took.rounded()), &$0) }
                }
            }
        }
    }

    /// The values of one facet, for widgets with a search of their own.
    private static func facetMembers(
        _ search: InstantSearchQuery, _ values: [SearchHits.FacetValue], _ milliseconds: Int,
        _ writer: inout JSONWriter
    ) {
        writer.array("facetHits") { writer in
            for value in values {
                writer.object { writer in
                    writer.member("value", value.value)
                    writer.member("highlighted", search.markedValue(value.value))
                    writer.member("count", value.count)
                }
            }
        }
        writer.member("exhaustiveFacetsCount", true)
        writer.member("index", search.index)
        writer.member("processingTimeMS", milliseconds)
    }

    private static func members(
        _ search: InstantSearchQuery, _ answer: SearchAnswer, _ milliseconds: Int, _ writer: inout JSONWriter
    ) {
        let perPage = search.call.limit
        writer.array("hits") { writer in
            for entry in answer.entries { writer.object { hit(entry, answer, search, &$0) } }
        }
        writer.member("nbHits", answer.hits.total)
        writer.member("page", perPage > 0 ? search.call.offset / perPage : 0)
        let reachable = min(answer.hits.total, SearchRoutes.maximumDepth)
        writer.member("nbPages", perPage > 0 ? (reachable + perPage - 1) / perPage : 0)
        writer.member("hitsPerPage", perPage)
        writer.object("facets") { writer in
            for facet in answer.hits.facets {
                writer.name(dynamic: facet.field)
                writer.object { writer in
                    for value in facet.values {
                        writer.name(dynamic: value.value)
                        writer.value(value.count)
                    }
                }
            }
        }
        if let low = answer.hits.lowestPrice, let high = answer.hits.highestPrice {
            writer.object("facets_stats") { writer in
                writer.object("price") { writer in
                    writer.member("min", InstantSearchQuery.number(low))
                    writer.member("max", InstantSearchQuery.number(high))
                }
            }
        }
        writer.member("exhaustiveNbHits", true)
        writer.member("exhaustiveFacetsCount", true)
        writer.member("query", search.call.query)
        writer.member("params", search.parameters)
        writer.member("index", search.index)
        writer.member("queryID", answer.impressionID)
        if !answer.rules.isEmpty {
            writer.array("appliedRules") { writer in
                for rule in answer.rules { writer.object { $0.member("objectID", rule) } }
            }
        }
        if let redirect = answer.redirect {
            writer.object("renderingContent") { $0.object("redirect") { $0.member("url", redirect) } }
        }
        writer.member("processingTimeMS", milliseconds)
    }

    private static func hit(
        _ entry: SearchAnswer.Entry, _ answer: SearchAnswer, _ search: InstantSearchQuery, _ writer: inout JSONWriter
    ) {
        writer.member("objectID", entry.card.item.id.rawValue)
        writer.cardMembers(entry.card, currency: answer.currency)
        let title = entry.hit.highlightedTitle ?? search.escaped(entry.card.item.title)
        let isMarked = title.contains("<mark>")
        writer.object("_highlightResult") { writer in
            writer.object("title") { writer in
                writer.member("value", search.marked(title))
                writer.member("matchLevel", isMarked ? "full" : "none")
                writer.member("matchedWords", isMarked ? [search.call.query] : [])
            }
        }
    }
}
