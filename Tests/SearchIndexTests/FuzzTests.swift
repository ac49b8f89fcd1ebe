import Domain
import Numerics
import TestSupport
import Testing
import TextAnalysis

@testable import SearchIndex

/// Seeded random input: whatever comes is answered or refused with an error, and never stops the process.
@Suite(.serialized) struct FuzzTests {
    static let offers = OfferColumns(currency: .usd, numberLimit: 40)

    static let items: [StoredItem] = SegmentBuilderTests.items(40, seed: 9).map { stored in
        var item = stored.item
        item.itemGroupID = stored.number.rawValue % 2 == 0 ? "g\(stored.number.rawValue % 5)" : ""
        item.numbers["latitude"] = 10
        item.numbers["longitude"] = Double(stored.number.rawValue)
        item.title += stored.number.rawValue % 3 == 0 ? " ice cream pint" : " banana bread"
        return StoredItem(number: stored.number, item: item, isWithdrawn: false)
    }

    static let expansions: [Expansions.Entry] = [
        Expansions.Entry(kind: .synonym, headword: "soda", expansion: "ice cream", weight: 0.6),
        Expansions.Entry(kind: .synonym, headword: "ice cream", expansion: "soda", weight: 0.6),
        Expansions.Entry(
            kind: .translation, headword: "plátano", expansion: "banana bread", weight: 0.9, language: "es"),
        Expansions.Entry(kind: .translation, headword: "茶", expansion: "tea", weight: 0.9, language: "ja"),
    ]

    static func segmentBytes() -> [UInt8] {
        var builder = SegmentBuilder(analyzer: Analyzer())
        for item in items { builder.add(item, popularity: 0.5) }
        return builder.finish()
    }

    /// Words of the catalogue, of the language of queries, and what nobody should type.
    static let pieces = [
        "tea", "banana", "bread", "ice", "cream", "icecraem", "bananna", "x12", "soda", "plátano", "茶", "ビール", "under",
        "$5",
        "between", "2 and 4", "dollars", "12 pack", "16oz", "half gallon", "cheapest", "without", "no", "free",
        "sugar free", "'",
        "\"", "\"tea", "color", "over", "-", "--", "*", "?", "%00", "\u{0}", "\u{202E}", "🍌", "a\u{300}\u{301}", "ß",
        "ﬁ", "\u{FEFF}",
        "1e308", "99999999999999999999", ".5", "1/2", "½", "$", "€", "&&", "(", ")", "[", "^", "~2", ":", "category:x",
        "\n", "\t",
    ]

    static func query(_ random: inout SeededGenerator) -> String {
        var text = ""
        for _ in 0..<Int.random(in: 0...9, using: &random) {
            switch Int.random(in: 0..<8, using: &random) {
            case 0:
                text.unicodeScalars.append(Unicode.Scalar(UInt32.random(in: 0...0x2FFFF, using: &random)) ?? "x")
            case 1: text += String(repeating: pieces.randomElement(using: &random) ?? "", count: 20)
            default: text += pieces.randomElement(using: &random) ?? ""
            }
            if Int.random(in: 0..<4, using: &random) > 0 { text += " " }
        }
        return text
    }

    static func request(_ random: inout SeededGenerator) -> SearchRequest {
        func some<Value>(_ values: [Value]) -> Value { values[Int.random(in: 0..<values.count, using: &random)] }
        func flag() -> Bool { Bool.random(using: &random) }
        var request = SearchRequest(query: query(&random))
        (request.isPrefix, request.correctsTypos, request.understands) = (flag(), flag(), flag())
        (request.countsMatches, request.usesLists, request.groupsVariants) = (flag(), flag(), flag())
        request.matching = some(SearchRequest.Matching.allCases)
        request.sort = some(SearchRequest.Sort.allCases)
        request.offset = some([0, 0, 5, -1, 10_000, .max])
        request.limit = some([0, 1, 10, 1000, 1001, -1])
        request.facets = some([[], ["color"], ["category", "brand", "nonsense", "color"]])
        request.facetLimit = some([0, 3, 50])
        request.facetQuery = some(["", "te", "\u{0}"])
        request.language = some([nil, "es", "zz", ""])
        if flag() { request.filters = [some(["color", "category", "x"]): [some(["tea", "", "level 0 tea"])]] }
        if flag() { request.ranges = [some(["latitude", "n1", "x"]): some([0...1, -1e308...1e308])] }
        if flag() { request.near = GeoPoint(latitude: some([0, 90, -90]), longitude: some([0, 180, -180])) }
        request.radiusMetres = some([nil, nil, 1, 1e7, .nan, -1])
        (request.minimumPrice, request.maximumPrice) = (some([nil, 0, .min]), some([nil, 5, .max, -1]))
        return request
    }

