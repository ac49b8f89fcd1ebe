import Domain
import JSON
import Merchandising
import Serving
import Storage
import Testing

@Suite struct RuleTests {
    private let shop: OpenShop

    init() throws {
        shop = try OpenShop(titles: (0..<30).map { "Apple \($0)" } + ["Quince", "Sofa red", "Couch red", "Couch blue"])
    }

    private func publish(_ rules: String, synonyms: String = "[]") throws {
        let text = #"{"rules":\#(rules),"synonyms":\#(synonyms)}"#
        let draft = try RuleBook(decoding: try JSONValue(parsing: text))
        _ = try shop.service.rules.publish(draft, base: nil, now: Timestamp(year: 2026, month: 1, day: 1))
    }

    private func search(_ query: String, _ change: (inout SearchCall) -> Void = { _ in }) throws -> SearchAnswer {
        var call = SearchCall()
        (call.query, call.limit) = (query, 5)
        change(&call)
        return try shop.service.search(call)
    }

    private func ids(_ answer: SearchAnswer) -> [String] { answer.entries.map(\.card.item.id.rawValue) }

    @Test func `a pin stands at its place on every page, and no item shows twice`() throws {
        try publish(
            #"""
            [{"id":"p","conditions":{"query":{"exact":"apple"}},"actions":[{"type":"pin","item":"i20","position":2},
                {"type":"pin","item":"i30","position":7},{"type":"pin","item":"gone","position":1}]}]
            """#)
        let first = try search("Apple")
        #expect(ids(first) == ["i0", "i20", "i1", "i2", "i3"])
        #expect(first.hits.total == 31)
        #expect(first.entries[1].hit.pinnedBy == "p")
        #expect(first.rules == ["p"])
        let pages = try (0..<7).flatMap { page in ids(try search("apple") { $0.offset = 5 * page }) }
        #expect(pages.count == 31)
        #expect(Set(pages).count == 31)
        #expect(pages[6] == "i30")
        #expect(try search("apple") { $0.facets = ["size"] }.hits.facets[0].values.map(\.count) == [15, 15])
    }

    @Test func `pins act by their mode when the shopper sorts or filters`() throws {
        func published(_ mode: String) throws {
            try publish(
                #"""
                [{"id":"p","pin_mode":"\#(mode)","actions":[{"type":"pin","item":"i21","position":1},
                    {"type":"pin","item":"i20","position":2}]}]
                """#)
        }
        func sorted() throws -> [String] { ids(try search("apple") { $0.sort = .title }) }
        func filtered() throws -> [String] {
            ids(try search("apple") { $0.filters = [SearchCall.Filter(field: "size", values: ["small"])] })
        }
        try published("keep")
        #expect(try sorted().prefix(3) == ["i21", "i20", "i0"])
        #expect(try filtered().prefix(3) == ["i21", "i20", "i0"])
        try published("only_if_matching")
        #expect(try sorted().prefix(3) == ["i21", "i20", "i0"])
        #expect(try filtered().prefix(3) == ["i0", "i20", "i2"])
        try published("relevance_only")
        #expect(try sorted().prefix(3) == ["i0", "i1", "i10"])
        #expect(try filtered().prefix(3) == ["i0", "i20", "i2"])
    }

    @Test func `what is hidden never shows and never counts`() throws {
        try publish(
            #"""
            [{"id":"h","actions":[{"type":"hide","items":["i1","i3"]}]},
             {"id":"f","conditions":{"query":{"contains":"apple"}},"actions":[{"type":"hide","field":"size","values":["large"]}]}]
            """#)
        let answer = try search("apple") { $0.facets = ["size"] }
        #expect(ids(answer) == ["i0", "i2", "i4", "i6", "i8"])
        #expect(answer.hits.total == 15)
        #expect(answer.hits.facets[0].values.map(\.value) == ["small"])
        #expect(try search("apple") { $0.ignoresRules = true }.hits.total == 30)
    }

    @Test func `boosts and burials multiply scores within the shopper's filters`() throws {
        try publish(
            #"""
            [{"id":"b","actions":[{"type":"boost","items":["i25"],"factor":3},{"type":"bury","items":["i0"],"factor":0.1}]},
             {"id":"c","conditions":{"query":{"contains":"apple"}},"actions":[{"type":"boost","field":"size","values":["large"],"factor":1.5}]}]
            """#)
        let answer = try search("apple")
        #expect(ids(answer) == ["i25", "i1", "i3", "i5", "i7"])
        #expect(answer.hits.total == 30)
        let small = try search("apple") { $0.filters = [SearchCall.Filter(field: "size", values: ["small"])] }
        #expect(ids(small).prefix(2) == ["i2", "i4"])
        #expect(small.hits.total == 15)
        let last = try search("apple") { $0.offset = 29 }
        #expect(ids(last) == ["i0"])
        #expect(ids(try search("apple") { $0.sort = .title }).first == "i0")
    }

    @Test func `a query is replaced, filtered, redirected and decorated, and the answer says so`() throws {
        try publish(
            #"""
            [{"id":"r","conditions":{"query":{"exact":"pommes"}},"actions":[{"type":"replace","with":"apple"}]},
             {"id":"f","conditions":{"query":{"exact":"apple"}},"actions":[{"type":"filter","field":"size","values":["large"]},
                {"type":"banner","text":"Fresh","link":"/fresh"},{"type":"redirect","to":"/apples"}]}]
            """#)
        let answer = try search("pommes")
        #expect(answer.hits.total == 15)
        #expect(answer.hits.applied.compactMap { $0["step"]?.stringValue } == ["replacement", "filter"])
        #expect(answer.banners.map(\.text) == ["Fresh"])
        #expect(answer.redirect == "/apples")
        #expect(answer.rules == ["r", "f"])
        let own = try search("pommes") { $0.filters = [SearchCall.Filter(field: "size", values: ["small"])] }
        #expect(ids(own).first == "i0")
    }

    @Test func `synonyms unite what each word finds, counted once`() throws {
        try publish("[]", synonyms: #"[{"id":"s","to":["sofa","couch","settee"]}]"#)
        let answer = try search("sofa") { $0.facets = ["size"] }
        #expect(ids(answer) == ["i31", "i32", "i33"])
        #expect(answer.hits.total == 3)
        #expect(answer.hits.facets[0].values.map(\.count).reduce(0, +) == 3)
        #expect(ids(try search("couch") { $0.sort = .title }) == ["i33", "i32", "i31"])
        #expect(ids(try search("settee red")) == ["i31", "i32"])
    }

    @Test func `a cycle, an old base and a damaged file are refused`() throws {
        let cyclic = """
            [{"id":"a","conditions":{"query":{"exact":"x"}},"actions":[{"type":"replace","with":"y"}]},
             {"id":"b","conditions":{"query":{"exact":"y"}},"actions":[{"type":"replace","with":"x"}]}]
            """
        let error = #expect(throws: ServingError.self) { try publish(cyclic) }
        #expect(error?.code == .conflict)
        try publish(#"[{"id":"a","actions":[{"type":"banner","text":"x"}]}]"#)
        let late = #expect(throws: ServingError.self) {
            try shop.service.rules.publish(RuleBook(), base: 0, now: Timestamp(milliseconds: 0))
        }
        #expect(late?.code == .conflict)
        #expect(try shop.service.rules.versions() == [1])
        let again = try shop.reopened()
        #expect(again.service.rules.book.rules.map(\.id) == ["a"])
        try AtomicFile.write(Array("{".utf8), to: again.shop.rulesPath)
        let damaged = #expect(throws: ServingError.self) { try again.reopened() }
        #expect(damaged?.message.contains("rules.json") == true)
    }

    @Test func `a preview shows both sides and changes nothing; effects are counted`() throws {
        let draft = try RuleBook(
            decoding: try JSONValue(
                parsing:
                    #"{"rules":[{"id":"p","actions":[{"type":"pin","item":"i9","position":1},{"type":"hide","items":["nope"]}]}]}"#
            ))
        var call = SearchCall()
        call.query = "apple"
        let preview = try shop.service.preview(draft, call)
        #expect(ids(preview.before).first == "i0")
        #expect(ids(preview.after).first == "i9")
        #expect(preview.conflicts.map(\.rules) == [["p"]])
        #expect(shop.service.rules.book.version == 0)
        _ = try shop.service.rules.publish(draft, base: 0, now: Timestamp(milliseconds: 0))
        let answer = try search("apple")
        let click = """
            {"event_id":"c","name":"select_item","impression_id":"\(answer.impressionID)","items":[{"item_id":"i9"}]}
            """
        _ = try shop.service.ingest([try JSONValue(parsing: click)])
        #expect(shop.service.rules.effects["p"] == RuleStore.Effect(searches: 1, clicks: 1, baskets: 0))
    }
}
