import Domain
import Numerics
import Testing

@testable import SearchIndex

/// Words and meaning joined in other ways than by a sum.
@Suite struct FusionTests {
    private static let fusions: [Fusion] = [
        .additive(), .reciprocalRank(), .reciprocalRank(constant: 1), .convex(), .convex(weight: 0.2),
        .learned(Fusion.Weights([0.3, 0.2, 0.4, 0.1, 0.5, 0.2])),
    ]

    /// Titles of one to four words of six, in five categories.
    private static func items(_ count: Int, seed: UInt64) -> [StoredItem] {
        var random = SeededGenerator(seed: seed)
        let words = ["ripe", "banana", "bread", "cream", "cola", "orange"]
        return (0..<count).map { number in
            let title = (0..<Int.random(in: 1...4, using: &random)).map { _ in words.randomElement(using: &random)! }
            return SearchIndexTests.item(
                UInt32(number), title.joined(separator: " "), ["Shelf \(number % 5)"],
                brand: number % 3 == 0 ? "Private" : "National")
        }
    }

    /// Texts of one or two items each, the nearest first.
    private static func neighbours(_ count: Int, seed: UInt64) -> Neighbours {
        var random = SeededGenerator(seed: seed)
        var textOfItem = [UInt32](repeating: Neighbours.noText, count: count)
        var texts: [Neighbours.Text] = []
        for number in stride(from: 0, to: count - 1, by: 7) {
            let items = number % 2 == 0 ? [number, number + 1] : [number]
            for item in items { textOfItem[item] = UInt32(texts.count) }
            texts.append(
                Neighbours.Text(
                    place: UInt32(texts.count), similarity: Float(random.unit()),
                    items: items.map { ItemNumber(UInt32($0)) }[...]))
        }
        return Neighbours(texts: texts.sorted { $0.similarity > $1.similarity }, textOfItem: textOfItem)
    }

    private func search(
        _ query: String, _ fusion: Fusion, _ change: (inout SearchRequest) -> Void = { _ in }
    ) throws -> (search: PreparedSearch, items: [StoredItem]) {
        let items = Self.items(300, seed: 1)
        var request = SearchRequest(query: query)
        request.limit = 300
        change(&request)
        var prepared = try SearchEngine(items: items).snapshot().prepare(request)
        (prepared.neighbours, prepared.fusion) = (Self.neighbours(300, seed: 2), fusion)
        return (prepared, items)
    }

    private let offers = OfferColumns(currency: .usd, numberLimit: 300)

