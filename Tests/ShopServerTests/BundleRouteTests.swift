import HTTP
import JSON
import ShopServer
import Storage
import Testing

@Suite struct BundleRouteTests {
    private let shop: TestShop
    private let path = "/v1/shops/grocery/items"

    init() throws { shop = try TestShop() }

    @Test func `a set has its members, the sum of their prices and no saving that the shop does not grant`() throws {
        let answer = try shop.ask("GET", "\(path)/i1/bundle", key: shop.key(.search))
        #expect(answer.status == 200)
        let items = answer.json["items"]?.arrayValue ?? []
        #expect(items.compactMap { $0["id"]?.stringValue } == ["i1", "i2", "i3"])
        #expect(
            items.map { $0["reason"]?.stringValue } == [nil, "Often bought with Apple 1", "Often bought with Apple 1"])
        #expect(answer.json["sum"]?.stringValue == "7.50" && answer.json["price"]?.stringValue == "7.50")
        #expect(answer.json["saving"]?.isNull == true && answer.json["currency"]?.stringValue == "USD")
        let german = try shop.ask("GET", "\(path)/i1/bundle?size=2&lang=de", key: shop.key(.search)).json
        #expect(german["items"]?.arrayValue?.last?["reason"]?.stringValue == "Oft zusammen gekauft mit Apple 1")
    }

    @Test func `a set is whole or none, and sold out with the page's item`() throws {
        let soldOut = #"{"offers":[{"item_id":"i3","stock":0}]}"#
        #expect(try shop.ask("PUT", "/v1/shops/grocery/offers", key: shop.key(.ingest), body: soldOut).status == 200)
        for item in ["i3", "i20"] {
            let answer = try shop.ask("GET", "\(path)/\(item)/bundle", key: shop.key(.search))
            #expect(answer.status == 200 && answer.json["items"]?.arrayValue?.isEmpty == true)
            #expect(answer.json["sum"]?.isNull == true && answer.json["price"]?.isNull == true)
        }
    }

    @Test func `bad sizes, unknown items and branches are refused`() throws {
        let key = shop.key(.search)
        #expect(try shop.ask("GET", "\(path)/nobody/bundle", key: key).status == 404)
        for query in ["size=1", "size=5", "size=x", "store=nowhere"] {
            #expect(try shop.ask("GET", "\(path)/i1/bundle?\(query)", key: key).status == 400)
        }
        #expect(try shop.ask("GET", "\(path)/i1/bundle").status == 401)
    }
}
