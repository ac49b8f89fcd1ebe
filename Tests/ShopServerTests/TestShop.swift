import Domain
import Features
import Foundation
import HTTP
import JSON
import Recommenders
import Serving
import ShopServer
import Storage
import TestSupport

/// A small shop with a server that does not listen until it is asked to.
struct TestShop {
    let folder: TemporaryFolder
    let server: ShopServer
    let credentials = MemoryCredentials()

    init(
        pictures: (any PictureBackend)? = nil, speech: (any SpeechBackend)? = nil,
        _ change: (inout ShopServer.Configuration) -> Void = { _ in }
    ) throws {
        folder = try TemporaryFolder()
        let config = ShopConfig(shop: ShopID("grocery")!, title: "Grocery", currency: .usd, isDemo: true)
        let shop = try ShopFolder.create(path: folder.file("shop"), config: config)
        let store = try shop.openStore(.readWrite)
        var items: [Item] = []
        for number in 1...20 {
            var item = Item(id: ItemID("i\(number)")!, title: "Apple \(number)")
            item.productType = ["Produce", "Apples"]
            item.attributes["size"] = [number % 4 == 0 ? "large" : "small"]
            items.append(item)
        }
        _ = try store.upsert(items)
        _ = try store.setOffers(
            items.map { item in
                var offer = Offer(item: item.id)
                offer.price = Money(minorUnits: 250, currency: .usd)
                return offer
            })
        try store.close()
        _ = try PublicationStore(folder: shop).publish(
            Publication(index: nil, models: [:], erasures: 0, created: Timestamp(year: 2026, month: 1, day: 1)))
        var configuration = ShopServer.Configuration(shopPaths: [shop.path])
        configuration.port = 0
        configuration.isDemo = true
        change(&configuration)
        let credentials = credentials
        server = try ShopServer(
            configuration,
            loader: { _, _, store in
                Backends(
                    search: TitleScan(store: store), recommendation: FirstItems(), pictures: pictures,
                    speech: speech)
            },
            credentials: { _ in credentials })
    }

    func key(_ scope: KeyScope) -> String { credentials.createKey(scope: scope, note: "") }

    /// Asks the router, without a connection.
    func ask(
        _ method: String, _ target: String, key: String? = nil, body: String = "", type: String = "application/json",
        headers: [HTTPHeader] = []
    ) throws -> HTTPResponse {
        try ask(method, target, key: key, bytes: Array(body.utf8), type: type, headers: headers)
    }

    func ask(
        _ method: String, _ target: String, key: String?, bytes: [UInt8], type: String, headers: [HTTPHeader] = []
    ) throws -> HTTPResponse {
        var all = headers + [HTTPHeader("Content-Type", type), HTTPHeader("Host", "shop.example")]
        if let key { all.append(HTTPHeader("Authorization", "Bearer \(key)")) }
        return server.respond(
            to: HTTPRequest(
                method: method, target: try RequestTarget(target), headers: all, body: bytes))
    }
}

/// Finds titles by scanning the store: slow and obvious.
private struct TitleScan: SearchBackend {
    let store: SQLiteStore
    var documentCount: Int { 0 }
    var segmentCount: Int { 1 }
    var byteCount: Int { 0 }

    func search(_ call: SearchCall, offers: OfferColumns) throws -> SearchHits {
        var hits = SearchHits()
        let found = try store.items(after: nil, limit: 1000).filter {
            !call.hidden.contains($0.number) && (call.only?.contains($0.number) ?? true)
                && !$0.isWithdrawn
                && (call.query.isEmpty || $0.item.title.lowercased().contains(call.query.lowercased()))
        }
        hits.total = found.count
        hits.facets = call.facets.map { field in
            let counts = found.flatMap { $0.item.attributes[field] ?? [] }.reduce(into: [:]) { $0[$1, default: 0] += 1 }
            let values = counts.filter { $0.key.hasPrefix(call.facetQuery.lowercased()) }.sorted { $0.key < $1.key }
            return SearchHits.Facet(field: field, values: values.map { .init(value: $0.key, count: $0.value) })
        }
        hits.hits = found.dropFirst(call.offset).prefix(call.limit).map { SearchHits.Hit(number: $0.number, score: 1) }
        return hits
    }
    func passing(_ call: SearchCall, offers: OfferColumns) throws -> [ItemNumber]? {
        let titles = call.filters.filter { $0.field == "title" }.flatMap(\.values)
        return try store.items(after: nil, limit: 1000).filter { titles.contains($0.item.title) }.map(\.number)
    }
    func highlighter(for call: SearchCall) -> (@Sendable (String) -> String)? { nil }
    var likeness: (any ItemLikeness)? { nil }
    var languages: [String] { ["en"] }
    func suggest(_ prefix: String, limit: Int, language: String?, offers: OfferColumns) throws -> SuggestionHits {
        SuggestionHits()
    }
    func update(_ items: [StoredItem]) throws {}
    func categories() throws -> [(path: [String], count: Int)] { [(["Produce"], 20)] }
}

private struct FirstItems: RecommendationBackend {
    func recommend(
        _ query: RecommendationQuery, offers: OfferColumns, facts: ItemFacts, title: (ItemNumber) -> String?
    ) throws -> [RecommendedHit] {
        let shown = (0..<20).map { ItemNumber($0) }.filter { !facts.hidden.contains($0) }
        let bought = Set(query.history.map(\.item))
        return shown.prefix(query.limit).map {
            RecommendedHit(number: $0, score: 1, reason: bought.contains($0) ? "Bought before" : "Popular this week")
        }
    }

    var lastSequence: Int64? { nil }
    func learn(_ baskets: [LiveBasket], until sequence: Int64) {}

    func bundle(with anchor: ItemNumber, size: Int, offers: OfferColumns, facts: ItemFacts) -> [ScoredItem] {
        (1..<UInt32(size)).map {
            ScoredItem(
                item: ItemNumber(anchor.rawValue + $0), score: 1 / Double($0), reason: .oftenBoughtWith(anchor))
        }
    }

    func tastes(limit: Int, offers: OfferColumns, facts: ItemFacts) -> [NewcomerModel.Proposal] {
        [NewcomerModel.Proposal(category: 0, item: ItemNumber(2))]
    }
}

extension HTTPResponse {
    var json: JSONValue { (try? JSONValue(parsing: body)) ?? .null }
}
