import Foundation
import TestSupport
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct LearnedWordsTests {
    /// A WordNet of a few senses, in the format of its files.
    private func wordNet(_ files: [String: String]) throws -> WordNet {
        let folder = try TemporaryFolder()
        for (name, text) in files { try Data(text.utf8).write(to: URL(filePath: "\(folder.path)/\(name)")) }
        return try WordNet(folder: folder.path)
    }

    private func known(_ words: [String]) -> KnownWords {
        let terms = words.map { Array($0.utf8) }
        return KnownWords(analyzer: .init(), terms: terms) { terms.contains($0) }
    }

    private let medicine = [
        "index.noun": """
        ache n 1 1 @ 1 0 00000010
        toothache n 1 1 @ 1 0 00000020
        painkiller n 1 1 @ 1 0 00000030
        chair n 1 0 1 0 00000040
        rubber n 2 0 2 0 00000050 00000060
        sheath n 1 0 1 0 00000060
        guard n 1 0 1 0 00000060

        """,
        "data.noun": """
        00000010 26 n 01 ache 0 000 | a dull pain
        00000020 26 n 01 toothache 0 001 @ 00000010 n 0000 | pain in a tooth
        00000030 06 n 01 painkiller 0 000 | a medicine that takes away an ache
        00000040 06 n 01 chair 0 000 | a seat with a back and legs
        00000050 27 n 01 rubber 0 000 | an elastic material
        00000060 06 n 03 sheath 0 rubber 0 guard 0 000 | a thin cover of elastic material

        """,
    ]

    @Test func `goods whose definition mentions what a state is a kind of are for that state`() throws {
        var files = medicine
        // Words are rare among many definitions only.
        for number in 1000..<3000 { files["data.noun", default: ""] += "0000\(number) 06 n 01 q 0 000 | x\n" }
        let words = try wordNet(files)
        let neighbours = GlossNeighbours(words) { ["painkiller", "chair"].map { Array($0.utf8)[...] }.contains($0) }
        let entries = neighbours.entries { $0.elementsEqual("toothache".utf8) }
        #expect(entries.map(\.expansion) == ["painkiller"])
        #expect(neighbours.entries { $0.elementsEqual("rubber".utf8) }.isEmpty)
    }

    @Test func `a name that mostly means something else weighs less`() throws {
        var known = known(["rubber", "guard"])
        let entries = try wordNet(medicine).synonyms(known: &known) { _ in false }
        let weights = entries.filter { $0.headword == Array("sheath".utf8) && $0.kind == .synonym }
            .reduce(into: [:]) { $0[$1.expansion] = $1.weight }
        #expect(weights["guard"] == 0.6)
        #expect(abs((weights["rubber"] ?? 0) - 0.51) < 0.001)
    }

    @Test func `what a word is a kind of counts in full if a category has that name`() throws {
        let files = [
            "index.noun": "soda n 1 0 1 0 00000010\nsoft_drink n 1 0 1 0 00000020\n",
            "data.noun": """
            00000010 13 n 01 soda 0 001 @ 00000020 n 0000 | sweet
            00000020 13 n 01 soft_drink 0 000 | wet

            """,
        ]
        for (isName, weight) in [(true, Float(0.6)), (false, 0.3)] {
            var known = known(["soft", "drink"])
            let entries = try wordNet(files).synonyms(known: &known) { _ in isName }
            #expect(entries.filter { $0.kind == .synonym }.map(\.weight) == [weight])
        }
    }

    @Test func `words that definitions are made with say nothing, and those that begin them part nothing`() throws {
        var data = ""
        for number in 10..<110 {
            data += "000000\(number) 06 n 01 thing\(number) 0 000 | the one used for shelves from boxes  \n"
        }
        let index = "one n 1 0 1 0 00000010\nshelf n 1 0 1 0 00000011\nbox n 1 0 1 0 00000012\nuse v 1 0 1 0 00000013\n"
        let entries = try wordNet(["data.noun": data, "index.noun": index, "noun.exc": "shelves shelf\n"])
            .functionWords()
        let found = entries.reduce(into: [:]) { $0[String(decoding: $1.headword, as: UTF8.self)] = $1.weight }
        #expect(found["the"] == 0.5)
        #expect(found["for"] == 1)
        #expect(found["from"] == 1)
        #expect(found["one"] == nil)
        #expect(found["shelves"] == nil)
        #expect(found["boxes"] == nil)
    }

    @Test(arguments: [
        ("frzn", "frozen", 1.0), ("pk", "pack", 2.0 / 3), ("dnr", "dinner", 1), ("frzn", "fruit", 0),
        ("sce", "sauce", 1),
        ("frozen", "frozen", 0), ("xx", "x", 0), ("", "word", 0),
    ])
    func `shorthand keeps the consonants of a word`(short: String, word: String, form: Double) {
        #expect(ShorthandLearner.form(Array(short.utf8), of: Array(word.utf8)) == form)
    }

    @Test func `shorthand stands for the word that it shares its company with`() {
        var labels = LabelWords()
        for path in [
            ["food", "frzn pizza meals"], ["food", "frozen pizza meals"], ["food", "frozen meals"],
            ["art", "frazzn paint"],
            ["food", "ice"],
        ] {
            labels.add(path, .init())
        }
        let own = Set(["frozen", "frazzn", "pizza", "meals", "paint", "food", "art", "ice"].map { Array($0.utf8) })
        let entries = ShorthandLearner(labels) { own.contains($0) }.entries()
        #expect(entries.map { String(decoding: $0.headword, as: UTF8.self) } == ["frozen"])
        #expect(entries.map(\.expansion) == ["frzn"])
        #expect(labels.isName([Array("ice".utf8)]))
        #expect(!labels.isName([Array("pizza".utf8)]))
        #expect(labels.count([Array("pizza".utf8), Array("meal".utf8)]) == 2)
    }

    @Test func `a query is about what stands before a word that parts, without any list`() throws {
        let items = ["card mom", "mom cake", "card kid", "wine italy"].enumerated().map { number, title in
            SearchIndexTests.item(UInt32(number), title, ["things"])
        }
        let engine = try SearchEngine(
            items: items,
            expansions: [
                .init(kind: .function, headword: "for", expansion: "-", weight: 1, language: "en"),
                .init(kind: .function, headword: "the", expansion: "-", weight: 0.5, language: "en"),
            ])
        var request = SearchRequest(query: "the card for mom")
        request.usesLists = false
        let plan = engine.snapshot().planner().plan(request)
        #expect(plan.groups.map(\.text) == ["card", "mom"])
        #expect(plan.groups.map(\.isHead) == [true, false])
        #expect(plan.missing.isEmpty)
    }

    @Test func `a word of its own language is read as none of another beside others`() throws {
        let engine = try SearchEngine(
            items: [
                SearchIndexTests.item(0, "smoked ham", ["things"]), SearchIndexTests.item(1, "fruit", ["things"]),
                SearchIndexTests.item(2, "take away", ["things"]),
            ],
            expansions: [
                .init(kind: .own, headword: "quit", expansion: "-", weight: 1, language: "en"),
                .init(kind: .translation, headword: "quit", expansion: "take", weight: 0.9, language: "fr"),
            ])
        let planner = engine.snapshot().planner()
        #expect(planner.plan(SearchRequest(query: "quit ham")).missing == ["quit"])
        #expect(planner.plan(SearchRequest(query: "quit")).groups.first?.variants.map(\.text) == ["take"])
    }

    @Test func `known words with three times as many senses as adjectives are adjectives`() throws {
        let files = [
            "index.noun": "organic n 1 0 1 0 00000010\nlight n 1 0 1 0 00000010\n",
            "data.noun": "00000010 27 n 02 organic 0 light 0 000 | a thing\n",
            "index.adj": """
            organic a 3 0 3 0 00000020 00000030 00000040
            light a 2 0 2 0 00000020 00000030
            frozen a 1 0 1 0 00000040
            unheard a 1 0 1 0 00000040

            """,
            "data.adj": """
            00000020 00 a 02 organic 0 light 0 000 | of one kind
            00000030 00 a 02 organic 0 light 0 000 | of another kind
            00000040 00 a 03 organic 0 frozen 0 unheard 0 000 | of a third kind

            """,
        ]
        var known = known(["organ", "light", "frozen"])
        let found = try wordNet(files).adjectives(known: &known)
        #expect(Set(found.map { String(decoding: $0.headword, as: UTF8.self) }) == ["organic", "frozen"])
        #expect(found.allSatisfy { $0.kind == .adjective })
    }
}
