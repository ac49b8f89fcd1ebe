import Domain
import Foundation
import Recommenders
import Serving
import Storage
import TestSupport

func itemID(_ text: String) -> ItemID { ItemID(text)! }

/// A small shop with its use cases, and a search that scans titles.
struct OpenShop {
    let folder: TemporaryFolder
    let shop: ShopFolder
    let service: ShopService

    /// - Parameter titles: The items' titles; their identifiers are `i0`, `i1`, …
    init(titles: [String], isDemo: Bool = false, events: [Event] = []) throws {
        folder = try TemporaryFolder()
        let config = ShopConfig(shop: ShopID("grocery")!, title: "Grocery", currency: .usd, isDemo: isDemo)
        shop = try ShopFolder.create(path: folder.file("shop"), config: config)
        let store = try shop.openStore(.readWrite)
        _ = try store.upsert(
            titles.enumerated().map { index, title in
                var item = Item(id: itemID("i\(index)"), title: title)
                item.productType = ["Produce", index % 2 == 0 ? "Even" : "Odd"]
                item.attributes["size"] = [index % 2 == 0 ? "small" : "large"]
                return item
            })
        _ = try store.append(events)
        try store.close()
        _ = try PublicationStore(folder: shop).publish(
            Publication(index: nil, models: [:], erasures: 0, created: Timestamp(year: 2026, month: 1, day: 1)))
        service = try Self.open(shop)
    }

    private init(_ folder: TemporaryFolder, _ shop: ShopFolder) throws {
        (self.folder, self.shop) = (folder, shop)
        service = try Self.open(shop)
    }

    /// The same shop, opened once more as after a restart.
    func reopened() throws -> OpenShop {
        try service.close()
        return try OpenShop(folder, shop)
    }

    private static func open(_ shop: ShopFolder) throws -> ShopService {
        try ShopService(folder: shop, loader: { _, _, store in Backends(search: ScanningSearch(store: store)) })
    }
}

/// Finds words in titles by scanning the store: slow and obvious.
struct ScanningSearch: SearchBackend {
    let store: SQLiteStore
    var documentCount: Int { 0 }
    var segmentCount: Int { 1 }
    var byteCount: Int { 0 }

    func search(_ call: SearchCall, offers: OfferColumns) throws -> SearchHits {
        let words = call.query.lowercased().split(separator: " ")
        var found = try store.items(after: nil, limit: 1000).filter { stored in
            let title = stored.item.title.lowercased()
            guard !call.hidden.contains(stored.number), call.only?.contains(stored.number) ?? true else { return false }
            let holds = words.allSatisfy { word in
                title.contains(word)
                    || call.wordings.contains { $0.phrase == word && $0.others.contains { title.contains($0) } }
            }
            return !stored.isWithdrawn && holds && fits(stored.item, call.filters)
        }
        if call.sort == .title { found.sort { $0.item.title < $1.item.title } }
        func stars(_ stored: StoredItem) -> Float {
            stored.number.index < call.stars.count ? call.stars[stored.number.index] : -1
        }
        if call.sort == .rating { found.sort { (stars($1), $0.number) < (stars($0), $1.number) } }
        func score(_ stored: StoredItem) -> Double {
            call.weights.filter { weight in
                weight.items?.contains(stored.number) ?? true && weight.prices == nil
                    && fits(stored.item, weight.filter.map { [$0] } ?? [])
            }
            .reduce(1000 - Double(stored.number.index)) { $0 * $1.factor }
        }
        if call.sort == .relevance { found.sort { (score($1), $0.number) < (score($0), $1.number) } }
        var hits = SearchHits()
        hits.total = found.count
        hits.hits = found.enumerated().map { index, stored in
            SearchHits.Hit(
                number: stored.number, score: call.sort == .relevance ? score(stored) : 1000 - Double(index))
        }
        hits.facets = call.facets.map { field in
            let values = found.flatMap { $0.item.attributes[field] ?? [] }
            return SearchHits.Facet(
                field: field,
                values: Set(values).sorted().map { value in
                    SearchHits.FacetValue(value: value, count: values.count { $0 == value })
                })
        }
        hits.hits = Array(hits.hits.dropFirst(call.offset).prefix(call.limit))
        return hits
    }

    private func fits(_ item: Item, _ filters: [SearchCall.Filter]) -> Bool {
        filters.allSatisfy { filter in
            if filter.field == "category" {
                return filter.values.contains { item.productType.joined(separator: " > ").hasPrefix($0) }
            }
            return item.attributes[filter.field]?.contains(where: filter.values.contains) ?? false
        }
    }

    func passing(_ call: SearchCall, offers: OfferColumns) throws -> [ItemNumber]? {
        let all = try store.items(after: nil, limit: 1000)
        return call.filters.isEmpty ? nil : all.filter { fits($0.item, call.filters) }.map(\.number)
    }

    func highlighter(for call: SearchCall) -> (@Sendable (String) -> String)? { nil }
    var likeness: (any ItemLikeness)? { nil }
    var languages: [String] { ["en"] }
    func suggest(_ prefix: String, limit: Int, language: String?, offers: OfferColumns) throws -> SuggestionHits {
        SuggestionHits()
    }
    func update(_ items: [StoredItem]) throws {}
    func categories() throws -> [(path: [String], count: Int)] { [] }
}
