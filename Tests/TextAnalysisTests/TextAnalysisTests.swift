import Testing
import TextAnalysis

@Suite struct TextAnalysisTests {
    func words(_ text: String) -> [String] { TextFolding.words(of: text).map { String(decoding: $0, as: UTF8.self) } }

    @Test func `case, accents and compatibility forms are folded`() {
        #expect(words("Crème BRÛLÉE ﬁne Straße") == ["creme", "brulee", "fine", "strasse"])
    }
    @Test func `words end at anything but letters and digits, an apostrophe is dropped`() {
        #expect(words("Kid's 12-pack, 7up/cola") == ["kids", "12", "pack", "7up", "cola"])
    }
    @Test func `scripts without spaces give a word a character`() { #expect(words("牛奶 milk") == ["牛", "奶", "milk"]) }
    @Test func `a stem joins the forms of a word`() {
        let analyzer = Analyzer()
        #expect(analyzer.tokens(of: "bananas banana").map(\.term)[0] == analyzer.tokens(of: "banana")[0].term)
    }
    @Test func `an unknown language leaves words as they are`() {
        #expect(Analyzer(language: "xx").tokens(of: "bananas")[0].term == Array("bananas".utf8))
    }
    @Test(arguments: [("banana", "bananna", 1), ("ab", "ba", 1), ("kitten", "sitting", 3), ("", "abc", 3)])
    func `edits are counted`(left: String, right: String, distance: Int) {
        #expect(EditDistance.bounded(Array(left.utf8), Array(right.utf8), limit: 3) == distance)
        #expect(EditDistance.bounded(Array(left.utf8), Array(right.utf8), limit: distance - 1) == nil)
    }
}
