import Domain
import Numerics
import Testing
import TextAnalysis

@testable import SearchIndex

/// What building an index writes does not depend on how the work was shared.
@Suite struct SegmentBuilderTests {
    static func items(_ count: UInt32, seed: UInt64) -> [StoredItem] {
        var random = SeededGenerator(seed: seed)
        func word() -> String {
            ["Crème", "tea", "O'Neil's", "ビール", "x\(Int.random(in: 0..<400, using: &random))"].randomElement(
                using: &random) ?? ""
        }
        return (0..<count).map { number in
            var item = Item(id: ItemID("i\(number)")!, title: (0..<4).map { _ in word() }.joined(separator: " "))
            item.productType = (0..<Int.random(in: 0...3, using: &random)).map { "level \($0) \(word())" }
            item.brand = Bool.random(using: &random) ? word() : ""
            item.attributes = ["color": [word(), word()], "name \(number % 300)": [word()]]
            item.numbers = ["n\(number % 90)": Double(number)]
            item.sourceText = "SRC \(word())"
            return StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false)
        }
    }

    @Test(arguments: [2, 3, 7]) func `any number of threads writes the same bytes`(threads: Int) throws {
        let items = Self.items(1_500, seed: 1)
        func bytes(_ threads: Int, _ add: (inout SegmentBuilder) -> Void) -> [UInt8] {
            var builder = SegmentBuilder(analyzer: Analyzer(), threads: threads)
            add(&builder)
            builder.addSearch("crème tea")
            builder.setPopularity(items.map { Float($0.number.rawValue % 7) / 7 })
            return builder.finish()
        }
        let expected = bytes(1) { builder in for item in items { builder.add(item, popularity: 0) } }
        _ = try Segment(SegmentBytes(copying: expected))
        #expect(bytes(threads) { $0.add(contentsOf: items) } == expected)
        #expect(
            bytes(threads) { builder in
                builder.add(contentsOf: Array(items.prefix(700)))
                for item in items.dropFirst(700) { builder.add(item, popularity: 0) }
            } == expected)
    }

    @Test func `words are those of the analyser, whatever the text`() {
        let analyzer = Analyzer()
        let long = String(repeating: "LONG", count: 40)
        for text in ["", "Mac 'n' Cheese", "don't", "Crème brûlée", "a--b  c", long, "\u{0}x\u{7F}", "日本茶 tea", "'"] {
            var folded = FoldedWords()
            analyzer.fold(text, into: &folded)
            let words = (0..<folded.count).map { folded.withWord($0) { word in (0..<word.count).map { word[$0] } } }
            #expect(words == analyzer.tokens(of: text).map(\.word), "\(text)")
        }
    }

    @Test func `a table numbers strings by first appearance and sorts them by bytes`() {
        var random = SeededGenerator(seed: 5)
        var table = InternTable()
        var seen: [[UInt8]] = []
        for _ in 0..<20_000 {
            let string = (0..<Int.random(in: 0...11, using: &random)).map { _ in
                UInt8.random(in: 96...99, using: &random)
            }
            let number = Int(table.number(of: string))
            if number == seen.count { seen.append(string) }
            #expect(seen[number] == string)
        }
        #expect(Set(seen).count == seen.count && table.count == seen.count)
        #expect(table.sorted().map { seen[Int($0)] } == seen.sorted { $0.lexicographicallyPrecedes($1) })
        #expect(table.find([200].span) == nil)
    }
}
