import Domain
import Numerics
import Storage
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct QueryUnderstandingTests {
    private typealias Phrase = QueryPhrases.Phrase

    private func phrases(_ text: String) -> [Phrase] {
        let phrases = QueryPhrases(text, decimals: 2)
        var found: [Phrase] = []
        var index = 0
        while index < phrases.words.count {
            if let (phrase, length) = phrases.phrase(at: index) {
                found.append(phrase)
                index += length
            } else {
                index += 1
            }
        }
        return found
    }

    private static let prices: [(String, Int64?, Int64?)] = [
        ("cheese under $5", nil, 500), ("cheese less than 3 euros", nil, 300), ("wine under 10", nil, 1000),
        ("wine over $10", 1000, nil), ("between 2 and 4 dollars", 200, 400), ("$2 to $4 cheese", 200, 400),
        ("$2-$4", 200, 400), ("up to 50 cents", nil, 50), ("no more than $7.50", nil, 750), ("below €3", nil, 300),
    ]

    @Test(arguments: prices)
    func `prices are read`(text: String, lowest: Int64?, highest: Int64?) {
        #expect(phrases(text) == [.price(lowest: lowest, highest: highest)])
    }

    @Test(arguments: [
        "toys for kids under 5 years", "under the sea", "size 10 to 12", "7 up", "between friends", "over 9000",
    ])
    func `numbers that are no prices are left alone`(text: String) {
        #expect(!phrases(text).contains { if case .price = $0 { true } else { false } })
    }

    @Test(arguments: [
        ("12 pack", 12.0, Amount.Unit.pack), ("16oz", 16, .ounce), ("half gallon", 0.5, .gallon), ("6-pack", 6, .pack),
        ("1/2 gallon", 0.5, .gallon), ("2 liter", 2, .litre), ("a dozen", 1, .dozen), ("12 fl oz", 12, .ounce),
        ("1.5 l", 1.5, .litre),
    ])
    func `amounts are read`(text: String, value: Double, unit: Amount.Unit) {
        #expect(phrases(text + " milk") == [.amount(Amount(value: value, unit: unit))])
    }

    @Test func `one amount has many wordings`() {
        let gallon = Amount(value: 0.5, unit: .gallon).wordings
        #expect(gallon.contains("64 oz") && gallon.contains("1/2 gal") && gallon.contains(".5 gal"))
        #expect(gallon.contains("2 qt") && !gallon.contains("65 oz"))
        #expect(Amount(value: 2, unit: .litre).wordings.contains("67.6 oz"))
        #expect(Amount(value: 1, unit: .dozen).wordings.contains("12 ct"))
        #expect(Amount(value: 12, unit: .pack).wordings.first == "12 ct")
        #expect(Amount(value: 16, unit: .ounce).wordings.contains("1 lb"))
    }

    @Test(arguments: [
        ("cookies without nuts", "nuts"), ("cookies without any nuts", "nuts"), ("sugar free gum", "sugar"),
        ("sugar-free gum", "sugar"), ("gum free of sugar", "sugar"), ("gum with no sugar", "sugar"),
    ])
    func `exclusions are read`(text: String, word: String) { #expect(phrases(text) == [.without(word)]) }

    @Test(arguments: [
        ("cheapest bagels", SearchRequest.Sort.priceAscending), ("most expensive wine", .priceDescending),
    ])
    func `orders are read`(text: String, sort: SearchRequest.Sort) { #expect(phrases(text) == [.order(sort)]) }

    // MARK: With a catalogue

    private static let items = [
        SearchIndexTests.item(0, "Cola", ["Drinks", "Cola"], size: "12 pk"),
        SearchIndexTests.item(1, "Cola", ["Drinks", "Cola"], size: "2 L"),
        SearchIndexTests.item(2, "Cola sugar free", ["Drinks", "Cola"], size: "67.6 oz"),
        SearchIndexTests.item(3, "Cookies with nuts", ["Bakery", "Cookies"], brand: "Private"),
        SearchIndexTests.item(4, "Cookies plain", ["Bakery", "Cookies"], brand: "National"),
        SearchIndexTests.item(5, "Chicken boneless", ["Meat", "Chicken"]),
    ]

    private func search(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> SearchResponse {
        var request = SearchRequest(query: query)
        change(&request)
        return try SearchEngine(items: Self.items).snapshot().search(request, offers: SearchIndexTests.offers())
    }

    private func found(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> [UInt32] {
        try search(query, change).hits.map(\.number.rawValue)
    }

    @Test func `a size finds all its wordings first`() throws {
        #expect(try found("12 pack cola").first == 0)
        #expect(Set(try found("2 liter cola").prefix(2)) == [1, 2])
    }

    @Test func `a price is a filter, shown with its text, and can be removed`() throws {
        let response = try search("cola under $3")
        #expect(response.hits.map(\.number.rawValue) == [0])
        #expect(
            response.understanding.parts
                == [.init(id: "price", text: "under $3", meaning: .price(lowest: nil, highest: 300))])
        #expect(response.understanding.words == "cola")
        #expect(try found("cola under $3") { $0.ignored = ["price"] }.count == 3)
        #expect(try found("cola under $3") { $0.maximumPrice = 400 } == [0, 1])
    }

    @Test func `without something is what the catalogue says is without it, or else does not mention it`() throws {
        #expect(try found("cola without sugar") == [2])
        #expect(try found("chicken without bones") == [5])
        #expect(try found("cookies without nuts") == [4])
        // Cola is said to be free of sugar, but no cookies are.
        let cookies = try search("cookies without sugar")
        #expect(Set(cookies.hits.map(\.number.rawValue)) == [3, 4] && cookies.applied.isEmpty)
        #expect(try found("cookies without nuts") { $0.ignored = ["without"] }.first == 3)
    }

    @Test func `a value beside the name of its facet is a filter`() throws {
        #expect(try found("private brand cookies") == [3])
        #expect(try search("private brand cookies").understanding.parts.first?.kind == "value")
    }

    @Test func `the cheapest come first`() throws {
        #expect(try found("cheapest cola") == [0, 1, 2])
        #expect(try search("cola").understanding.parts.isEmpty)
    }

    @Test func `without lists nothing is understood`() throws {
        #expect(try search("cola under $3") { $0.usesLists = false }.understanding.parts.isEmpty)
    }

    // MARK: Hostile queries

    @Test func `queries of any kind of text are answered`() throws {
        var generator = SeededGenerator(seed: 5)
        let scalars = (0..<400).compactMap { _ in Unicode.Scalar(UInt32.random(in: 0..<0x11_0000, using: &generator)) }
        var queries = [
            "!!!???...", "🍌🍌🍌", "\u{0}\u{1}\u{7f}", "\u{202e}ananab\u{202c} שלום banana", "-", "$", "$$5", "under $",
            "between and", "1/0 oz", "1e999 oz", "nan oz", "inf dollars", "under $1e30", "without without without",
            "free free free", "no no no", "'", "''''", "\u{2019}", "￥", "under -5 dollars", "12 12 12 pk pk pk",
            String(repeating: "12 pack ", count: 60), String(repeating: "a ", count: 250),
            String(String.UnicodeScalarView(scalars.prefix(100))),
        ]
        for _ in 0..<60 {
            let pieces = [
                "under", "$5", "12", "pack", "without", "free", "no", "cola", "🍌", "'", "-", "ガ", "\u{3099}", "牛",
            ]
            queries.append((0..<6).map { _ in pieces.randomElement(using: &generator)! }.joined(separator: " "))
        }
        for query in queries where query.utf8.count <= SearchRequest.maximumQueryBytes {
            let response = try search(query)
            #expect(response.hits.count <= Self.items.count)
            #expect(response.hits.allSatisfy { $0.score.isFinite })
        }
    }

    @Test func `a query of 100,000 characters is refused, not read`() {
        #expect(throws: SearchError.self) { try search(String(repeating: "bananna ", count: 12_500)) }
    }
}
