import Domain
import JSON
import Merchandising
import Testing

@Suite struct RuleBookTests {
    @Test func `a book reads back as it was written`() throws {
        let text = """
            {"format":1,"version":7,"published":"2026-05-01T10:00:00Z","rules":[
              {"id":"a","note":"Summer","enabled":false,"priority":3,
               "conditions":{"query":{"pattern":"ice*"},"category":"Grocery","filters":{"brand":["A"]},
                 "segments":["vip"],"markets":["de"],"from":"2026-06-01T00:00:00Z","until":"2026-09-01T00:00:00Z"},
               "actions":[{"type":"pin","item":"1","position":2},{"type":"hide","field":"brand","values":["X"]},
                 {"type":"boost","items":["2"],"factor":3},{"type":"bury","items":["3"],"factor":0.5},
                 {"type":"filter","field":"size","values":["L"]},{"type":"replace","phrase":"ice","with":"gelato"},
                 {"type":"redirect","to":"https://shop.example/ice"},
                 {"type":"banner","text":"Hot!","link":"/sale","image_link":"/sale.png"}],
               "pin_mode":"keep"}],
             "synonyms":[{"id":"s","from":["a"],"to":["b"]}]}
            """
        let book = try RuleBook(decoding: try JSONValue(parsing: text))
        #expect(book.version == 7)
        #expect(book.rules[0].actions.map(\.kind).count == 8)
        #expect(try RuleBook(decoding: book.encoded) == book)
    }

    @Test(arguments: [
        (#"{"rules":[{"id":"a","actions":[{"type":"pin","item":"1"}]}]}"#, "rules[0].actions[0].position"),
        (#"{"rules":[{"id":"a b","actions":[{"type":"banner","text":"x"}]}]}"#, "rules[0].id"),
        (#"{"rules":[{"id":"a","actions":[]}]}"#, "rules[0].actions"),
        (#"{"rules":[{"id":"a","actions":[{"type":"explode"}]}]}"#, "rules[0].actions[0].type"),
        (
            #"{"rules":[{"id":"a","conditions":{"query":{"pattern":"***"}},"actions":[{"type":"banner","text":"x"}]}]}"#,
            "rules[0].conditions.query.pattern"
        ),
        (
            #"{"rules":[{"id":"a","conditions":{"query":{"regex":"a+"}},"actions":[{"type":"banner","text":"x"}]}]}"#,
            "rules[0].conditions.query.regex"
        ),
        (
            #"{"rules":[{"id":"a","actions":[{"type":"redirect","to":"javascript:alert(1)"}]}]}"#,
            "rules[0].actions[0].to"
        ),
        (#"{"rules":[{"id":"a","actions":[{"type":"redirect","to":"//evil.example"}]}]}"#, "rules[0].actions[0].to"),
        (
            #"{"rules":[{"id":"a","actions":[{"type":"boost","items":["1"],"factor":0.5}]}]}"#,
            "rules[0].actions[0].factor"
        ),
        (
            #"{"rules":[{"id":"a","conditions":{"from":"2026-02-01","until":"2026-01-01"},"actions":[{"type":"banner","text":"x"}]}]}"#,
            "rules[0].conditions.until"
        ),
        (
            #"{"rules":[{"id":"a","actions":[{"type":"banner","text":"x"}]},{"id":"a","actions":[{"type":"banner","text":"x"}]}]}"#,
            "rules[1].id"
        ),
        (#"{"synonyms":[{"id":"a","to":["one"]}]}"#, "synonyms[0].to"), (#"{"rule":[]}"#, "rule"),
        (#"{"format":9}"#, "format"), (#"{"rules":[{"id":"a","pin_mode":"maybe","actions":[]}]}"#, "rules[0].pin_mode"),
    ]) func `what cannot be is refused with its place`(text: String, place: String) throws {
        let value = try JSONValue(parsing: text)
        let error = #expect(throws: RuleError.self) { try RuleBook(decoding: value) }
        #expect(error?.place == place)
    }

    @Test func `cycles are errors and contradictions are warnings with their reason`() throws {
        let now = Timestamp(year: 2026, month: 1, day: 1)
        let cyclic = try book(
            """
            [{"id":"a","conditions":{"query":{"exact":"tv"}},"actions":[{"type":"replace","with":"telly"}]},
             {"id":"b","conditions":{"query":{"exact":"telly"}},"actions":[{"type":"replace","with":"tv"}]}]
            """)
        let errors = RuleMatcher(cyclic).conflicts(now: now).filter { $0.severity == .error }
        #expect(errors.first?.rules == ["a", "b"])
        #expect(errors.first?.reason.contains("a → b") == true)
        let doubtful = try book(
            """
            [{"id":"a","conditions":{"query":{"exact":"ice cream"}},"actions":[{"type":"pin","item":"1","position":1}]},
             {"id":"b","conditions":{"query":{"contains":"ice"}},"actions":[{"type":"pin","item":"2","position":1},
                {"type":"hide","items":["1"]}]},
             {"id":"c","conditions":{"query":{"exact":"ice cream"},"markets":["de"]},"actions":[{"type":"redirect","to":"/a"}]},
             {"id":"d","conditions":{"query":{"exact":"ice cream"},"markets":["fr"]},"actions":[{"type":"redirect","to":"/b"}]},
             {"id":"e","conditions":{"until":"2025-01-01"},"actions":[{"type":"banner","text":"x"}]}]
            """)
        let warnings = RuleMatcher(doubtful).conflicts(now: now)
        #expect(warnings.allSatisfy { $0.severity == .warning })
        #expect(warnings.map(\.rules) == [["a", "b"], ["a", "b"], ["e"]])
        #expect(warnings[0].reason.contains("place 1"))
        #expect(warnings[1].reason.contains("the pin holds"))
    }
}
