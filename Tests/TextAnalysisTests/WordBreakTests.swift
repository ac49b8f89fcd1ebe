import Testing

@testable import TextAnalysis

@Suite struct WordBreakTests {
    private func words(_ text: String, _ language: String) -> [String] {
        Analyzer(language: language).tokens(of: text).map(\.text)
    }

    @Test(arguments: [
        ("ja", "新鮮な牛乳とパン", ["新鮮", "牛乳", "パン"]), ("zh", "新鲜牛奶和面包", ["牛奶", "面包"]),
        ("th", "นมสดและขนมปัง", ["นม", "ขนมปัง"]),
    ])
    func `words of scripts without spaces are found`(language: String, text: String, contained: [String]) {
        let found = words(text, language)
        // Tone marks and vowel signs above letters are folded away, like accents.
        for word in contained {
            let folded = TextFolding.brokenWords(of: word, language: language).map {
                String(decoding: $0, as: UTF8.self)
            }
            #expect(found.contains(folded.joined()), "\(found)")
        }
        #expect(found.count < text.count)
    }

    @Test func `other scripts stay as they are among them`() {
        #expect(words("Nestlé 牛乳 500ml", "ja") == ["nestle", "牛乳", "500ml"])
        #expect(words("plain text", "ja") == ["plain", "text"])
        #expect(words("牛乳", "en") == ["牛", "乳"])
    }

    @Test func `sound marks of kana are kept`() {
        #expect(words("ビール", "en").first == "ビ")
        #expect(words("ヴ ぱ が", "en") == ["ヴ", "ぱ", "が"])
        #expect(words("\u{3099}", "en").isEmpty)
    }

    @Test func `odd texts are no danger`() {
        for text in ["", "\u{0}", "🍌🍌", "\u{202e}牛", String(repeating: "牛", count: 5000), "\u{D7FF}\u{E000}"] {
            #expect(words(text, "ja").count <= text.unicodeScalars.count)
            #expect(words(text, "th").count <= text.unicodeScalars.count)
        }
    }
}
