import Domain
import Testing

@testable import SearchIndex

/// Items that join or rise because they mean something near to the query.
@Suite struct NeighbourTests {
    /// Each item with a text of its own.
    private static func neighbours(_ near: [(UInt32, Float)]) -> Neighbours {
        let numbers = near.map { ItemNumber($0.0) }
        var textOfItem = [UInt32](repeating: Neighbours.noText, count: Int(near.map(\.0).max() ?? 0) + 1)
        for (place, number) in numbers.enumerated() { textOfItem[number.index] = UInt32(place) }
        let texts = near.enumerated().map { place, entry in
            // The text before stood for the first two items as well: only those that still have it may gain.
            Neighbours.Text(
                place: UInt32(place), similarity: entry.1,
                items: ([numbers[place]] + numbers.prefix(2).filter { $0 != numbers[place] })[...])
        }
        return Neighbours(texts: texts, textOfItem: textOfItem)
    }

    private func prepared(
        _ query: String, near: [(UInt32, Float)], _ change: (inout SearchRequest) -> Void = { _ in }
    ) throws -> PreparedSearch {
        var request = SearchRequest(query: query)
        change(&request)
        var prepared = try SearchEngine(items: SearchIndexTests.items).snapshot().prepare(request)
        prepared.neighbours = Self.neighbours(near)
        return prepared
    }

    @Test func `what means the same joins behind what holds the words, and the answer says so`() throws {
        let answer = try prepared("banana", near: [(2, 0.8), (5, 0.6), (4, 0.4), (0, 0.9)]).run(
            offers: SearchIndexTests.offers())
        #expect(answer.hits.map(\.number.rawValue) == [0, 1, 2, 5])
        #expect(answer.total == 4)
        #expect(answer.applied == [.meaning])
    }

    @Test func `a neighbour that the filters hold back is not named as a step`() throws {
        let answer = try prepared("banana", near: [(2, 0.9)]) { $0.filters = ["brand": ["Nobody"]] }
            .run(offers: SearchIndexTests.offers())
        #expect(answer.total == 0 && answer.applied.isEmpty)
    }

    @Test func `an unknown word finds what is near, were it far`() throws {
        let near = try prepared("xylophone", near: [(2, 0.35), (5, 0.2)])
        #expect(near.meaning == "xylophone")
        let answer = near.run(offers: SearchIndexTests.offers())
        #expect(answer.hits.map(\.number.rawValue) == [2])
        #expect(answer.applied == [.optionalTerms(missing: ["xylophone"]), .meaning])
    }

    @Test func `filters, other orders, unfinished words and exact matching admit no neighbour that they should not`()
        throws
    {
        let near: [(UInt32, Float)] = [(2, 0.9), (3, 0.8), (5, 0.9)]
        func found(_ change: (inout SearchRequest) -> Void) throws -> [UInt32] {
            try prepared("banana", near: near, change).run(offers: SearchIndexTests.offers()).hits.map(
                \.number.rawValue)
        }
        #expect(try found { $0.filters = ["brand": ["National"]] } == [1, 2, 5])
        #expect(try found { $0.sort = .priceAscending } == [0, 1])
        #expect(try found { $0.matching = .all } == [0, 1])
        #expect(try found { $0.isPrefix = true } == [0, 1])
        #expect(try found { $0.countsMatches = false } == [0, 1, 2, 5, 3])
    }

