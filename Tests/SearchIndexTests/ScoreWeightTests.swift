import Domain
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct ScoreWeightTests {
    private static let titles = ["red couch", "blue couch", "sofa red", "red chair", "settee green", "tin opener"]

    private let engine: SearchEngine
    private let offers: OfferColumns

    init() throws {
        engine = try SearchEngine(
            items: Self.titles.enumerated().map { number, title in
                SearchIndexTests.item(UInt32(number), title, ["home", number % 2 == 0 ? "even" : "odd"])
            })
        offers = OfferColumns(currency: .usd, numberLimit: 6)
    }

    private func search(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> SearchResponse {
        try engine.snapshot().search(request(query, change), offers: offers)
    }

    private func request(_ query: String, _ change: (inout SearchRequest) -> Void) -> SearchRequest {
        var request = SearchRequest(query: query)
        change(&request)
        return request
    }

    private func weight(_ factor: Double, _ change: (inout ScoreWeight) -> Void) -> ScoreWeight {
        var weight = ScoreWeight(label: "test", factor: factor)
        change(&weight)
        return weight
    }

    @Test func `weights order all matches, and an explanation sums with them`() throws {
        let plain = try search("red")
        let last = try #require(plain.hits.last)
        let weights = [
            weight(5) { $0.items = [last.number] },
            weight(0.5) { ($0.field, $0.values) = ("category", ["home > odd"]) },
            weight(3) { $0.prices = 1...5 },
        ]
        for counts in [true, false] {
            let found = try search("red") { ($0.weights, $0.countsMatches) = (weights, counts) }
            #expect(found.hits.first?.number == last.number)
            #expect(Set(found.hits.map(\.number)) == Set(plain.hits.map(\.number)))
            for hit in found.hits {
                let title = Self.titles[hit.number.index]
                let stored = SearchIndexTests.item(
                    hit.number.rawValue, title, ["home", hit.number.index % 2 == 0 ? "even" : "odd"])
                let tree = try engine.snapshot().explain(
                    request("red") { $0.weights = weights }, stored, offers: offers)
                #expect(abs((tree?.value ?? 0) - hit.score) < 0.01 * hit.score)
            }
        }
        #expect(try search("red") { ($0.weights, $0.sort) = (weights, .title) }.hits.first?.number.rawValue == 3)
    }

    @Test func `the shop's own wordings are readings of one word`() throws {
        let synonyms = [SearchRequest.Synonym(from: "sofa", to: ["couch", "setee", "nowhere"])]
        let found = try search("sofa") { $0.synonyms = synonyms }
        #expect(Set(found.hits.map(\.number.rawValue)) == [0, 1, 2, 4])
        #expect(found.hits.first?.number.rawValue == 2)
        #expect(found.total == 4)
        #expect(try search("red sofa") { ($0.synonyms, $0.matching) = (synonyms, .all) }.total == 2)
        #expect(try search("sofa") { ($0.synonyms, $0.correctsTypos) = (synonyms, false) }.total == 1)
    }

    @Test func `a phrase that may be a slip counts only if the catalogue lacks a word of it`() throws {
        func found(_ from: String) throws -> [UInt32] {
            let synonym = SearchRequest.Synonym(from: from, to: ["can opener", "tin opener"], isExact: false)
            return try search(from) { $0.synonyms = [synonym] }.hits.map(\.number.rawValue).sorted()
        }
        #expect(try found("cann opener") == [5])
        #expect(try found("red chair") == [3])
    }

    @Test func `where any word is enough, an explanation takes nothing off`() throws {
        let asked = request("red tin") { $0.matching = .any }
        let hits = try engine.snapshot().search(asked, offers: offers).hits
        #expect(hits.count == 4)
        for hit in hits {
            let number = hit.number.index
            let stored = SearchIndexTests.item(
                UInt32(number), Self.titles[number], ["home", number % 2 == 0 ? "even" : "odd"])
            let tree = try engine.snapshot().explain(asked, stored)
            #expect(abs((tree?.value ?? 0) - hit.score) < 0.01 * hit.score)
        }
    }

    @Test func `categories are counted without what is hidden`() {
        let snapshot = engine.snapshot()
        #expect(snapshot.categories(levels: 1).first?.count == 6)
        #expect(snapshot.hiding([ItemNumber(0)]).categories(levels: 1).first?.count == 5)
        #expect(snapshot.categories(levels: 1).first?.count == 6)
    }
}
