import Domain
import Numerics
import Testing
import TextAnalysis

@testable import SearchIndex

/// Every way of finding documents against a scan that asks each document for each word.
@Suite struct ScannerOracleTests {
    /// A catalogue of a window and a bit, with words from frequent to rare.
    struct Catalogue {
        let segment: Segment
        var dead: DocumentSet
        var random: SeededGenerator

        init(seed: UInt64, documents: Int = 5_000) throws {
            var random = SeededGenerator(seed: seed)
            var builder = SegmentBuilder(analyzer: Analyzer())
            for number in 0..<documents {
                let words = (0..<Int.random(in: 1...5, using: &random)).map { _ in "w\(Self.rank(&random))x" }
                builder.add(
                    SearchIndexTests.item(UInt32(number), words.joined(separator: " "), []),
                    popularity: Float((random.unit() * 8).rounded() / 8))
            }
            segment = try Segment(SegmentBytes(copying: builder.finish()))
            var dead = DocumentSet(limit: documents)
            for _ in 0..<Int.random(in: 0...300, using: &random) {
                dead.insert(Int.random(in: 0..<documents, using: &random))
            }
            (self.dead, self.random) = (dead, random)
        }

        /// Zipf-like: word 0 is in many documents, word 300 in a few.
        private static func rank(_ random: inout SeededGenerator) -> Int {
            Int(300 * random.unit() * random.unit() * random.unit())
        }

        mutating func plan() -> QueryPlan {
            var plan = QueryPlan()
            for _ in 0..<Int.random(in: 1...4, using: &random) {
                let variants = (0..<Int.random(in: 1...3, using: &random)).map { index in
                    Variant(
                        terms: (0..<(index == 2 ? 2 : 1)).map { _ in Array("w\(Self.rank(&random))x".utf8) },
                        weight: index == 0 ? 1 : 0.6, kind: .exact, text: "")
                }
                plan.groups.append(TermGroup(text: "", variants: variants, information: Float(random.unit() + 0.1)))
            }
            return plan
        }

        /// The score of each living document that holds a word, and how many words it holds.
        func scan(_ query: SegmentQuery) -> [(document: UInt32, score: UInt32, groups: Int, covered: UInt32)] {
            (0..<segment.count).filter { !dead.contains($0) }.compactMap { document in
                let gains = query.groups.indices.map { query.contribution(of: $0, to: document) }
                guard gains.contains(where: { $0 > 0 }) else { return nil }
                let covered = query.groups.indices.reduce(UInt32(0)) {
                    $0 + (gains[$1] > 0 ? query.groups[$1].information : 0)
                }
                return (UInt32(document), gains.reduce(0, +), gains.count { $0 > 0 }, covered)
            }
        }
    }

    static func best(_ matches: [(document: UInt32, score: UInt32)], _ count: Int) -> [[UInt32]] {
        matches.sorted { ($1.score, $0.document) < ($0.score, $1.document) }.prefix(count).map {
            [$0.score, $0.document]
        }
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func `the best documents are those of an exhaustive scan`(seed: UInt64) throws {
        var catalogue = try Catalogue(seed: seed)
        for _ in 0..<8 {
            let query = SegmentQuery(catalogue.plan(), catalogue.segment)
            let scan = catalogue.scan(query)
            let count = [1, 10, 100].randomElement(using: &catalogue.random) ?? 10
            let dead = catalogue.dead
            if query.groups.contains(where: { !$0.lists.isEmpty }) {
                var any = TopScorer(query, capacity: count) { !dead.contains(Int($0)) }
                any.findAny()
                #expect(
                    any.best.sorted().map { [$0.score, $0.document] }
                        == Self.best(scan.map { ($0.document, $0.score) }, count))
            }
            guard query.canMatchAll else { continue }
            var all = TopScorer(query, capacity: count) { !dead.contains(Int($0)) }
            all.findAll()
            let complete = scan.filter { $0.groups == query.groups.count }.map { ($0.document, $0.score) }
            #expect(all.best.sorted().map { [$0.score, $0.document] } == Self.best(complete, count))
        }
    }

    @Test(arguments: 0..<3 as Range<UInt64>)
    func `all matches are those of an exhaustive scan`(seed: UInt64) throws {
        var catalogue = try Catalogue(seed: 100 + seed)
        for _ in 0..<8 {
            let query = SegmentQuery(catalogue.plan(), catalogue.segment)
            let scan = catalogue.scan(query)
            var scanner = MatchScanner(query, dead: catalogue.dead)
            var found: [[UInt32]] = []
            scanner.forEachComplete { batch in
                for place in 0..<batch.count { found.append([batch.document(place), batch.score(place)]) }
            }
            #expect(found == scan.filter { $0.groups == query.groups.count }.map { [$0.document, $0.score] })
            #expect(scanner.highestCoverage() == scan.map(\.covered).max() ?? 0)
            let total = query.groups.reduce(0) { $0 + $1.information }
            var partial: [[UInt32]] = []
            scanner.forEachPartial(atLeast: total / 2, of: total) { batch in
                for place in 0..<batch.count { partial.append([batch.document(place), batch.score(place)]) }
            }
            let expected = scan.filter { $0.covered >= total / 2 }.map {
                [
                    $0.document,
                    $0.covered < total ? UInt32(Float($0.score) * (Float($0.covered) / Float(total))) : $0.score,
                ]
            }
            #expect(partial == expected)
        }
    }

    @Test func `changes in any order leave what a fresh index holds`() throws {
        var random = SeededGenerator(seed: 3)
        let base = (0..<40 as Range<UInt32>).map { SearchIndexTests.item($0, "tea \($0)", ["Shop"]) }
        let engine = try SearchEngine(items: base)
        var current = Dictionary(uniqueKeysWithValues: base.map { ($0.number, $0) })
        for round in 0..<60 {
            let batch = (0..<Int.random(in: 1...4, using: &random)).map { _ in
                let number = UInt32.random(in: 0..<60, using: &random)
                var item = SearchIndexTests.item(number, "tea round\(round)", ["Shop"])
                item.isWithdrawn = Int.random(in: 0..<4, using: &random) == 0
                return item
            }
            try engine.apply(batch)
            for item in batch { current[item.number] = item }
            var request = SearchRequest(query: "tea")
            (request.limit, request.facets) = (100, ["category"])
            let response = try engine.snapshot().search(request, offers: OfferColumns(currency: .usd, numberLimit: 0))
            let expected = Set(current.values.filter { !$0.isWithdrawn }.map(\.number))
            #expect(Set(response.hits.map(\.number)) == expected && response.total == expected.count)
            #expect(response.facets["category"]?.first?.count == expected.count)
            #expect(engine.snapshot().documentCount == expected.count)
        }
        #expect(engine.snapshot().segmentCount <= 6)
    }
}
