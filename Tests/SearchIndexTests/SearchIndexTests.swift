import Domain
import Foundation
import Numerics
import Storage
import TestSupport
import Testing
import TextAnalysis

@testable import SearchIndex

@Suite struct SearchIndexTests {
    static func item(_ number: UInt32, _ title: String, _ path: [String], brand: String = "", size: String = "")
        -> StoredItem
    {
        var item = Item(id: ItemID("i\(number)")!, title: title)
        item.productType = path
        item.brand = brand
        if !size.isEmpty { item.attributes["size"] = [size] }
        return StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false)
    }

    static let items = [
        item(0, "Bananas, organic", ["Produce", "Fruit", "Bananas"], brand: "Private", size: "1 lb"),
        item(1, "Banana bread", ["Bakery", "Bread", "Sweet bread"], brand: "National", size: "16 oz"),
        item(2, "Ice cream, vanilla", ["Frozen", "Ice cream", "Pints"], brand: "National", size: "16 oz"),
        item(3, "Crème fraîche", ["Dairy", "Cream", "Sour cream"], brand: "Private", size: "8 oz"),
        item(4, "Cola soft drink", ["Grocery", "Soft drinks", "Cola"], brand: "National", size: "12 pk"),
        item(5, "Shampoo", ["Drug", "Hair care", "Shampoo"], brand: "National"),
    ]

    static func offers() -> OfferColumns {
        var offers = OfferColumns(currency: .usd, numberLimit: 6)
        for (index, price) in [199, 399, 499, 299, 599].enumerated() {
            var offer = Offer(item: ItemID("i\(index)")!)
            offer.price = Money(minorUnits: Int64(price), currency: .usd)
            offer.stock = index == 4 ? 0 : 5
            offers.set(ItemNumber(UInt32(index)), offer)
        }
        return offers
    }

    func found(_ query: String, _ change: (inout SearchRequest) -> Void = { _ in }) throws -> [UInt32] {
        let entries = [Expansions.Entry(kind: .synonym, headword: "soda", expansion: "soft drink", weight: 0.6)]
        var request = SearchRequest(query: query)
        change(&request)
        return try SearchEngine(items: Self.items, expansions: entries).snapshot()
            .search(request, offers: Self.offers()).hits.map(\.number.rawValue)
    }

    @Test func `the item whose type is asked for comes first`() throws { #expect(try found("banana") == [0, 1]) }
    @Test func `a description behind what it describes is not what the query is about`() throws {
        let items = [
            Self.item(0, "Flour tortillas", ["Bakery", "Tortillas"]),
            Self.item(1, "Organic onions", ["Produce", "Onions"]),
            Self.item(2, "Organic apples", ["Produce", "Apples"]),
        ]
        func first(_ query: String, _ entries: [Expansions.Entry]) throws -> UInt32? {
            try SearchEngine(items: items, expansions: entries).snapshot()
                .search(SearchRequest(query: query), offers: Self.offers()).hits.first?.number.rawValue
        }
        let entries = [Expansions.Entry(kind: .adjective, headword: "organic", expansion: "-", weight: 1)]
        #expect(try first("tortillas organic", entries) == 0)
        #expect(try first("organic onions", entries) == 1)
        // Where nothing else is said, it is what the query is about.
        #expect(try first("organic", entries) != 0)
    }

    @Test func `by price, neither what lacks a word nor what a wider word finds comes first`() throws {
        #expect(try Set(found("organic banana")).isSuperset(of: [0, 1]))
        #expect(try found("organic banana") { $0.sort = .priceAscending } == [0])
        // Nothing holds both words: some is better than none.
        #expect(try found("banana shampoo") { $0.sort = .priceAscending }.isEmpty == false)
        var items = (0..<12 as Range<UInt32>).map { Self.item($0, "Soda \($0)", ["Drinks"]) }
        items.append(Self.item(12, "Soft drink powder", ["Drinks"]))
        var offers = OfferColumns(currency: .usd, numberLimit: 13)
        for item in items {
            var offer = Offer(item: item.item.id)
            offer.price = Money(minorUnits: item.number.rawValue == 12 ? 5 : 100, currency: .usd)
            offers.set(item.number, offer)
        }
        let entries = [Expansions.Entry(kind: .synonym, headword: "soda", expansion: "soft drink", weight: 0.6)]
        let snapshot = try SearchEngine(items: items, expansions: entries).snapshot()
        var request = SearchRequest(query: "soda")
        request.limit = 13
        #expect(try snapshot.search(request, offers: offers).total == 13)
        request.sort = .priceAscending
        #expect(try snapshot.search(request, offers: offers).total == 12)
    }

    @Test func `accents and case are forgiven`() throws { #expect(try found("CREME FRAICHE").first == 3) }
    @Test(arguments: ["shampo", "shmapoo", "shampooo"])
    func `a slip is corrected and named`(query: String) throws {
        let response = try SearchEngine(items: Self.items).snapshot()
            .search(SearchRequest(query: query), offers: Self.offers())
        #expect(response.hits.map(\.number.rawValue) == [5])
        #expect(response.applied == [.typo(from: query, to: ["shampoo"])])
    }
    @Test func `a word without a space is split`() throws { #expect(try found("icecream").isEmpty == false) }
    @Test(arguments: [("plátanos", UInt32(1)), ("香 波", 5), ("香波", 5), ("Bananenbrot", 1)])
    func `words of other languages are translated, plurals, characters and compounds too`(query: String, best: UInt32)
        throws
    {
        var entries = [
            ("es", "plátano", "banana bread"), ("zh", "香波", "shampoo"), ("de", "banane", "banana"),
            ("de", "brot", "bread"),
        ].map { Expansions.Entry(kind: .translation, headword: $1, expansion: $2, weight: 0.9, language: $0) }
        entries.append(
            Expansions.Entry(
                kind: .lemma, folded: Array("es:platan".utf8), expansion: "platano", weight: 0, language: "es"))
        let response = try SearchEngine(items: Self.items, expansions: entries).snapshot()
            .search(SearchRequest(query: query), offers: Self.offers())
        #expect(response.hits.first?.number == ItemNumber(best))
    }
    @Test func `a word of like meaning finds, and is named`() throws { #expect(try found("soda") == [4]) }
    @Test func `a beginning finds only as one types`() throws {
        #expect(try found("sham", { $0.correctsTypos = false }).isEmpty)
        #expect(try found("sham") { $0.isPrefix = true } == [5])
    }
    @Test func `an unknown word finds nothing rather than filler`() throws { #expect(try found("xylophone").isEmpty) }
    @Test func `an empty query lists everything`() throws { #expect(try found("").count == 6) }

    @Test func `filters of one field are alternatives, of two fields demands`() throws {
        #expect(Set(try found("") { $0.filters = ["brand": ["Private"]] }) == [0, 3])
        #expect(try found("") { $0.filters = ["brand": ["Private"], "category": ["Dairy", "Frozen"]] } == [3])
        #expect(try found("") { $0.filters = ["nonsense": ["x"]] }.isEmpty)
    }

    @Test func `price, stock and sorting use the offers of the moment`() throws {
        #expect(try found("") { $0.sort = .priceAscending }.prefix(3) == [0, 3, 1])
        #expect(try found("") { $0.sort = .priceDescending }.first == 4)
        #expect(Set(try found("") { ($0.minimumPrice, $0.maximumPrice) = (200, 400) }) == [1, 3])
        #expect(!(try found("") { $0.onlyInStock = true }).contains(4))
        #expect(try found("") { $0.sort = .title }.first == 1)
    }

    @Test func `facets are counted as if their own filter were not set`() throws {
        var request = SearchRequest(query: "")
        request.facets = ["brand", "category"]
        request.filters = ["brand": ["Private"]]
        let facets = try SearchEngine(items: Self.items).snapshot().search(request, offers: Self.offers()).facets
        let brands = facets["brand"] ?? []
        #expect(brands.map(\.value) == ["Private", "National"] && brands.map(\.count) == [2, 4])
        #expect(brands.map(\.isSelected) == [true, false])
        #expect(Set((facets["category"] ?? []).map(\.value)).contains("Dairy > Cream"))
        #expect(!(facets["category"] ?? []).contains { $0.value == "Frozen" })
    }

    @Test func `changes, new items and withdrawals show in the next snapshot only`() throws {
        let engine = try SearchEngine(items: Self.items)
        let before = engine.snapshot()
        var gone = Self.items[0]
        gone.isWithdrawn = true
        try engine.apply([Self.item(9, "Banana chips", ["Snacks", "Fruit chips"]), gone])
        func numbers(_ snapshot: SearchSnapshot) throws -> [UInt32] {
            try snapshot.search(SearchRequest(query: "banana"), offers: Self.offers()).hits.map(\.number.rawValue)
        }
        #expect(try numbers(before) == [0, 1])
        #expect(Set(try numbers(engine.snapshot())) == [1, 9])
        #expect(engine.snapshot().documentCount == 6)
    }

    @Test(arguments: ["banana", "organic bananas", "banana zebra cola", "ice cream", "shampo", "soda"])
    func `an explanation sums to the score`(query: String) throws {
        let engine = try SearchEngine(
            items: Self.items,
            expansions: [Expansions.Entry(kind: .synonym, headword: "soda", expansion: "soft drink", weight: 0.6)])
        let snapshot = engine.snapshot()
        let request = SearchRequest(query: query)
        let hits = try snapshot.search(request, offers: Self.offers()).hits
        #expect(!hits.isEmpty)
        for hit in hits {
            let tree = try #require(try snapshot.explain(request, Self.items[hit.number.index]))
            #expect(abs(tree.value - hit.score) < 1e-4)
            #expect(abs(tree.children.reduce(0) { $0 + $1.value } - tree.value) < 1e-4)
            for child in tree.children where !child.children.isEmpty {
                #expect(abs(child.children.reduce(0) { $0 + $1.value } - child.value) < 1e-4)
            }
        }
    }

    @Test func `highlighting escapes the text and marks the words`() throws {
        let snapshot = try SearchEngine(items: Self.items).snapshot()
        let html = snapshot.highlight("<b>Bananas</b> & co", for: SearchRequest(query: "banana"))
        #expect(html == "&lt;b&gt;<mark>Bananas</mark>&lt;/b&gt; &amp; co")
    }

    @Test func `categories are suggested from what is typed`() throws {
        let snapshot = try SearchEngine(items: Self.items).snapshot()
        #expect(snapshot.suggestCategories("ban", limit: 5).first?.path == ["Produce", "Fruit", "Bananas"])
        #expect(snapshot.categories(levels: 1).count == 6)
    }

    @Test(arguments: ["🍌", "\u{202E}abc", "the of and", "' OR 1=1 --", "\u{0}", "%", "a\u{300}\u{300}\u{300}"])
    func `a hostile query is answered`(query: String) throws { _ = try found(query) }

    @Test func `a query beyond the limits is refused`() throws {
        #expect(throws: SearchError.self) { try found(String(repeating: "x", count: 1_000_000)) }
        #expect(throws: SearchError.self) { try found("a") { $0.offset = 100_000 } }
        #expect(throws: SearchError.self) { try found("a") { $0.limit = -1 } }
    }

    @Test func `every truncated or damaged segment is refused or answers, and never stops the process`() throws {
        var builder = SegmentBuilder(analyzer: .init())
        for item in Self.items { builder.add(item, popularity: 0.5) }
        let bytes = builder.finish()
        for length in stride(from: 0, to: bytes.count - 8, by: 97) {
            #expect(throws: SearchError.self) { try Segment(SegmentBytes(copying: Array(bytes.prefix(length)))) }
        }
        var random = SeededGenerator(seed: 7)
        for _ in 0..<500 {
            var damaged = bytes
            let place = Int.random(in: 0..<bytes.count, using: &random)
            damaged[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            // A flipped bit that the structure cannot tell from data is caught by the artefact's checksum.
            guard let segment = try? Segment(SegmentBytes(copying: damaged)) else { continue }
            let snapshot = SearchSnapshot(base: segment, expansions: .none, analyzer: .init())
            for query in ["banana bread", "ice cream", "", "sham"] {
                var request = SearchRequest(query: query)
                (request.facets, request.isPrefix) = (["brand", "category", "size"], true)
                _ = try snapshot.search(request, offers: Self.offers())
            }
        }
    }

    @Test func `a damaged file is refused by its checksum`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("index")
        var builder = IndexBuilder()
        for item in Self.items { builder.add(item, popularity: 0.5) }
        try builder.write(to: path, expansions: [])
        _ = try SearchEngine(folder: path)
        let file = URL(filePath: path + "/segment.bin")
        var data = try Data(contentsOf: file)
        data[data.count / 2] ^= 1
        try data.write(to: file)
        #expect { try SearchEngine(folder: path) } throws: { ($0 as? StorageError)?.code == .corrupt }
    }

    @Test func `fast scores equal a slow scan on random catalogues`() throws {
        let words = ["red", "green", "tea", "milk", "oat", "soap", "cat", "food"]
        for seed in 0..<20 as Range<UInt64> {
            var random = SeededGenerator(seed: seed)
            let items = (0..<30 as Range<UInt32>).map { number in
                let title = (0..<Int.random(in: 1...4, using: &random)).map { _ in words.randomElement(using: &random)!
                }
                return Self.item(number, title.joined(separator: " "), ["Shop", title[0]])
            }
            let snapshot = try SearchEngine(items: items).snapshot()
            var request = SearchRequest(query: words.shuffled(using: &random).prefix(2).joined(separator: " "))
            request.limit = 30
            let hits = try snapshot.search(request, offers: OfferColumns(currency: .usd, numberLimit: 30)).hits
            let slow = try items.compactMap { item in
                try snapshot.explain(request, item).map { (item.number, $0.value) }
            }
            for hit in hits {
                let expected = try #require(slow.first { $0.0 == hit.number }, "seed \(seed)")
                #expect(abs(expected.1 - hit.score) < 1e-4, "seed \(seed)")
            }
            let ordered = hits.sorted { ($0.score, $1.number) > ($1.score, $0.number) }
            #expect(ordered == hits, "seed \(seed)")
        }
    }
}
