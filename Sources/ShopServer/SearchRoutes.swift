import Domain
import HTTP
import JSON
import Merchandising
import Recommenders
import SearchIndex
import Serving
import Storage

/// What a storefront asks: search, suggestions, items, categories, recommendations, events.
enum SearchRoutes {
    static let everyScope: Set<KeyScope> = [.search, .ingest, .admin]
    static let maximumQueryBytes = 512
    static let maximumDepth = 10_000
    static let maximumEvents = 1000
    /// What a page in a shopper's browser may report.
    static let behaviour = Set(EventName.allCases).subtracting([.refund])

    static let routes: [Route] = [
        Route("GET", "/v1/shops/{shop}/search", .key(everyScope, .viewer), search),
        Route("GET", "/v1/shops/{shop}/facets/{field}", .key(everyScope, .viewer), facetValues),
        Route("GET", "/v1/shops/{shop}/suggest", .key(everyScope, .viewer), suggest),
        Route("GET", "/v1/shops/{shop}/categories", .key(everyScope, .viewer), categories),
        Route("GET", "/v1/shops/{shop}/items/{id}", .key(everyScope, .viewer), item),
        Route("GET", "/v1/shops/{shop}/recommend/{scenario}", .key(everyScope, .viewer), recommend),
        Route("POST", "/v1/shops/{shop}/events", .key(everyScope, .admin), events),
    ]

    private static func search(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        let page = try call.integer("page", default: 1, in: 1...maximumDepth)
        let perPage = try call.integer("per_page", default: 24, in: 1...100)
        guard page * perPage <= maximumDepth else {
            throw Problem.invalid("Pages end at result \(maximumDepth): narrow the search with filters.")
        }
        let search = try searchCall(call, service, offset: (page - 1) * perPage, limit: perPage)
        let answer = try service.search(search)
        return Call.respond { writer in
            writer.member("page", page)
            writer.member("per_page", perPage)
            members(answer, query: search.query, near: search.near, groupsVariants: search.groupsVariants, &writer)
            writer.took(since: start)
        }
    }

    /// The members of an answer, inside an object that is open.
    static func members(
        _ answer: SearchAnswer, query: String, near: GeoPoint? = nil, groupsVariants: Bool = false,
        _ writer: inout JSONWriter
    ) {
        writer.member("query", query)
        writer.member("total", answer.hits.total)
        writer.member("generation", answer.generation)
        writer.member("impression_id", answer.impressionID)
        writer.array("applied") { writer in answer.hits.applied.forEach { writer.value($0) } }
        writer.array("understood") { writer in answer.hits.understood.forEach { writer.value($0) } }
        writer.array("intent") { writer in
            for intent in answer.intent {
                writer.object { writer in
                    writer.member("category", intent.path.joined(separator: " > "))
                    writer.member("share", (intent.share * 1000).rounded() / 1000)
                    writer.member("choices", intent.choices)
                    writer.member("synthetic", intent.isSynthetic)
                }
            }
        }
        writer.member("rules", answer.rules)
        if let redirect = answer.redirect { writer.member("redirect", redirect) }
        writer.array("banners") { writer in
            for banner in answer.banners {
                writer.object { writer in
                    writer.member("text", banner.text)
                    writer.member("link", banner.link)
                    writer.member("image_link", banner.imageLink)
                }
            }
        }
        writer.array("items") { writer in
            for entry in answer.entries {
                writer.object { writer in
                    writer.cardMembers(entry.card, currency: answer.currency)
                    writer.member("score", entry.hit.score)
                    if let near, let place = entry.card.item.place {
                        writer.member("distance", near.distance(to: place).rounded())
                    }
                    if groupsVariants {
                        writer.object("variants") { writer in
                            writer.member("count", entry.hit.groupCount)
                            writer.array("others") { writer in entry.variants.forEach { writer.value($0.rawValue) } }
                        }
                    }
                    if let title = entry.hit.highlightedTitle {
                        writer.object("highlight") { $0.member("title", title) }
                    }
                    if let rule = entry.hit.pinnedBy { writer.member("pinned_by", rule) }
                    if let tree = entry.hit.explanation { writer.member("explanation", tree) }
                }
            }
        }
        if let filler = answer.filler {
            writer.object("filler") { writer in
                writer.member("step", filler.step.rawValue)
                writer.array("items") { writer in
                    filler.cards.forEach { writer.card($0, currency: answer.currency) }
                }
            }
        }
        writer.object("facets") { facets(answer.hits, &$0) }
        if let analysis = answer.hits.analysis { writer.member("analysis", analysis) }
    }

    static func searchCall(
        _ call: Call, _ service: ShopService, offset: Int, limit: Int
    ) throws -> SearchCall {
        var search = SearchCall()
        search.query = try call.text("q", maximumBytes: maximumQueryBytes) ?? ""
        (search.offset, search.limit) = (offset, limit)
        search.sort = try call.choice("sort", default: search.sort)
        try readFilters(call, service, &search)
        search.isPersonal = try call.flag("personal")
        if search.isPersonal {
            search.user = try call.text("user", maximumBytes: 256)
            search.session = try call.text("session", maximumBytes: 128)
        }
        search.segments = Set(
            (try call.text("segment", maximumBytes: 512) ?? "").split(separator: ",").map(String.init))
        search.ignoresRules = try call.flag("no_rules")
        try readConditions(call, service, &search)
        search.isPrefix = try call.flag("prefix")
        search.explains = try call.flag("explain")
        search.wantsFiller = try call.flag("filler")
        search.correctsTypos = try !call.flag("exact")
        search.usesMeaning = try search.correctsTypos && call.flag("meaning", default: true)
        search.fusion = try call.text("fusion", maximumBytes: 64).map(fusion)
        search.rerankDepth = try call.integer("rerank", default: 0, in: 0...SearchCall.mostReranked)
        search.language = try call.language()
        search.ignored = Set(
            (try call.text("ignore", maximumBytes: 256) ?? "").split(separator: ",").map(String.init))
        return search
    }

