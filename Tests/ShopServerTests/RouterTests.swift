import HTTP
import JSON
import ShopServer
import Storage
import Testing

@Suite struct RouterTests {
    private let shop: TestShop
    private let base = "/v1/shops/grocery"

    init() throws { shop = try TestShop() }

    private func expectProblem(_ response: HTTPResponse, _ status: Int, _ location: SourceLocation = #_sourceLocation) {
        #expect(response.status == status, sourceLocation: location)
        #expect(response.header("Content-Type") == "application/problem+json", sourceLocation: location)
        #expect(response.json["status"]?.integerValue == Int64(status), sourceLocation: location)
        #expect(response.json["detail"]?.stringValue?.isEmpty == false, sourceLocation: location)
    }

    @Test func `a search answers with cards at today's prices`() throws {
        let response = try shop.ask("GET", base + "/search?q=apple&per_page=5&page=2", key: shop.key(.search))
        #expect(response.status == 200)
        #expect(response.json["total"]?.integerValue == 20)
        let items = response.json["items"]?.arrayValue ?? []
        #expect(items.map { $0["id"]?.stringValue } == ["i6", "i7", "i8", "i9", "i10"])
        #expect(items.first?["price"]?.stringValue == "2.50")
        #expect(response.header("X-Content-Type-Options") == "nosniff")
    }

    @Test func `a changed price and stock show at once`() throws {
        let body = #"{"offers":[{"item_id":"i1","price":"1.99 USD","stock":0}]}"#
        let written = try shop.ask("PUT", base + "/offers", key: shop.key(.ingest), body: body)
        #expect(written.json["offers_changed"]?.integerValue == 1)
        let item = try shop.ask("GET", base + "/items/i1", key: shop.key(.search))
        #expect(item.json["price"]?.stringValue == "1.99")
        #expect(item.json["in_stock"]?.boolValue == false)
        let shelf = try shop.ask("GET", base + "/recommend/home?limit=3", key: shop.key(.search))
        #expect(shelf.json["items"]?.arrayValue?.contains { $0["id"]?.stringValue == "i1" } == false)
    }

    @Test func `somebody new is asked what they like`() throws {
        let key = shop.key(.search)
        let asked = try shop.ask("GET", base + "/onboarding?limit=5", key: key).json
        let taste = try #require(asked["tastes"]?.arrayValue?.first)
        #expect(taste["id"]?.stringValue == "Produce > Apples" && asked["choose"]?.integerValue == 3)
        #expect(taste["item"]?["id"]?.stringValue == "i3")
        let chosen = base + "/recommend/home?tastes=Produce%20%3E%20Apples&tastes=Nowhere%20%3E%20Nothing"
        #expect(try shop.ask("GET", chosen, key: key).status == 200)
        let many = base + "/recommend/home?" + (0..<13).map { "tastes=c\($0)" }.joined(separator: "&")
        expectProblem(try shop.ask("GET", many, key: key), 400)
        expectProblem(
            try shop.ask("GET", base + "/recommend/home?tastes=" + String(repeating: "x", count: 600), key: key), 400)
        for limit in ["0", "51", "some"] {
            expectProblem(try shop.ask("GET", base + "/onboarding?limit=" + limit, key: key), 400)
        }
    }

    @Test func `without the shop's key there is no answer`() throws {
        expectProblem(try shop.ask("GET", base + "/search?q=a"), 401)
        expectProblem(try shop.ask("GET", base + "/search?q=a", key: "guess"), 401)
        expectProblem(try shop.ask("GET", "/v1/shops/other/search?q=a", key: shop.key(.admin)), 404)
    }

