import Domain
import JSON
import Merchandising
import Testing

@Suite struct RuleImportTests {
    @Test func `Algolia's rules and synonyms are taken over`() throws {
        let export = """
            [{"objectID":"phones","description":"Phones","enabled":true,
              "conditions":[{"pattern":"smartphone","anchoring":"contains","context":"mobile"},
                            {"pattern":"phone","anchoring":"startsWith"}],
              "consequence":{"promote":[{"objectID":"p1","position":0},{"objectIDs":["p2","p3"],"position":1}],
                "filterPromotes":false,"hide":[{"objectID":"p9"}],
                "params":{"query":{"edits":[{"type":"replace","delete":"smartphone","insert":"phone"}]},
                  "filters":"brand:\\"Acme Inc\\" AND color:red","optionalFilters":["category:New<score=3>","-brand:Old"]},
                "userData":{"a":1}},
              "validity":[{"from":1767225600,"until":1798761600}]},
             {"objectID":"facet","conditions":[{"pattern":"{facet:brand}","anchoring":"is"}],
              "consequence":{"params":{"query":"x"}}},
             {"objectID":"s1","type":"synonym","synonyms":["Couch","sofa"]},
             {"objectID":"s2","type":"oneWaySynonym","input":"tablet","synonyms":["ipad"]},
             {"objectID":"s3","type":"placeholder","placeholder":"<x>","replacements":["1"]}]
            """
        let taken = try RuleImport(try JSONValue(parsing: export), format: .algolia)
        #expect(taken.rules.map(\.id) == ["phones", "phones.2"])
        let rule = taken.rules[0]
        #expect(rule.pinMode == .keep)
        #expect(rule.conditions.query == .contains("smartphone"))
        #expect(rule.conditions.segments == ["mobile"])
        #expect(rule.conditions.start == Timestamp(year: 2026, month: 1, day: 1))
        #expect(
            rule.actions == [
                .pin(item("p1"), position: 1), .pin(item("p2"), position: 2), .pin(item("p3"), position: 3),
                .hide(.items([item("p9")])), .replace(phrase: "smartphone", with: "phone"),
                .filter(field: "brand", values: ["Acme Inc"]), .filter(field: "color", values: ["red"]),
                .weigh(.field("category", values: ["New"]), factor: 2),
                .weigh(.field("brand", values: ["Old"]), factor: 0.5),
            ])
        #expect(taken.synonyms.map(\.to) == [["couch", "sofa"], ["ipad"]])
        #expect(taken.synonyms[1].from == ["tablet"])
        #expect(taken.notes.map(\.id) == ["phones", "facet", "s3"])
        #expect(try RuleBook(decoding: taken.merged(into: RuleBook()).encoded).rules == taken.rules)
    }

    @Test func `Typesense's overrides and synonyms are taken over`() throws {
        let export = """
            {"overrides":[
               {"id":"apple","rule":{"query":"apple","match":"exact"},"includes":[{"id":"422","position":1}],
                "excludes":[{"id":"287"}],"filter_curated_hits":true,"effective_to_ts":1798761600},
               {"id":"cheap","rule":{"query":"cheap","match":"contains"},"filter_by":"price_band:=[low, `very low`]"},
               {"id":"typo","rule":{"query":"sneekers","match":"exact"},"replace_query":"sneakers","sort_by":"p:desc"},
               {"id":"dynamic","rule":{"query":"{brand} phone","match":"contains"},"filter_by":"brand:={brand}"}],
             "synonyms":[{"id":"a","root":"","synonyms":["blazer","coat"]},{"id":"b","root":"smart phone","synonyms":["iphone"]}]}
            """
        let taken = try RuleImport(try JSONValue(parsing: export), format: .typesense)
        #expect(taken.rules.map(\.id) == ["apple", "cheap", "typo"])
        #expect(taken.rules[0].actions == [.pin(item("422"), position: 1), .hide(.items([item("287")]))])
        #expect(taken.rules[0].pinMode == .onlyIfMatching)
        #expect(
            taken.rules[1].actions == [
                .filter(field: "price_band", values: ["low", "very low"]), .replace(phrase: "cheap", with: ""),
            ])
        #expect(taken.rules[2].actions == [.replace(phrase: nil, with: "sneakers")])
        #expect(taken.synonyms.map(\.from) == [[], ["smart phone"]])
        #expect(taken.notes.map(\.id) == ["typo", "dynamic"])
    }

    @Test(arguments: RuleImport.Format.allCases) func `what is no export is refused`(format: RuleImport.Format) throws {
        for text in ["{}", "3", #"{"rules":5}"#] {
            let value = try JSONValue(parsing: text)
            #expect(throws: RuleError.self) { try RuleImport(value, format: format) }
        }
    }
}
