import Domain
import Numerics
import Storage
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct QuerySpellingTests {
    private static func items(_ titles: [String], copies: [Int] = []) -> [StoredItem] {
        var items: [StoredItem] = []
        for (index, title) in titles.enumerated() {
            for _ in 0..<(index < copies.count ? copies[index] : 1) {
                items.append(SearchIndexTests.item(UInt32(items.count), title, ["Shop", title]))
            }
        }
        return items
    }

    private func planner(_ titles: [String], copies: [Int] = []) throws -> QueryPlanner {
        let snapshot = try SearchEngine(items: Self.items(titles, copies: copies)).snapshot()
        return QueryPlanner(
            analyzer: snapshot.analyzer, segments: snapshot.parts.map(\.segment), expansions: snapshot.expansions)
    }

    private func steps(_ query: String, _ titles: [String], copies: [Int] = [], isPrefix: Bool = false) throws
        -> [RelaxationStep]
    {
        var request = SearchRequest(query: query)
        request.isPrefix = isPrefix
        return try planner(titles, copies: copies).plan(request).steps
    }

    @Test func `a doubled letter is likelier than a wrong one`() throws {
        #expect(try steps("bananna", ["banana", "bandana"]) == [.typo(from: "bananna", to: ["banana"])])
    }

    @Test func `words that are equally near are offered, and all of them are searched`() throws {
        guard case .didYouMean(from: "pead", let words)? = try steps("pead", ["pear", "peas"]).first else {
            Issue.record("nothing was offered")
            return
        }
        #expect(Set(words) == ["pear", "peas"])
    }

    @Test func `the frequent one of two near words wins`() throws {
        let corrections = try planner(["peach", "pearl"], copies: [40, 1]).corrections(of: Array("peacl".utf8))
        #expect(corrections.first?.text == "peach")
    }

    @Test func `what shoppers search for is likelier to be meant`() throws {
        var builder = SegmentBuilder(analyzer: Analyzer())
        for item in Self.items(["peach", "pearl"]) { builder.add(item, popularity: 0) }
        for _ in 0..<50 { builder.addSearch("pearl unheard-of") }
        let segment = try Segment(SegmentBytes(copying: builder.finish()))
        let planner = QueryPlanner(analyzer: Analyzer(), segments: [segment], expansions: .none)
        #expect(planner.corrections(of: Array("peacl".utf8)).first?.text == "pearl")
        #expect(segment.words.find(Array("unheard".utf8)) == nil)
    }

    @Test func `a rare word that looks like a slip is searched as typed, and the likelier one is offered`() throws {
        let steps = try steps("protien", ["protien", "protein"], copies: [1, 200])
        #expect(steps == [.didYouMean(from: "protien", to: ["protein"])])
    }

    @Test func `two words with a slip are joined where the catalogue joins them`() throws {
        #expect(
            try steps("tooth paist", ["toothpaste", "tooth pick", "paper"], copies: [5])
                == [.split(from: "tooth paist", to: "toothpaste")])
    }

    @Test func `a word with a slip is split where the catalogue splits it`() throws {
        #expect(
            try steps("icecraem", ["ice cream", "sour milk"]) == [.split(from: "icecraem", to: "ice cream")])
    }

    @Test(arguments: ["tooht", "tootp", "tothpa", "toothpsa", "tooothp"])
    func `a slip in an unfinished word is forgiven`(typed: String) throws {
        let steps = try steps(typed, ["toothpaste", "bread", "banana"], isPrefix: true)
        #expect(steps == [.typo(from: typed, to: ["toothpaste"])])
    }

    @Test func `a slip is looked for in another script by letters, not bytes`() throws {
        #expect(try steps("молоео", ["молоко", "хлеб"]) == [.typo(from: "молоео", to: ["молоко"])])
    }

    /// The table finds what a scan of all words finds.
    @Test func `the table misses no word that is near`() throws {
        var generator = SeededGenerator(seed: 11)
        let alphabet = Array("abcde".utf8)
        let words = Set(
            (0..<600).map { _ in
                (0..<Int.random(in: 3...10, using: &generator)).map { _ in alphabet.randomElement(using: &generator)! }
            })
        let titles = words.map { String(decoding: $0, as: UTF8.self) }
        let segment = try planner(titles).segments[0]
        var model = SlipModel()
        for _ in 0..<200 {
            let typed = SlipModel.letters(
                of: (0..<Int.random(in: 4...10, using: &generator)).map { _ in
                    alphabet.randomElement(using: &generator)!
                }
            )
            let limit = QueryPlanner.slips(typed.count)
            let found = Set(segment.spelling.candidates(for: typed, limit: limit))
            for index in 0..<segment.words.count where segment.words.length(index) >= SpellingIndex.shortest {
                let word = SlipModel.letters(of: segment.words[index])
                if model.cost(typed: typed, word: word, limit: limit) != nil { #expect(found.contains(UInt32(index))) }
            }
        }
    }

    @Test func `a slip in a singular finds a catalogue that knows the plural alone`() throws {
        #expect(try steps("carot", ["carrots", "peas"]) == [.typo(from: "carot", to: ["carrots"])])
        #expect(
            try steps("bananna", ["bananas", "bandana"], copies: [10, 50]) == [.typo(from: "bananna", to: ["bananas"])])
    }

    @Test func `every word is in the table`() {
        let words = (0..<4).map { Array("word\(["a", "b", "c", "d"][$0])".utf8) }
        func entries(_ documents: [UInt32]) -> [UInt32] {
            SpellingIndex.build(
                documents: documents, isEligible: { SpellingIndex.isEligible(words[$0]) }, word: { words[$0] },
                stem: { words[$0] }
            ).entries
        }
        #expect(Set(entries([1, 2, 3, 4])) == [0, 1, 2, 3])
        #expect(entries([]).isEmpty)
    }
}