    @Test func `the storefront's search key reaches neither people nor the catalogue's writing`() throws {
        let key = shop.key(.search)
        expectProblem(try shop.ask("GET", base + "/users/7/profile", key: key), 403)
        expectProblem(try shop.ask("GET", base + "/users/7/export", key: key), 403)
        expectProblem(try shop.ask("DELETE", base + "/users/7", key: key), 403)
        expectProblem(try shop.ask("PUT", base + "/items", key: key, body: #"{"items":[]}"#), 403)
        expectProblem(try shop.ask("DELETE", base + "/items/i1", key: key), 403)
    }

    @Test func `bad input gets one clear problem`() throws {
        let key = shop.key(.admin)
        expectProblem(try shop.ask("POST", base + "/events", key: key, body: "{nope"), 400)
        expectProblem(try shop.ask("POST", base + "/events", key: key, body: "[]"), 400)
        expectProblem(try shop.ask("POST", base + "/events", key: key, body: "{}", type: "text/plain"), 415)
        let long = String(repeating: "a", count: 513)
        expectProblem(try shop.ask("GET", base + "/search?q=\(long)", key: key), 400)
        expectProblem(try shop.ask("GET", base + "/search?q=a&page=1000&per_page=100", key: key), 400)
        expectProblem(try shop.ask("GET", base + "/search?q=a&per_page=101", key: key), 400)
        expectProblem(try shop.ask("GET", base + "/search?q=a&sort=best", key: key), 400)
        expectProblem(try shop.ask("GET", base + "/search?q=a&min_price=-1", key: key), 400)
        for condition in [
            "matching=some", "range=x", "range=x:2..1", "range=x:nan..", "range=a:1..2&range=a:1..3", "near=91,0",
            "near=1",
            "near=1,2&radius=0", "radius=5", "sort=nearest", "group_variants=maybe",
        ] {
            expectProblem(try shop.ask("GET", base + "/search?q=a&" + condition, key: key), 400)
        }
        expectProblem(try shop.ask("GET", base + "/facets/brand?limit=0", key: key), 400)
        expectProblem(try shop.ask("GET", base + "/items/unknown", key: key), 404)
        expectProblem(try shop.ask("GET", base + "/recommend/luck", key: key), 404)
        expectProblem(try shop.ask("GET", "/v1/nothing", key: key), 404)
        let wrongMethod = try shop.ask("POST", base + "/search", key: key)
        expectProblem(wrongMethod, 405)
        #expect(wrongMethod.header("Allow") == "GET")
        let event = #"{"event_id":"x","name":"view_item"}"#
        let many = Array(repeating: event, count: 1001).joined(separator: ",")
        expectProblem(try shop.ask("POST", base + "/events", key: key, body: "{\"events\":[\(many)]}"), 413)
    }

    @Test func `events are counted once, and bad ones are named`() throws {
        let body = """
            {"events":[{"event_id":"e1","name":"add_to_cart","user":"7","session":"s","items":[{"item_id":"i1"}]},\
            {"event_id":"e2","name":"dance"}]}
            """
        let key = shop.key(.search)
        let first = try shop.ask("POST", base + "/events", key: key, body: body)
        #expect(first.status == 202)
        #expect(first.json["accepted"]?.integerValue == 1)
        #expect(first.json["rejected"]?.arrayValue?.first?["index"]?.integerValue == 1)
        let second = try shop.ask("POST", base + "/events", key: key, body: body)
        #expect(second.json["accepted"]?.integerValue == 0)
        #expect(second.json["repeated"]?.integerValue == 1)
    }

    @Test func `a person is exported and erased`() throws {
        let key = shop.key(.admin)
        let body =
            #"{"events":[{"event_id":"p1","name":"purchase","user":"7","items":[{"item_id":"i1","price":2.5}]}]}"#
        #expect(try shop.ask("POST", base + "/events", key: key, body: body).status == 202)
        let profile = try shop.ask("GET", base + "/users/7/profile", key: key)
        #expect(profile.json["baskets"]?.integerValue == 1)
        let export = try shop.ask("GET", base + "/users/7/export", key: key)
        #expect(export.json["events"]?.arrayValue?.count == 1)
        #expect(try shop.ask("DELETE", base + "/users/7", key: key).json["erased_events"]?.integerValue == 1)
        expectProblem(try shop.ask("GET", base + "/users/7/profile", key: key), 404)
        #expect(shop.credentials.auditLines(limit: 10).map(\.action).contains("user.erase"))
    }

    @Test func `items are put, patched and withdrawn`() throws {
        let key = shop.key(.ingest)
        let body = #"{"items":[{"id":"new","title":"Green pear","price":"3.00 USD"},{"title":"no id"}]}"#
        let written = try shop.ask("PUT", base + "/items", key: key, body: body)
        #expect(written.json["added"]?.integerValue == 1)
        #expect(written.json["rejected"]?.arrayValue?.count == 1)
        let patched = try shop.ask("PATCH", base + "/items/new", key: key, body: #"{"title":"Red pear"}"#)
        #expect(patched.json["title"]?.stringValue == "Red pear")
        expectProblem(try shop.ask("PATCH", base + "/items/new", key: key, body: #"{"title":7}"#), 400)
        #expect(try shop.ask("DELETE", base + "/items/new", key: key).status == 204)
        expectProblem(try shop.ask("GET", base + "/items/new", key: key), 404)
    }

    @Test func `the console shows what would be had something never been bought`() throws {
        let events =
            #"{"events":[{"event_id":"w1","name":"purchase","user":"7","items":[{"item_id":"i1","price":2.5},{"item_id":"i2","price":2}]}]}"#
        #expect(try shop.ask("POST", base + "/events", key: shop.key(.ingest), body: events).status < 300)
        shop.credentials.addPerson("vera", password: "correct horse", role: .viewer)
        let login = try shop.ask("POST", "/console/api/login", body: #"{"name":"vera","password":"correct horse"}"#)
        let session = [HTTPHeader("Cookie", String(try #require(login.header("Set-Cookie")).prefix { $0 != ";" }))]
        func reasons(_ more: String) throws -> [String] {
            let answer = try shop.ask("GET", "/console/api/user?user=7\(more)", headers: session)
            #expect(answer.status == 200)
            return (answer.json["recommendations"]?["items"]?.arrayValue ?? []).prefix(2)
                .compactMap { $0["reason"]?.stringValue }
        }
        #expect(try reasons("") == ["Bought before", "Bought before"])
        #expect(try reasons("&without=i1") == ["Popular this week", "Bought before"])
        #expect(try reasons("&without=i2,i1,nothing") == ["Popular this week", "Popular this week"])
        let list = try shop.ask("GET", "/console/api/user/purchases?user=7&limit=1", headers: session).json
        #expect(list["total"]?.integerValue == 2)
        let first = try #require(list["purchases"]?.arrayValue?.first)
        let found = try shop.ask(
            "GET",
            "/console/api/user/purchases?user=7&q=\(first["title"]?.stringValue?.split(separator: " ").last ?? "")",
            headers: session)
        let purchase = try #require(
            found.json["purchases"]?.arrayValue?.first { $0["id"] == first["id"] }?["purchase"]?.stringValue)
        #expect(
            try reasons("&without_purchases=\(purchase)&scenario=buy_again").filter { $0 == "Bought before" }.count == 1
        )
        #expect(try reasons("&without_purchases=0:i1") == ["Bought before", "Bought before"])
        // Nothing was changed, and no other answer is kept.
        #expect(try reasons("") == ["Bought before", "Bought before"])
        expectProblem(
            try shop.ask(
                "GET", "/console/api/user?user=7&without=\(String(repeating: "x", count: 200))", headers: session), 400)
        for wrong in ["user?user=7&without_purchases=i1", "user?user=7&scenario=x", "user/purchases?user="] {
            expectProblem(try shop.ask("GET", "/console/api/\(wrong)", headers: session), 400)
        }
        expectProblem(try shop.ask("GET", "/console/api/user/purchases?user=nobody", headers: session), 404)
        expectProblem(try shop.ask("GET", "/console/api/user?user=7&without=i1"), 401)
        expectProblem(try shop.ask("GET", "/console/api/user/purchases?user=7"), 401)
    }

    @Test func `the console needs a person, and roles bound what one may change`() throws {
        shop.credentials.addPerson("vera", password: "correct horse", role: .viewer)
        expectProblem(try shop.ask("GET", "/console/api/overview"), 401)
        let wrong = try shop.ask("POST", "/console/api/login", body: #"{"name":"vera","password":"x"}"#)
        expectProblem(wrong, 401)
        let login = try shop.ask("POST", "/console/api/login", body: #"{"name":"vera","password":"correct horse"}"#)
        let cookie = try #require(login.header("Set-Cookie"))
        #expect(cookie.contains("HttpOnly") && cookie.contains("SameSite=Strict"))
        let session = [HTTPHeader("Cookie", String(cookie.prefix { $0 != ";" }))]
        #expect(try shop.ask("GET", "/console/api/me", headers: session).json["role"]?.stringValue == "viewer")
        #expect(try shop.ask("GET", "/console/api/overview", headers: session).json["items"]?.integerValue == 20)
        #expect(try shop.ask("GET", "/console/api/live", headers: session).status == 200)
        #expect(try shop.ask("GET", "/console/api/queries?kind=top", headers: session).status == 200)
        expectProblem(try shop.ask("POST", "/console/api/reload", headers: session), 403)
        expectProblem(try shop.ask("DELETE", base + "/users/7", headers: session), 403)
        let foreign = session + [HTTPHeader("Origin", "https://evil.example")]
        expectProblem(try shop.ask("POST", "/console/api/logout", headers: foreign), 403)
        #expect(try shop.ask("POST", "/console/api/logout", headers: session).status == 204)
        expectProblem(try shop.ask("GET", "/console/api/me", headers: session), 401)
    }

    @Test func `health, metrics and the demo's settings are open`() throws {
        #expect(try shop.ask("GET", "/health").json["status"]?.stringValue == "ok")
        let key = try shop.ask("GET", "/storefront/config.json").json["search_key"]?.stringValue
        #expect(try shop.ask("GET", base + "/search?q=apple", key: key).status == 200)
        let named = try shop.ask("GET", "/storefront/config.json?shop=grocery").json
        #expect(named["title"]?.stringValue == "Grocery" && named["recommends"]?.boolValue == true)
        #expect(named["shops"]?.arrayValue?.compactMap { $0["shop"]?.stringValue } == ["grocery"])
        expectProblem(try shop.ask("GET", "/storefront/config.json?shop=nowhere"), 404)
        let metrics = String(decoding: try shop.ask("GET", "/metrics").body, as: UTF8.self)
        #expect(metrics.contains("souk_generation{shop=\"grocery\"} 1"))
        #expect(metrics.contains("souk_http_requests_total{route=\"GET /v1/shops/{shop}/search\",status=\"200\"} 1"))
    }

    @Test func `only listed origins may call from their pages`() throws {
        let shop = try TestShop { $0.allowedOrigins = ["https://shop.example"] }
        let good = try shop.ask("OPTIONS", base + "/search", headers: [HTTPHeader("Origin", "https://shop.example")])
        #expect(good.status == 204)
        #expect(good.header("Access-Control-Allow-Origin") == "https://shop.example")
        let bad = try shop.ask("OPTIONS", base + "/search", headers: [HTTPHeader("Origin", "https://evil.example")])
        #expect(bad.header("Access-Control-Allow-Origin") == nil)
    }
}