    /// How words and meaning are to be joined, such as `rrf:60`.
    static func fusion(_ text: String) throws -> FusionSetting {
        do { return try FusionSetting(parsing: text) } catch { throw Problem.invalid(error.message) }
    }

    /// Values of fields, prices and stock, and the facets that are counted.
    static func readFilters(_ call: Call, _ service: ShopService, _ search: inout SearchCall) throws {
        search.filters = try filters(call.request.queries("filter"))
        search.priceList = try call.priceList()
        let currency = try service.currency(search.priceList)
        search.minimumPrice = try price(call, "min_price", currency)
        search.maximumPrice = try price(call, "max_price", currency)
        search.isInStockOnly = try call.flag("in_stock")
        search.facets = (try call.text("facets", maximumBytes: 512) ?? "").split(separator: ",").map(String.init)
    }

    private static func filters(_ texts: [String]) throws -> [SearchCall.Filter] {
        var filters: [SearchCall.Filter] = []
        for text in texts {
            guard let colon = text.firstIndex(of: ":"), colon != text.startIndex, text.utf8.count <= 512 else {
                throw Problem.invalid("A `filter` is `field:value`.")
            }
            let (field, value) = (String(text[..<colon]), String(text[text.index(after: colon)...]))
            if let place = filters.firstIndex(where: { $0.field == field }) {
                filters[place].values.append(value)
            } else {
                filters.append(SearchCall.Filter(field: field, values: [value]))
            }
        }
        return filters
    }

    static func price(_ call: Call, _ name: String, _ currency: Currency) throws -> Money? {
        guard let text = try call.text(name, maximumBytes: 32) else { return nil }
        guard let money = Money(decimal: text, currency: currency), money.minorUnits >= 0, money.currency == currency
        else { throw Problem.invalid("`\(name)` must be an amount in \(currency.code), such as 2.50.") }
        return money
    }

    static func facets(_ hits: SearchHits, _ writer: inout JSONWriter) {
        for facet in hits.facets {
            writer.name(dynamic: facet.field)
            writer.array { writer in
                for value in facet.values {
                    writer.object { writer in
                        writer.member("value", value.value)
                        writer.member("count", value.count)
                        writer.member("selected", value.isSelected)
                    }
                }
            }
        }
        guard let low = hits.lowestPrice, let high = hits.highestPrice else { return }
        writer.object("price") { writer in
            writer.member("min", low.decimalText)
            writer.member("max", high.decimalText)
        }
    }

    private static func suggest(_ call: Call) throws -> HTTPResponse {
        let start = ContinuousClock.now
        let service = try call.service()
        let prefix = try call.text("q", maximumBytes: maximumQueryBytes) ?? ""
        let answer = try service.suggest(
            prefix, limit: call.integer("limit", default: 8, in: 1...20), language: call.language(),
            priceList: call.priceList())
        return Call.respond { writer in
            writer.array("queries") { writer in
                for query in answer.queries {
                    writer.object { writer in
                        writer.member("text", query.text)
                        writer.member("count", query.count)
                    }
                }
            }
            writer.categories(answer.categories)
            writer.array("items") { writer in
                answer.cards.forEach { writer.card($0, currency: answer.currency) }
            }
            writer.took(since: start)
        }
    }

    private static func categories(_ call: Call) throws -> HTTPResponse {
        let list = try call.service().categories()
        return Call.respond { $0.categories(list) }
    }

    static func item(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        let list = try call.priceList()
        let (card, offers) = try service.item(
            call.itemID(call.parameter("id")), language: call.language(), priceList: list)
        let currency = try service.currency(list)
        return Call.respond { writer in
            writer.cardMembers(card, currency: currency)
            writer.member("description", card.item.description)
            writer.object("numbers") { writer in
                for (name, value) in card.item.numbers.sorted(by: { $0.key < $1.key }) {
                    writer.name(dynamic: name)
                    writer.value(value)
                }
            }
            writer.array("offers") { writer in
                for offer in offers {
                    writer.object { writer in
                        writer.member("market", offer.market)
                        writer.member("group", offer.group)
                        writer.optional("price", offer.price?.description)
                        writer.optional("sale_price", offer.salePrice?.description)
                        writer.name("stock")
                        if let stock = offer.stock { writer.value(stock) } else { writer.null() }
                    }
                }
            }
        }
    }

    private static func events(_ call: Call) throws -> HTTPResponse {
        let service = try call.service()
        let values = try call.records("events", limit: maximumEvents)
        let isBrowser = call.scope == .search
        let answer = try service.ingest(values) { !isBrowser || behaviour.contains($0) }
        return Call.respond(202) { writer in
            writer.member("accepted", answer.accepted)
            writer.member("repeated", answer.repeated)
            writer.rejected(answer.rejected)
        }
    }
}
