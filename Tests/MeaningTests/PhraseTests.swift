import Domain
import Meaning
import Numerics
import Storage
import TestSupport
import Testing

@Suite struct PhraseTests {
    @Test func `every kind of damage changes a phrase as it says`() {
        var random = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let slipped = PhraseDamage.slip("whole", using: &random)
            #expect(slipped.hasPrefix("w") && (4...6).contains(slipped.count))
            let phrase = "single serve frozen entrees"
            if let text = PhraseDamage.slip.apply(phrase, using: &random) {
                #expect(text != phrase && text.split(separator: " ").count == 4)
            }
            let dropped = PhraseDamage.dropped.apply(phrase, using: &random)
            #expect(dropped?.split(separator: " ").count == 3)
            let cut = PhraseDamage.cut.apply(phrase, using: &random)
            #expect(cut.map { phrase.hasPrefix($0) && $0.count >= 12 && $0.count < phrase.count } == true)
        }
        #expect(PhraseDamage.dropped.apply("two words", using: &random) == nil)
        #expect(PhraseDamage.slip.apply("ice", using: &random) == nil)
        #expect(PhraseDamage.cut.apply("ice", using: &random) == nil)
    }

    @Test func `parts depend on phrase and seed alone, and hold their share`() {
        let phrases = ShopPhrases((0..<2000).map { "phrase \($0)" })
        let parts = [ShopPhrases.Part.training, .validation, .test].map { phrases.texts($0, seed: 1) }
        #expect(parts.joined().count == 2000 && Set(parts.joined()).count == 2000)
        #expect((340...460).contains(parts[2].count) && (110...210).contains(parts[1].count))
        #expect(parts[2].allSatisfy { ShopPhrases.part(of: $0, seed: 1) == .test })
        #expect(phrases.texts(.test, seed: 2) != parts[2])
        #expect(ShopPhrases.folded(" Fruit-Snacks & “Crème” ") == "fruit snacks creme")
        #expect(ShopPhrases.folded("&") == nil && ShopPhrases.folded(String(repeating: "a", count: 49)) == nil)
    }

    @Test func `a shop's phrases are names, categories and queries that people asked more than once`() throws {
        let store = MemoryStore()
        var item = Item(id: ItemID("i1")!, title: "Adult Cereal, 18 oz (Private brand)")
        item.productType = ["Grocery", "Cold Cereal"]
        _ = try store.upsert([item])
        var events: [Event] = []
        for (number, query) in ["muesli", "Muesli", "oats", "nothing", "nothing", "robot", "robot"].enumerated() {
            var event = Event(id: "s\(number)", name: .search, time: Timestamp(milliseconds: Int64(number)))
            (event.query, event.resultCount, event.isSynthetic) = (query, query == "nothing" ? 0 : 3, query == "robot")
            events.append(event)
        }
        _ = try store.append(events)
        #expect(try ShopPhrases(reading: store).texts == ["adult cereal", "cold cereal", "grocery", "muesli"])
    }
}
