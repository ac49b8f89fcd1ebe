import Domain
import JSON
import Merchandising
import Testing

func item(_ text: String) -> ItemID { ItemID(text)! }

func book(_ rules: String, synonyms: String = "[]") throws -> RuleBook {
    try RuleBook(decoding: try JSONValue(parsing: #"{"rules":\#(rules),"synonyms":\#(synonyms)}"#))
}

func outcome(_ book: RuleBook, _ query: String, _ change: (inout RuleContext) -> Void = { _ in }) -> RuleOutcome {
    var context = RuleContext(query: query, market: "default", now: Timestamp(year: 2026, month: 6, day: 1))
    change(&context)
    return RuleMatcher(book).outcome(context)
}

@Suite struct RuleMatcherTests {
    private func applies(_ conditions: String, _ query: String, _ change: (inout RuleContext) -> Void = { _ in }) throws
        -> Bool
    {
        let rules = #"[{"id":"a","conditions":\#(conditions),"actions":[{"type":"banner","text":"Hello"}]}]"#
        return try outcome(book(rules), query, change).rules == ["a"]
    }

    @Test(arguments: [
        (#"{"query":{"exact":"Crème  Brûlée"}}"#, "creme brulee", true),
        (#"{"query":{"exact":"cream"}}"#, "ice cream", false),
        (#"{"query":{"contains":"ice cream"}}"#, "best ICE cream ever", true),
        (#"{"query":{"contains":"ice cream"}}"#, "ice cold cream", false),
        (#"{"query":{"contains":"cat"}}"#, "caterpillar", false),
        (#"{"query":{"pattern":"* shoes"}}"#, "red shoes", true),
        (#"{"query":{"pattern":"* shoes"}}"#, "red shoes size 4", false),
        (#"{"query":{"pattern":"t?p*"}}"#, "top hat", true),
        (#"{"query":{"pattern":"a*b*c"}}"#, "aXXbYYc", true), (#"{"query":{"pattern":"a*b*c"}}"#, "aXXcYY", false),
        ("{}", "", true), ("{}", "anything", true),
    ]) func `a condition on the query holds as it says`(conditions: String, query: String, holds: Bool) throws {
        #expect(try applies(conditions, query) == holds)
    }

    @Test func `category, filters, segments, markets and time must all hold`() throws {
        let category = #"{"category":"Grocery > Frozen"}"#
        #expect(try applies(category, "") { $0.filters["category"] = ["Grocery > Frozen > Pizza"] })
        #expect(try !applies(category, "") { $0.filters["category"] = ["Grocery > Frozen food"] })
        #expect(try !applies(category, ""))
        #expect(try applies(#"{"filters":{"brand":["A","B"]}}"#, "") { $0.filters["brand"] = ["B"] })
        #expect(try !applies(#"{"filters":{"brand":["A","B"]}}"#, "") { $0.filters["brand"] = ["C"] })
        #expect(try applies(#"{"segments":["vip"]}"#, "") { $0.segments = ["vip", "new"] })
        #expect(try !applies(#"{"segments":["vip"]}"#, ""))
        #expect(try applies(#"{"markets":["default"]}"#, ""))
        #expect(try !applies(#"{"markets":["de"]}"#, ""))
        #expect(try applies(#"{"from":"2026-06-01","until":"2026-06-02"}"#, ""))
        #expect(try !applies(#"{"until":"2026-06-01"}"#, ""))
        #expect(try !applies(#"{"from":"2026-06-01T00:00:01Z"}"#, ""))
    }

    @Test func `a pattern with many stars takes no longer than it should`() throws {
        let stars = String(repeating: "a*", count: 90) + "b"
        let text = String(repeating: "a", count: 400)
        #expect(try !applies(#"{"query":{"pattern":"\#(stars)"}}"#, text))
    }

    @Test func `the stronger rule has the place, and the weaker takes the next`() throws {
        let rules = """
            [{"id":"weak","actions":[{"type":"pin","item":"a","position":1},{"type":"redirect","to":"/weak"}]},
             {"id":"strong","priority":5,"actions":[{"type":"pin","item":"b","position":1},
                {"type":"hide","items":["c"]},{"type":"redirect","to":"/strong"}]},
             {"id":"late","actions":[{"type":"pin","item":"c","position":3},{"type":"hide","items":["b","d"]}]}]
            """
        let found = try outcome(book(rules), "x")
        #expect(found.rules == ["strong", "weak", "late"])
        #expect(found.pins.map(\.item) == [item("b"), item("a")])
        #expect(found.pins.map(\.position) == [1, 2])
        #expect(found.hidden.map(\.target) == [.items([item("c")]), .items([item("d")])])
        #expect(found.redirect == "/strong")
    }

    @Test func `replacements follow each other and never go in a circle`() throws {
        let rules = """
            [{"id":"1","conditions":{"query":{"contains":"telly"}},"actions":[{"type":"replace","phrase":"telly","with":"tv"}]},
             {"id":"2","conditions":{"query":{"exact":"big tv"}},"actions":[{"type":"replace","with":"large television"}]},
             {"id":"3","conditions":{"query":{"exact":"large television"}},"actions":[{"type":"replace","with":"big telly"}]}]
            """
        let found = try outcome(book(rules), "Big  Telly")
        #expect(found.query == "large television")
        #expect(found.replacements.map(\.rule) == ["1", "2"])
        let conflicts = RuleMatcher(try book(rules)).conflicts(now: Timestamp(milliseconds: 0))
        #expect(conflicts.contains { $0.severity == .error && $0.rules.contains("3") })
    }

    @Test func `synonyms name other wordings one way or both, and forgive a slip`() throws {
        let synonyms = """
            [{"id":"a","to":["couch","sofa","settee"]},{"id":"b","from":["tablet"],"to":["ipad pro"]}]
            """
        let book = try book("[]", synonyms: synonyms)
        func wordings(_ query: String) -> [[String]] {
            outcome(book, query).wordings.map { [$0.phrase, $0.isExact ? "exact" : "slip"] + $0.others }
        }
        #expect(wordings("Red Sofa") == [["sofa", "exact", "couch", "settee"]])
        #expect(wordings("tablet case") == [["tablet", "exact", "ipad pro"]])
        #expect(wordings("red cuoch") == [["cuoch", "slip", "couch", "sofa", "settee"]])
        #expect(wordings("tablets") == [["tablets", "slip", "tablet", "ipad pro"]])
        #expect(wordings("ipad pro case").isEmpty)
        #expect(wordings("cou").isEmpty)
    }

    @Test func `ten thousand rules answer as one does`() throws {
        let rules = (0..<10_000).map { number in
            #"{"id":"r\#(number)","conditions":{"query":{"contains":"word\#(number)"}},"actions":[{"type":"pin","item":"i\#(number)","position":1}]}"#
        }
        let book = try book("[" + rules.joined(separator: ",") + "]")
        #expect(outcome(book, "some word7777 here").pins.map(\.item) == [item("i7777")])
        #expect(outcome(book, "nothing").rules.isEmpty)
        #expect(RuleMatcher(book).conflicts(now: Timestamp(milliseconds: 0)).isEmpty)
    }
}