    @Test func `the items that pass the filters are those that a search without words finds`() throws {
        let snapshot = try SearchEngine(items: SearchIndexTests.items).snapshot()
        let changes: [(inout SearchRequest) -> Void] = [
            { $0.filters = ["brand": ["National"]] }, { $0.filters = ["brand": ["National", "Private"]] },
            { $0.filters = ["brand": ["National"], "category": ["Frozen", "Bakery"]] },
            { $0.filters = ["brand": ["Nobody"]] }, { $0.maximumPrice = 400 }, { $0.onlyInStock = true },
            {
                $0.onlyInStock = true
                $0.filters = ["brand": ["National"]]
                $0.minimumPrice = 400
            },
        ]
        for change in changes {
            var (all, words) = (SearchRequest(query: ""), SearchRequest(query: "banana"))
            change(&all)
            change(&words)
            let expected = try snapshot.search(all, offers: SearchIndexTests.offers()).hits.map(\.number.rawValue)
                .sorted()
            let found = try snapshot.prepare(words).filteredItems(offers: SearchIndexTests.offers())
            #expect(found?.map(\.rawValue).sorted() == expected)
        }
        #expect(
            try snapshot.prepare(SearchRequest(query: "banana")).filteredItems(offers: SearchIndexTests.offers()) == nil
        )
    }

    @Test func `matches that the filters hold back keep no neighbour away`() throws {
        // Twelve items hold both words; of another brand one item holds one of them, and one means the same.
        let items =
            (0..<12).map { SearchIndexTests.item(UInt32($0), "Ripe banana \($0)", ["Fruit"], brand: "National") }
            + [
                SearchIndexTests.item(12, "Banana", ["Fruit"], brand: "Private"),
                SearchIndexTests.item(13, "Plantain", ["Fruit"], brand: "Private"),
            ]
        func found(_ filters: [String: Set<String>]) throws -> [UInt32] {
            var request = SearchRequest(query: "ripe banana")
            request.filters = filters
            var prepared = try SearchEngine(items: items).snapshot().prepare(request)
            prepared.neighbours = Self.neighbours([(13, 0.8)])
            let offers = OfferColumns(currency: .usd, numberLimit: 14)
            return prepared.run(offers: offers).hits.map(\.number.rawValue).sorted()
        }
        #expect(try found([:]) == Array(0..<12))
        #expect(try found(["brand": ["National"]]) == Array(0..<12))
        #expect(try found(["brand": ["Private"]]) == [13])
    }

    @Test func `the nearer of two equal matches comes first, and the explanation sums to the score`() throws {
        let near: [(UInt32, Float)] = [(1, 0.9), (2, 0.8)]
        let search = try prepared("banana", near: near) { $0.limit = 10 }
        let plain = try prepared("banana", near: []).run(offers: SearchIndexTests.offers())
        let answer = search.run(offers: SearchIndexTests.offers())
        for hit in answer.hits {
            let stored = SearchIndexTests.items[Int(hit.number.rawValue)]
            let tree = try #require(search.explain(stored))
            #expect(abs(tree.value - hit.score) < 1e-3)
            #expect(abs(tree.children.reduce(0) { $0 + $1.value } - tree.value) < 1e-6)
            let before = plain.hits.first { $0.number == hit.number }?.score ?? 0
            let isNear = near.contains { $0.0 == hit.number.rawValue }
            #expect(isNear == (hit.score > before + 1e-6))
            #expect(tree.children.contains { $0.label.hasPrefix("meaning") } == isNear)
        }
    }

    @Test(arguments: 0..<2 as Range<UInt64>)
    func `gains are added to complete and to partial matches as an exhaustive scan adds them`(seed: UInt64) throws {
        var catalogue = try ScannerOracleTests.Catalogue(seed: 700 + seed)
        for _ in 0..<6 {
            let query = SegmentQuery(catalogue.plan(), catalogue.segment)
            let near = Set((0..<400).map { _ in UInt32.random(in: 0..<5000, using: &catalogue.random) }).sorted()
            let neighbours = Self.neighbours(
                near.map { (catalogue.segment.numbers[Int($0)], Float($0 % 97) / 200 + ($0 % 3 == 0 ? 0.5 : 0)) })
            let list = NeighbourGains(neighbours, .additive(), highest: 10 * Score.one)
            let gains = Dictionary(
                uniqueKeysWithValues: near.map { ($0, list.gain(of: catalogue.segment.numbers[Int($0)])) })
            let scan = catalogue.scan(query)
            let total = query.groups.reduce(0) { $0 + $1.information }
            var (expected, below): ([UInt32: UInt32], [UInt32: UInt32]) = ([:], [:])
            for match in scan {
                let score =
                    match.covered < total
                    ? UInt32(Float(match.score) * (Float(match.covered) / Float(total))) : match.score
                if match.covered >= total / 2 {
                    expected[match.document] = score + (gains[match.document] ?? 0)
                } else {
                    below[match.document] = score
                }
            }
            var admitted = 0
            for document in near where expected[document] == nil {
                let number = ItemNumber(catalogue.segment.numbers[Int(document)])
                guard neighbours.similarity(of: number)! >= 0.5, !catalogue.dead.contains(Int(document)) else {
                    continue
                }
                expected[document] = (below[document] ?? 0) + gains[document]!
                admitted += 1
            }
            var scanner = MatchScanner(query, dead: catalogue.dead, gains: list, admission: 0.5)
            var found: [UInt32: UInt32] = [:]
            scanner.forEachPartial(atLeast: total / 2, of: total) { batch in
                for place in 0..<batch.count { found[batch.document(place)] = batch.score(place) }
            }
            #expect(found == expected)
            #expect(scanner.admitted == admitted)
        }
    }
}
