import Domain
import Foundation
import Storage
import TestSupport
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct QueryLanguageTests {
    private static let titles = [
        "eggs large", "dog food", "cat food", "toothpaste", "toilet tissue", "white wine", "red wine", "olive oil",
        "bread", "cooking pan", "milk", "juice orange",
        "tomato paste", "tooth pick",
    ]

    private static let dictionary: [(String, String, String, Float)] = [
        ("es", "huevo", "egg", 0.9), ("es", "comida", "food", 0.9), ("es", "perro", "dog", 0.9),
        ("es", "pasta", "paste", 0.9), ("es", "diente", "tooth", 0.9), ("es", "pan", "bread", 0.9),
        ("es", "papel higienico", "toilet paper", 0.9), ("es", "vino", "wine", 0.9), ("it", "vino", "wine", 0.9),
        ("es", "blanco", "white", 0.9), ("it", "olio", "oil", 0.9), ("it", "oliva", "olive", 0.9),
        ("de", "hund", "dog", 0.9), ("de", "futter", "food", 0.9), ("de", "katze", "cat", 0.9),
        ("zh", "牛奶", "milk", 0.9), ("ja", "牛乳", "milk", 0.9), ("ja", "オレンジ", "orange", 0.9),
        ("ja", "ジュース", "juice", 0.9),
    ]

    private static func entries() -> [Expansions.Entry] {
        var entries = dictionary.map {
            Expansions.Entry(kind: .translation, headword: $1, expansion: $2, weight: $3, language: $0)
        }
        entries += ["para", "de"].map {
            Expansions.Entry(kind: .idle, headword: $0, expansion: "-", weight: 0, language: "es")
        }
        for (language, headword, _, _) in dictionary where Stemmer.isKnown(language) && !headword.contains(" ") {
            let stem = Stemmer(language: language).stem(Array(headword.utf8))
            entries.append(
                Expansions.Entry(
                    kind: .lemma, folded: Array("\(language):".utf8) + stem, expansion: headword, weight: 0,
                    language: language))
        }
        entries.append(
            Expansions.Entry(kind: .synonym, headword: "toilet paper", expansion: "toilet tissue", weight: 0.6))
        return entries
    }

    private func first(_ query: String, market: String? = nil) throws -> String? {
        let items = Self.titles.enumerated().map {
            SearchIndexTests.item(UInt32($0.offset), $0.element, ["Shop", $0.element])
        }
        var request = SearchRequest(query: query)
        request.language = market
        let hits = try SearchEngine(items: items, expansions: Self.entries()).snapshot()
            .search(request, offers: OfferColumns(currency: .usd, numberLimit: items.count)).hits
        return hits.first.map { Self.titles[$0.number.index] }
    }

    @Test(arguments: [
        ("huevos", "eggs large"), ("comida para perros", "dog food"), ("pasta de dientes", "toothpaste"),
        ("papel higiénico", "toilet tissue"), ("vino blanco", "white wine"), ("olio d'oliva", "olive oil"),
        ("Hundefutter", "dog food"), ("Katzenfutter", "cat food"), ("牛奶", "milk"), ("牛乳", "milk"),
        ("オレンジジュース", "juice orange"),
    ])
    func `a query in another language is read in it`(query: String, title: String) throws {
        #expect(try first(query) == title)
    }

    @Test func `a word of two languages is the catalogue's own, unless the market speaks the other`() throws {
        #expect(try first("pan") == "cooking pan")
        #expect(try first("pan", market: "es") == "bread")
    }

    @Test func `a phrase that no item holds goes by its other name`() throws {
        #expect(try first("toilet paper") == "toilet tissue")
    }

    @Test func `a plural has the other names of its singular`() throws {
        let entries =
            Self.entries() + [
                Expansions.Entry(kind: .synonym, headword: "puppy", expansion: "dog", weight: 0.6),
                Expansions.Entry(
                    kind: .lemma, folded: Array("en:puppi".utf8), expansion: "puppy", weight: 0, language: "en"),
            ]
        let expansions = Expansions(bytes: Expansions.encode(entries), analyzer: Analyzer())
        #expect(expansions.synonyms(of: Array("puppies".utf8)).map(\.text) == ["dog"])
        #expect(expansions.synonyms(of: Array("puppets".utf8)).isEmpty)
    }

    @Test func `a query in the catalogue's language stays in it`() throws {
        #expect(try first("red wine") == "red wine")
        #expect(try first("cooking pan") == "cooking pan")
    }

    @Test func `lines come out sorted, each once, and damaged ones are passed over`() throws {
        let entries = Self.entries()
        let encoded = Expansions.encode(entries + entries)
        let lines = encoded.split(separator: 10).map(Array.init)
        #expect(lines == lines.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(Set(lines).count == lines.count)
        let damaged = Array("\u{0}\nt\tmilch\nt\tmilch\tmilk\tnan\tde\nt\tmilch\tmilk\t7\nt\t\t\t\t\n\n\n".utf8)
        for bytes in [damaged, [], [10], [255, 254, 10, 0], Array("l\t".utf8), Array("l\tes:\n".utf8)] {
            let expansions = Expansions(bytes: bytes, analyzer: Analyzer())
            #expect(expansions.translations(of: Array("milch".utf8)).isEmpty)
            #expect(expansions.synonyms(of: []).isEmpty)
        }
    }

    @Test func `files of dictionaries are read line by line, and damaged lines are passed over`() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/translations.tsv"
        let text = """
            # a comment
            es\thuevos\tegg\t0.90
            es\thuevos\tunknown thing\t0.90
            es\tpara\tfor the\t0.80
            es\tbroken
            es\tbroken\tegg\tmuch
            es\tbroken\tegg\t9
            \t\t\t
            zh\t蛋\tegg\t0.8
            """
        try Data(text.utf8).write(to: URL(filePath: path))
        var known = KnownWords(analyzer: Analyzer(), terms: [Array("egg".utf8)]) { $0.elementsEqual("egg".utf8) }
        let entries = try Dictionaries.entries(path: path, known: &known)
        #expect(entries.filter { $0.kind == .translation }.map(\.expansion) == ["egg", "egg"])
        #expect(entries.filter { $0.kind == .idle }.map(\.headword) == [Array("para".utf8)])
        #expect(try Dictionaries.entries(path: folder.path + "/absent", known: &known).isEmpty)
        #expect(try WordNet(folder: folder.path).synonyms(known: &known) { _ in false }.isEmpty)
        try Data("egg n 1\n00001 x\n\n0 1 2 ff a\n".utf8).write(to: URL(filePath: folder.path + "/index.noun"))
        try Data("00001 03 n ff egg\n5\n\u{ff}\n".utf8).write(to: URL(filePath: folder.path + "/data.noun"))
        #expect(try WordNet(folder: folder.path).synonyms(known: &known) { _ in false }.isEmpty)
    }

    @Test func `nouns of WordNet lead to the other words of their sense that the catalogue holds`() throws {
        let folder = try TemporaryFolder()
        let index = "  1 licence\nsoda_pop n 1 1 @ 1 0 00000020  \npop n 1 1 @ 1 0 00000020  \n"
        let data =
            "  1 licence\n00000020 13 n 03 pop 0 soda_pop 0 tonic 1 001 @ 00000090 n 0000 | a drink  \n"
            + "00000090 13 n 02 soft_drink 0 Beverage 0 000 | wet  \n"
        try Data(index.utf8).write(to: URL(filePath: folder.path + "/index.noun"))
        try Data(data.utf8).write(to: URL(filePath: folder.path + "/data.noun"))
        let words = ["pop", "soft", "drink", "beverag"].map { Array($0.utf8) }
        var known = KnownWords(analyzer: Analyzer(), terms: words) { words.contains($0) }
        let entries = try WordNet(folder: folder.path).synonyms(known: &known) { _ in false }
        let pairs = entries.filter { $0.kind == .synonym }.map {
            [String(decoding: $0.headword, as: UTF8.self), $0.expansion]
        }
        #expect(
            pairs == [
                ["pop", "beverage"], ["pop", "soft drink"], ["soda pop", "beverage"], ["soda pop", "pop"],
                ["soda pop", "soft drink"],
            ])
        #expect(entries.filter { $0.kind == .synonym }.map(\.weight) == [0.3, 0.3, 0.3, 0.6, 0.3])
    }
}
