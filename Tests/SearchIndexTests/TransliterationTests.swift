import Domain
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct TransliterationTests {
    @Test(arguments: [
        ("Нутелла", "nutella"), ("Кока-Кола", "koka kola"), ("Νουτέλα", "noutela"), ("ヌテラ", "nutera"),
        ("코카콜라", "kokakolla"),
    ])
    func `words of other scripts sound like this`(text: String, sound: String) {
        let words = Transliteration.words(of: text)?.map { String(decoding: $0, as: UTF8.self) }
        #expect(words?.joined(separator: " ") == sound)
    }

    @Test(arguments: ["", "nutella", "🍌🍌", "\u{0}", String(repeating: "\u{301}", count: 500)])
    func `what is Latin already, or no letter, has no sound`(text: String) {
        #expect(Transliteration.words(of: text) == nil)
    }

    @Test func `accents alone are Latin, and a long text is cut`() {
        #expect(Transliteration.words(of: "crème").map { $0.count } == 1)
        #expect((Transliteration.words(of: String(repeating: "щ", count: 100_000))?.first?.count ?? 0) < 1000)
    }

    @Test func `a maker's name is found in another script, and the answer says how it was read`() throws {
        let items = [
            SearchIndexTests.item(0, "Nutella hazelnut spread", ["Grocery"]),
            SearchIndexTests.item(1, "Milka chocolate", ["Grocery"]), SearchIndexTests.item(2, "Coca Cola", ["Drinks"]),
        ]
        let snapshot = try SearchEngine(items: items).snapshot()
        func answer(_ query: String) throws -> SearchResponse {
            try snapshot.search(SearchRequest(query: query), offers: SearchIndexTests.offers())
        }
        let nutella = try answer("нутелла")
        #expect(nutella.hits.map(\.number.rawValue) == [0])
        #expect(nutella.applied == [.transliteration(from: "нутелла", to: ["nutella"])])
        #expect(try answer("ミルカ").hits.map(\.number.rawValue) == [1])
        #expect(try answer("милка chocolate").hits.map(\.number.rawValue) == [1])
        #expect(try answer("щщщщщ").hits.isEmpty)
    }
}