    @Test(arguments: ["banana", "ripe banana bread", "banana xylophone", "xylophone"])
    func `every fusion finds the same items, and its explanations sum to its scores`(query: String) throws {
        let expected = Set(try search(query, .additive()).search.run(offers: offers).hits.map(\.number))
        #expect(!expected.isEmpty)
        for fusion in Self.fusions {
            let (search, items) = try search(query, fusion)
            let answer = search.run(offers: offers)
            #expect(Set(answer.hits.map(\.number)) == expected, "\(fusion.name)")
            for hit in answer.hits.prefix(60) {
                let tree = try #require(search.explain(items[hit.number.index], offers: offers, in: answer))
                #expect(abs(tree.value - hit.score) < 2e-3, "\(fusion.name): \(tree) and not \(hit.score)")
                #expect(abs(tree.children.reduce(0) { $0 + $1.value } - tree.value) < 1e-6)
                for child in tree.children where !child.children.isEmpty && child.label.hasPrefix("words (") {
                    #expect(abs(child.children.reduce(0) { $0 + $1.value } - child.value) < 1e-6)
                }
            }
            let (first, tree) = (try #require(answer.hits.first), search.explain(items[answer.hits[0].number.index]))
            #expect(abs((tree?.value ?? 0) - first.score) < 2e-3)
        }
    }

    @Test(arguments: [1, 60] as [Float])
    func `reciprocal ranks are those of the two orders`(constant: Float) throws {
        let (search, _) = try search("ripe banana", .reciprocalRank(constant: constant))
        var words = search
        words.neighbours = nil
        let scores = Dictionary(
            uniqueKeysWithValues: words.run(offers: offers).hits.map { ($0.number, $0.score) })
        let neighbours = try #require(search.neighbours)
        var expected: [ItemNumber: Double] = [:]
        for hit in search.run(offers: offers).hits {
            var sum = 0.0
            if let score = scores[hit.number] {
                sum += 1 / Double(constant + 1 + Float(scores.values.count { $0 > score + 1e-9 }))
            }
            if let similarity = neighbours.similarity(of: hit.number) {
                let nearer = neighbours.texts.filter { $0.similarity > similarity }.reduce(0) { $0 + $1.items.count }
                sum += 1 / Double(constant + 1 + Float(nearer))
            }
            expected[hit.number] = sum
        }
        let hits = search.run(offers: offers).hits
        let unit = try #require(hits.first.map { $0.score / expected[$0.number]! })
        for hit in hits { #expect(abs(hit.score - unit * expected[hit.number]!) < 1e-3 * hits[0].score) }
        for (better, worse) in zip(hits, hits.dropFirst()) { #expect(better.score >= worse.score) }
    }

    @Test func `a convex sum of no meaning is the order of the words, and of meaning alone that of the cosines`() throws
    {
        let (words, _) = try search("banana bread", .convex(weight: 0))
        var plain = words
        plain.neighbours = nil
        #expect(
            words.run(offers: offers).hits.prefix(50).map(\.number)
                == plain.run(offers: offers).hits.prefix(50).map(\.number))
        let (meaning, _) = try search("banana bread", .convex(weight: 1))
        let neighbours = try #require(meaning.neighbours)
        // What no near text has counts as the last of them.
        let last = try #require(neighbours.texts.last?.similarity)
        let cosines = meaning.run(offers: offers).hits.map { neighbours.similarity(of: $0.number) ?? last }
        #expect(zip(cosines, cosines.dropFirst()).allSatisfy { $0 >= $1 })
    }

    @Test func `filters hold items back and leave the scores of the others`() throws {
        for fusion in Self.fusions {
            let all = try search("ripe banana", fusion).search.run(offers: offers).hits
            let some = try search("ripe banana", fusion) { $0.filters = ["brand": ["Private"]] }.search
                .run(offers: offers).hits
            #expect(!some.isEmpty && some == all.filter { $0.number.rawValue % 3 == 0 }, "\(fusion.name)")
        }
    }

    @Test func `parts are what weights are multiplied with`() throws {
        let weights = Fusion.Weights([0.3, 0.2, 0.4, 0.1, 0.5, 0.2])
        let (search, _) = try search("ripe banana", .learned(weights))
        let parts = search.fusionParts(first: 20, offers: offers)
        #expect(parts.count >= 20 && parts.allSatisfy { $0.parts.allSatisfy { (0...1.2).contains($0) } })
        let hits = Dictionary(uniqueKeysWithValues: search.run(offers: offers).hits.map { ($0.number, $0.score) })
        var ratios: [Double] = []
        for (item, own) in parts {
            let sum = zip(own, weights.list).reduce(0) { $0 + Double($1.0 * $1.1) }
            if let score = hits[item], sum > 0.01 { ratios.append(score / sum) }
        }
        #expect(ratios.count >= 20)
        #expect(ratios.allSatisfy { abs($0 / ratios[0] - 1) < 1e-3 })
    }

    @Test func `settings are read with their numbers, and others refused`() throws {
        #expect(try FusionSetting(parsing: "rrf") == .fixed(.reciprocalRank()))
        #expect(try FusionSetting(parsing: "rrf:10") == .fixed(.reciprocalRank(constant: 10)))
        #expect(try FusionSetting(parsing: "convex:0.25") == .fixed(.convex(weight: 0.25)))
        #expect(try FusionSetting(parsing: "additive") == .fixed(.additive()))
        #expect(try FusionSetting(parsing: "learned") == .learned)
        for text in ["", "sum", "rrf:", "rrf:0", "rrf:nan", "convex:1.5", "learned:1", "additive:x"] {
            #expect(throws: SearchError.self) { try FusionSetting(parsing: text) }
        }
        for text in ["rrf:10.0", "convex:0.25", "additive:0.3", "learned"] {
            #expect("\(try FusionSetting(parsing: text))" == text)
        }
    }
}
