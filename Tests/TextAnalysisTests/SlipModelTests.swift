import Testing

@testable import TextAnalysis

@Suite struct SlipModelTests {
    private func cost(_ typed: String, _ word: String, limit: Int = 2, isPrefix: Bool = false) -> Float? {
        var model = SlipModel()
        return model.cost(
            typed: SlipModel.letters(of: Array(typed.utf8)), word: SlipModel.letters(of: Array(word.utf8)),
            limit: limit,
            isPrefix: isPrefix)
    }

    @Test func `the word itself costs nothing`() { #expect(cost("milk", "milk") == 0) }

    @Test func `usual slips cost less than odd ones`() throws {
        let odd = try #require(cost("cxrrot", "carrot"))
        #expect(try #require(cost("carot", "carrot")) < odd)
        #expect(try #require(cost("cerrot", "carrot")) < odd)
        #expect(try #require(cost("cartor", "carrot", limit: 3)) > odd)
        #expect(try #require(cost("karrot", "carrot")) > #require(cost("carrkt", "carrot")))
        #expect(try #require(cost("crarot", "carrot")) < odd)
    }

    @Test func `more slips than the limit are none`() {
        #expect(cost("milk", "bread") == nil)
        #expect(cost("carrot", "crrt", limit: 1) == nil)
        #expect(cost("ab", "abcd", limit: 1) == nil)
    }

    @Test func `a beginning may be continued`() {
        #expect(cost("tooht", "toothpaste", limit: 1, isPrefix: true) != nil)
        #expect(cost("toothpaste", "tooth", limit: 2, isPrefix: true) == nil)
    }

    @Test func `longer words than the rows are refused, empty ones are not`() {
        #expect(cost(String(repeating: "a", count: 49), String(repeating: "a", count: 49)) == nil)
        #expect(cost("", "ab") != nil)
        #expect(cost("", "") == 0)
        #expect(cost("", "", isPrefix: true) == 0)
    }

    @Test func `keys that touch are neighbours`() {
        func near(_ pair: String) -> Bool {
            let letters = SlipModel.letters(of: Array(pair.utf8))
            return SlipModel.areNeighbours(letters[0], letters[1])
        }
        #expect(near("as") && near("aq") && near("gb") && near("po"))
        #expect(!near("ap") && !near("qm") && !near("aa"))
    }
}
