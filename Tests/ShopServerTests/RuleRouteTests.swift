import HTTP
import JSON
import ShopServer
import Storage
import Testing

@Suite struct RuleRouteTests {
    private static let path = "/v1/shops/grocery/rules"
    private static let pinned = """
        {"version":0,"rules":[{"id":"front","conditions":{"query":{"exact":"apple"}},
            "actions":[{"type":"pin","item":"i7","position":1}]}]}
        """

    @Test func `rules are tried out, published, counted, and noted in the audit log`() throws {
        let shop = try TestShop()
        let admin = shop.key(.admin)
        let search = "/v1/shops/grocery/search?q=apple&per_page=3"
        let preview = try shop.ask("POST", Self.path + "/preview?q=apple&per_page=3", key: admin, body: Self.pinned)
            .json
        #expect(preview["before"]?["items"]?.arrayValue?.first?["id"]?.stringValue == "i1")
        #expect(preview["after"]?["items"]?.arrayValue?.first?["id"]?.stringValue == "i7")
        #expect(try shop.ask("GET", search, key: admin).json["items"]?.arrayValue?.first?["id"]?.stringValue == "i1")
        #expect(try shop.ask("PUT", Self.path, key: admin, body: Self.pinned).json["version"]?.integerValue == 1)
        let answer = try shop.ask("GET", search, key: admin).json
        #expect(answer["items"]?.arrayValue?.first?["pinned_by"]?.stringValue == "front")
        #expect(answer["rules"]?.arrayValue?.compactMap(\.stringValue) == ["front"])
        let rules = try shop.ask("GET", Self.path, key: admin).json
        #expect(rules["effects"]?["front"]?["searches"]?.integerValue == 1)
        #expect(rules["versions"]?.arrayValue?.count == 1)
        #expect(shop.credentials.auditLines(limit: 1).first?.detail == "version 1: added front")
        // What was read can be sent back as it is.
        let again = try shop.ask("PUT", Self.path, key: admin, body: String(decoding: rules.encoded, as: UTF8.self))
        #expect(again.json["version"]?.integerValue == 2)
    }

    @Test func `pairs of searches are proposed until a rule has them`() throws {
        let shop = try TestShop()
        let admin = shop.key(.admin)
        let events = (0..<3).flatMap { session in
            [("search", "", 0), ("search", "apple", 5), ("select_item", "apple", 9)].map { name, query, second in
                """
                {"event_id":"\(name)\(second)-\(session)","event_name":"\(name)","time":"2026-01-01T09:00:0\(second)Z",\
                "session":"s\(session)","query":"\(query.isEmpty ? "pomme" : query)"\
                \(name == "search" ? "" : ",\"items\":[{\"item_id\":\"i1\"}]")}
                """
            }
        }
        let posted = try shop.ask(
            "POST", "/v1/shops/grocery/events", key: admin, body: "{\"events\":[\(events.joined(separator: ","))]}")
        #expect(posted.json["accepted"]?.integerValue == 9)
        let path = Self.path + "/synonym-candidates?sessions=3"
        let found = try shop.ask("GET", path, key: admin).json["candidates"]?.arrayValue
        #expect(found?.count == 1)
        #expect(found?.first?["from"]?.arrayValue?.compactMap(\.stringValue) == ["pomme"])
        #expect(found?.first?["to"]?.arrayValue?.compactMap(\.stringValue) == ["apple"])
        #expect(try shop.ask("GET", path, key: shop.key(.search)).status == 403)
        #expect(try shop.ask("GET", Self.path + "/synonym-candidates?sessions=0", key: admin).status == 400)
        let book = #"{"version":0,"rules":[],"synonyms":[{"id":"p","from":["pomme"],"to":["apple"]}]}"#
        #expect(try shop.ask("PUT", Self.path, key: admin, body: book).status == 200)
        #expect(try shop.ask("GET", path, key: admin).json["candidates"]?.arrayValue?.isEmpty == true)
    }

    @Test func `a late base, a cycle, bad rules and a search key get one clear problem`() throws {
        let shop = try TestShop()
        let admin = shop.key(.admin)
        _ = try shop.ask("PUT", Self.path, key: admin, body: Self.pinned)
        let late = try shop.ask("PUT", Self.path, key: admin, body: Self.pinned)
        #expect(late.status == 409)
        #expect(late.json["detail"]?.stringValue?.contains("Version 1") == true)
        let cycle = """
            {"rules":[{"id":"a","conditions":{"query":{"exact":"x"}},"actions":[{"type":"replace","with":"x"}]}]}
            """
        let refused = try shop.ask("PUT", Self.path, key: admin, body: cycle)
        #expect(refused.status == 409)
        #expect(refused.json["detail"]?.stringValue?.contains("lead back") == true)
        let bad = try shop.ask(
            "PUT", Self.path, key: admin, body: #"{"rules":[{"id":"a","actions":[{"type":"pin"}]}]}"#)
        #expect(bad.status == 400)
        #expect(bad.json["detail"]?.stringValue?.hasPrefix("rules[0].actions[0].position") == true)
        #expect(try shop.ask("GET", Self.path, key: shop.key(.search)).status == 403)
        #expect(try shop.ask("GET", Self.path + "?version=7", key: admin).status == 404)
        #expect(try shop.ask("POST", Self.path + "/import?format=solr", key: admin, body: "{}").status == 400)
    }

    @Test func `an export of another engine becomes a draft`() throws {
        let shop = try TestShop()
        let export = #"[{"objectID":"s","type":"synonym","synonyms":["apple","pomme"]},{"objectID":"x","type":"odd"}]"#
        let draft = try shop.ask("POST", Self.path + "/import?format=algolia", key: shop.key(.admin), body: export).json
        #expect(draft["imported_synonyms"]?.integerValue == 1)
        #expect(draft["notes"]?.arrayValue?.first?["id"]?.stringValue == "x")
        #expect(draft["version"]?.integerValue == 0)
        #expect(draft["synonyms"]?.arrayValue?.count == 1)
    }

    @Test func `what is hidden from everything is not recommended`() throws {
        let shop = try TestShop()
        let admin = shop.key(.admin)
        let book = #"{"rules":[{"id":"h","actions":[{"type":"hide","items":["i1"]}]}]}"#
        #expect(try shop.ask("PUT", Self.path, key: admin, body: book).status == 200)
        let shelf = try shop.ask("GET", "/v1/shops/grocery/recommend/home?limit=3", key: admin).json
        let ids = shelf["items"]?.arrayValue?.compactMap { $0["id"]?.stringValue }
        #expect(ids == ["i2", "i3", "i4"])
    }
}
