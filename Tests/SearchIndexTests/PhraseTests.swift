import Domain
import Numerics
import Testing
import TextAnalysis

@testable import SearchIndex

/// Phrases and nearness against a scan that reads every item's texts.
@Suite struct PhraseTests {
    private static let words = ["red", "green", "tea", "milk", "oat", "soap", "cat", "food"]
    private static let offers = OfferColumns(currency: .usd, numberLimit: 0)

    private static func items(_ random: inout SeededGenerator) -> [StoredItem] {
        func text(_ most: Int) -> String {
            (0..<Int.random(in: 1...most, using: &random)).map { _ in words.randomElement(using: &random) ?? "" }
                .joined(separator: " ")
        }
        return (0..<400 as Range<UInt32>).map { number in
            var item = SearchIndexTests.item(number, text(5), ["Shop", text(2), text(2)], brand: text(1)).item
            item.description = text(6)
            item.sourceText = text(4)
            return StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false)
        }
    }

    /// The terms of each field that keeps the order of its words.
    private static func fields(_ item: Item) -> [[[UInt8]]] {
        Field.allCases.filter { TextColumns.fields.contains($0) }.map { field in
            Analyzer().tokens(of: field.text(of: item, in: .all)).map(\.term)
        }
    }

    private static func holds(_ phrase: [[UInt8]], _ fields: [[[UInt8]]]) -> Bool {
        fields.contains { field in
            field.indices.contains { field[$0...].starts(with: phrase) }
        }
    }

    private static func search(_ snapshot: SearchSnapshot, _ query: String, _ change: (inout SearchRequest) -> Void)
        throws -> SearchResponse
    {
        var request = SearchRequest(query: query)
        (request.limit, request.understands, request.correctsTypos) = (1000, false, false)
        change(&request)
        return try snapshot.search(request, offers: offers)
    }

    @Test(arguments: 0..<6 as Range<UInt64>) func `words side by side add what a scan says`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let items = Self.items(&random)
        let engine = try SearchEngine(items: Array(items.prefix(350)))
        try engine.apply(Array(items.dropFirst(350)))
        let snapshot = engine.snapshot()
        for matching in [SearchRequest.Matching.all, .any] {
            let asked = Self.words.shuffled(using: &random).prefix(Int.random(in: 2...4, using: &random))
            let query = asked.joined(separator: " ")
            let terms = asked.map { Analyzer().token(Array($0.utf8)).term }
            let plain = try Self.search(snapshot, query) { ($0.matching, $0.boostsNearness) = (matching, false) }
            let expected = plain.hits.map { hit in
                let fields = Self.fields(items[hit.number.index].item)
                let met = (1..<terms.count).count { Self.holds([terms[$0 - 1], terms[$0]], fields) }
                let score = UInt64(hit.score * Double(Score.one))
                return SearchHit(
                    number: hit.number,
                    score: Score.value(UInt32(score + score * UInt64(met) / UInt64(8 * (terms.count - 1)))))
            }
            .sorted { ($1.score, $0.number) < ($0.score, $1.number) }
            for limit in [1, 10, 50] {
                for counts in [true, false] {
                    let found = try Self.search(snapshot, query) {
                        ($0.matching, $0.countsMatches, $0.limit) = (matching, counts, limit)
                    }
                    #expect(found.hits == Array(expected.prefix(limit)), "seed \(seed), \(query), \(limit), \(counts)")
                }
            }
            if let hit = expected.first {
                var request = SearchRequest(query: query)
                (request.matching, request.understands, request.correctsTypos) = (matching, false, false)
                let tree = try snapshot.explain(request, items[hit.number.index])
                #expect(abs((tree?.value ?? 0) - hit.score) < 1e-3)
            }
        }
    }

    @Test(arguments: 0..<6 as Range<UInt64>) func `a phrase finds what a scan finds`(seed: UInt64) throws {
        var random = SeededGenerator(seed: 50 + seed)
        let items = Self.items(&random)
        let engine = try SearchEngine(items: Array(items.prefix(350)))
        try engine.apply(Array(items.dropFirst(350)))
        let snapshot = engine.snapshot()
        for _ in 0..<4 {
            let asked = (0..<Int.random(in: 1...3, using: &random)).map { _ in
                Self.words.randomElement(using: &random) ?? ""
            }
            let phrase = asked.joined(separator: " ")
            let terms = asked.map { Analyzer().token(Array($0.utf8)).term }
            let expected = items.filter { Self.holds(terms, Self.fields($0.item)) }.map(\.number)
            for (query, matching) in [("\"\(phrase)\"", SearchRequest.Matching.all), ("soap “\(phrase)”", .any)] {
                let counted = try Self.search(snapshot, query) { ($0.matching, $0.facets) = (matching, ["brand"]) }
                #expect(Set(counted.hits.map(\.number)) == Set(expected), "seed \(seed), \(query)")
                #expect(counted.total == expected.count)
                #expect(counted.facets["brand"]?.reduce(0) { $0 + $1.count } == expected.count)
                let best = try Self.search(snapshot, query) {
                    ($0.matching, $0.countsMatches, $0.limit) = (matching, false, 10)
                }
                #expect(best.hits == Array(counted.hits.prefix(10)))
            }
        }
    }

    @Test func `a phrase that nothing holds is searched as words, and that is said`() throws {
        let snapshot = try SearchEngine(items: SearchIndexTests.items).snapshot()
        func search(_ query: String, exact: Bool = false) throws -> SearchResponse {
            try Self.search(snapshot, query) { $0.correctsTypos = !exact }
        }
        #expect(try search("\"ice cream\"").hits.map(\.number.rawValue) == [2])
        let relaxed = try search("\"cream ice\"")
        #expect(relaxed.hits.first?.number.rawValue == 2)
        #expect(relaxed.applied.contains(.phrase(dropped: ["cream ice"])))
        #expect(try search("\"cream ice\"", exact: true).hits.isEmpty)
    }

    @Test(arguments: [
        ("\"ice cream\" pint", ["ice cream"]), ("12\" pan", []), ("a \"b", []), ("„x y“ «z»", ["x y", "z"]),
        ("\"\"", [""]),
        ("don't \"stop it\"", ["stop it"]), ("\"a\"\"b\"", ["a", "b"]),
    ]) func `quotation marks part phrases`(query: String, phrases: [String]) {
        #expect(QuotedPhrases.read(query) == phrases)
    }
}
