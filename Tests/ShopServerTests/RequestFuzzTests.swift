import Foundation
import HTTP
import Numerics
import Storage
import TestSupport
import Testing

/// Seeded random requests: each gets an answer or a problem of the caller's, never one of the server's.
@Suite struct RequestFuzzTests {
    private static let names = [
        "q", "page", "per_page", "sort", "filter", "min_price", "max_price", "in_stock", "facets", "prefix", "explain",
        "market",
        "group", "lang", "ignore", "segment", "no_rules", "matching", "range", "near", "radius", "group_variants",
        "facet_query",
        "limit", "exact", "nonsense",
    ]
    private static let values = [
        "", "apple", "1", "0", "-1", "2", "9999999999999999999999", "1e400", "nan", "inf", "true", "false", "relevance",
        "nearest",
        "price_asc", "all", "any", "relaxed", "brand:x", ":", "x:", "a:1..2", "a:..", "a:2..1", "a:nan..", "52.5,13.4",
        "91,0", ",",
        "52.5", "500", "0.0001", "brand,category", ",,,", "%00", "%F0%9F%8D%8C", "%E2%80%AE", "%zz", "%", "%FF",
        "a%20b", "+", "\u{22}",
    ]
    private static let paths = [
        "search", "suggest", "facets/brand", "facets/%20", "stores", "categories", "items/i1", "recommend/home",
        "onboarding",
    ]
    private static let bodies = [
        "{\"requests\":[{\"indexName\":\"grocery\",\"params\":\"query=apple&hitsPerPage=5&page=0&facets=%5B%22brand%22%5D\"}]}",
        "{\"requests\":[{\"indexName\":\"grocery_price_asc\",\"query\":\"a\",\"facetFilters\":[[\"brand:x\",\"brand:y\"],\"size:1\"]}]}",
        "{\"requests\":[{\"indexName\":\"grocery_nearest\",\"aroundLatLng\":\"52.5, 13.4\",\"aroundRadius\":500}]}",
        "{\"requests\":[{\"indexName\":\"grocery\",\"numericFilters\":[\"price>=1\",\"price<=2.5\"],\"hitsPerPage\":3}]}",
    ]

    @Test func `any query string is answered or refused`() throws {
        let shop = try TestShop()
        let key = shop.key(.admin)
        for seed in FuzzCases.seeds(400) {
            FuzzCases.note("query string", seed)
            var random = SeededGenerator(seed: seed)
            var parts: [String] = []
            for _ in 0..<Int.random(in: 0...6, using: &random) {
                let value = Self.values.randomElement(using: &random) ?? ""
                parts.append((Self.names.randomElement(using: &random) ?? "") + "=" + value)
            }
            let path = Self.paths.randomElement(using: &random) ?? "search"
            // An address that is no address is refused before it comes to a route.
            guard
                let answer = try? shop.ask("GET", "/v1/shops/grocery/\(path)?" + parts.joined(separator: "&"), key: key)
            else {
                continue
            }
            #expect(answer.status < 500, "seed \(seed): \(path)?\(parts)")
        }
    }

    @Test func `any body of a widget's request is answered or refused`() throws {
        let shop = try TestShop()
        let key = shop.key(.search)
        for seed in FuzzCases.seeds(300) {
            FuzzCases.note("widget", seed)
            var random = SeededGenerator(seed: seed)
            var bytes = Array((Self.bodies.randomElement(using: &random) ?? "").utf8)
            for _ in 0..<Int.random(in: 0...3, using: &random) where !bytes.isEmpty {
                let place = Int.random(in: 0..<bytes.count, using: &random)
                switch Int.random(in: 0..<4, using: &random) {
                case 0: bytes[place] = UInt8.random(in: 32...126, using: &random)
                case 1: bytes.remove(at: place)
                case 2:
                    bytes.insert(contentsOf: Array("\"[{}]:,0-9e".utf8).shuffled(using: &random).prefix(2), at: place)
                default: bytes.removeLast(bytes.count - place)
                }
            }
            let body = String(decoding: bytes, as: UTF8.self)
            let answer = try shop.ask("POST", "/v1/shops/grocery/instantsearch/queries", key: key, body: body)
            #expect(answer.status < 500, "seed \(seed): \(body)")
        }
    }
}
