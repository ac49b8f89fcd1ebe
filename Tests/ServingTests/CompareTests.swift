import Domain
import Foundation
import JSON
import Merchandising
import Serving
import Storage
import TestSupport
import Testing

@Suite struct CompareTests {
    private func draft(_ rules: String) throws -> RuleBook {
        try RuleBook(decoding: try JSONValue(parsing: #"{"rules":\#(rules),"synonyms":[]}"#))
    }

    @Test func `two configurations are measured by judgements, clicks and what they find`() throws {
        var events: [Event] = []
        for number in 0..<4 {
            var click = Event(
                id: "c\(number)", name: .selectItem, time: Timestamp(year: 2025, month: 5, day: 1 + number))
            (click.query, click.items) = ("Apple", [EventItem(item: itemID(number < 3 ? "i5" : "i0"))])
            click.isSynthetic = number == 0
            events.append(click)
        }
        let shop = try OpenShop(titles: (0..<12).map { "Apple \($0)" }, events: events)
        let folder = shop.shop.path + "/judgements"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("q1\thead\ten\tapple\n".utf8).write(to: URL(filePath: folder + "/queries.tsv"))
        try Data("q1 0 i5 3\n".utf8).write(to: URL(filePath: folder + "/qrels.txt"))
        var pinned = SearchConfiguration()
        pinned.rules = .draft(
            try draft(#"[{"id":"p","actions":[{"type":"pin","item":"i5","position":1}]}]"#))
        let found = try shop.service.compare(
            SearchConfiguration(), pinned, queries: ["apple", "pear"], includesSynthetic: false)
        #expect(found.queries.map(\.totals) == [[12, 12], [0, 1]])
        #expect(found.queries[0].shared == 10)
        let judged = try #require(found.queries[0].judged)
        #expect(abs(judged[0] - log(2) / log(7)) < 1e-12)
        #expect(judged[1] == 1)
        // Two clicks on the sixth and one on the first; then on the first and on the second.
        let clicked = try #require(found.queries[0].clicked)
        #expect(abs(clicked[0] - (1 + 2.0 / 6) / 3) < 1e-12)
        #expect(abs(clicked[1] - (2 + 0.5) / 3) < 1e-12)
        #expect(found.queries[1].judged == nil)
        #expect(found.queries[1].clicked == nil)
        #expect(found.measures.map(\.name) == ["ndcg@10", "clicks@10", "found"])
        #expect(found.measures.map(\.queries) == [1, 1, 2])
        #expect(found.measures[2].means == [0.5, 1])
        #expect(!found.isSynthetic)
        let all = try shop.service.compare(pinned, pinned, queries: [], includesSynthetic: true)
        #expect(all.queries.map(\.text) == ["apple"])
        #expect(all.measures.allSatisfy { $0.pValue == 1 && $0.lowest == 0 && $0.highest == 0 })
        #expect(all.isSynthetic)
    }

    @Test func `what fills an empty page is named, and is no part of the answer`() throws {
        let shop = try OpenShop(titles: (0..<6).map { "Apple \($0)" } + ["Quince"])
        func search(_ query: String, _ filters: [SearchCall.Filter] = [], filler: Bool = true) throws -> SearchAnswer {
            var call = SearchCall()
            (call.query, call.filters, call.wantsFiller) = (query, filters, filler)
            return try shop.service.search(call)
        }
        let odd = SearchCall.Filter(field: "category", values: ["Produce > Odd"])
        let unfiltered = try search("quince", [odd])
        #expect(unfiltered.hits.total == 0)
        #expect(unfiltered.entries.isEmpty)
        #expect(unfiltered.filler?.step == .withoutFilters)
        #expect(unfiltered.filler?.cards.map(\.item.title) == ["Quince"])
        let category = try search("xylophone", [odd])
        #expect(category.filler?.step == .category)
        #expect(category.filler?.cards.allSatisfy { $0.item.productType == ["Produce", "Odd"] } == true)
        #expect(try search("xylophone").filler?.step == .popular)
        #expect(try search("xylophone", filler: false).filler == nil)
        #expect(try search("apple").filler == nil)
    }
}