    @Test func `any query and any request is answered or refused`() throws {
        let engine = try SearchEngine(items: Self.items, expansions: Self.expansions)
        try engine.apply(Array(Self.items.suffix(7)))
        let snapshot = engine.snapshot()
        for seed in FuzzCases.seeds(400) {
            FuzzCases.note("query", seed)
            var random = SeededGenerator(seed: seed)
            let request = Self.request(&random)
            do throws(SearchError) {
                let response = try snapshot.search(request, offers: Self.offers)
                #expect(response.hits.count <= request.limit && response.hits.count <= response.total, "seed \(seed)")
                #expect(response.hits.allSatisfy { $0.score.isFinite }, "seed \(seed)")
                if let hit = response.hits.first { _ = try snapshot.explain(request, Self.items[hit.number.index]) }
                _ = snapshot.highlight("Tea <b> \(request.query)", for: request)
                _ = snapshot.suggestCategories(request.query, limit: 5)
            } catch {
                #expect(error.code == .invalidQuery, "seed \(seed)")
            }
        }
    }

    /// Damages bytes as bad disks and bad programs do.
    static func damage(_ bytes: [UInt8], _ random: inout SeededGenerator) -> [UInt8] {
        var bytes = bytes
        for _ in 0..<Int.random(in: 1...4, using: &random) where bytes.count > 16 {
            let place = Int.random(in: 0..<bytes.count, using: &random)
            switch Int.random(in: 0..<7, using: &random) {
            case 0: bytes[place] ^= UInt8(1 << Int.random(in: 0..<8, using: &random))
            case 1: bytes[place] = UInt8.random(in: 0...255, using: &random)
            case 2: bytes.removeLast(bytes.count - place)
            case 3: bytes.insert(UInt8.random(in: 0...255, using: &random), at: place)
            case 4:
                // A word that is as high, or as low, as it can be.
                let word = place & ~3
                let value = [UInt8](repeating: Bool.random(using: &random) ? 0xFF : 0, count: 4)
                bytes.replaceSubrange(word..<min(word + 4, bytes.count), with: value.prefix(bytes.count - word))
            case 5:
                let other = Int.random(in: 0..<bytes.count, using: &random)
                let length = min(Int.random(in: 1...64, using: &random), bytes.count - max(place, other))
                bytes.replaceSubrange(place..<place + length, with: Array(bytes[other..<other + length]))
            default:
                // The header and the table of sections.
                bytes[Int.random(in: 0..<min(bytes.count, 1400), using: &random)] = UInt8.random(
                    in: 0...255, using: &random)
            }
        }
        return bytes
    }

    @Test func `any damage to a segment is refused or answered`() throws {
        let whole = Self.segmentBytes()
        for seed in FuzzCases.seeds(400) {
            FuzzCases.note("segment", seed)
            var random = SeededGenerator(seed: seed)
            // What is read is checked when it is opened; what cannot be told from data may give other answers.
            guard let segment = try? Segment(SegmentBytes(copying: Self.damage(whole, &random))) else { continue }
            let expansions = Expansions(bytes: Expansions.encode(Self.expansions), analyzer: Analyzer())
            let snapshot = SearchSnapshot(base: segment, expansions: expansions, analyzer: Analyzer())
            for query in ["banana bread", "", "ice craem", "te", "under $5 tea", "plátano"] {
                var request = Self.request(&random)
                (request.query, request.offset, request.limit, request.radiusMetres) = (query, 0, 10, nil)
                request.near = GeoPoint(latitude: 1, longitude: 1)
                _ = try snapshot.search(request, offers: Self.offers)
            }
            _ = snapshot.suggestCategories("level", limit: 3)
            _ = snapshot.categories(levels: 2)
        }
    }

    @Test func `any damage to the list of expansions is read or left out`() throws {
        let whole = Expansions.encode(Self.expansions)
        for seed in FuzzCases.seeds(300) {
            FuzzCases.note("expansions", seed)
            var random = SeededGenerator(seed: seed)
            let expansions = Expansions(bytes: Self.damage(whole, &random), analyzer: Analyzer())
            for word in ["soda", "plátano", "茶", ""] {
                _ = expansions.synonyms(of: Array(word.utf8))
                _ = expansions.translations(of: Array(word.utf8))
            }
        }
    }
}
