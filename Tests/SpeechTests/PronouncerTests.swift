import Testing

@testable import Speech

@Suite struct PronouncerTests {
    private static let dictionary = PronouncingDictionary(
        """
        bread B R EH D
        cat K AE T
        cats K AE T S
        lunch L AH N CH
        meat M IY T
        women's W IH M AH N Z
        either IY DH ER
        either(2) AY DH ER
        ounce AW N S
        ounces AW N S AH Z
        oz AA Z
        seven S EH V AH N
        twenty T W EH N T IY
        two T UW
        up AH P
        sherbet SH ER B AH T
        dish D IH SH
        s EH S
        p P IY
        f EH F
        a AH
        a(2) EY
        """)
    private let pronouncer = Pronouncer(dictionary: Self.dictionary)

    @Test(arguments: [
        ("cat", "K AE T", Pronouncer.Source.dictionary), ("womens", "W IH M AH N Z", .dictionary),
        ("oz", "AW N S", .unit),
        ("lunchmeat", "L AH N CH M IY T", .parts), ("sherbets", "SH ER B AH T S", .ending),
        ("dishs", "D IH SH IH Z", .ending),
        ("spf", "EH S P IY EH F", .spelled), ("22", "T W EH N T IY T UW", .number),
        ("7up", "S EH V AH N AH P", .number),
    ])
    func `words sound as they stand, as their parts, or as they are spelled`(
        word: String, phones: String, source: Pronouncer.Source
    ) {
        let found = pronouncer.pronunciations(of: word)
        #expect(found?.phones.first == phones)
        #expect(found?.source == source)
    }

    @Test func `words have all their pronunciations, and unknown ones none`() {
        #expect(pronouncer.pronunciations(of: "either")?.phones == ["IY DH ER", "AY DH ER"])
        #expect(pronouncer.pronunciations(of: "meringue") == nil)
        #expect(pronouncer.pronunciations(of: "brød") == nil)
        #expect(pronouncer.pronunciations(of: "12345") == nil)
    }

    @Test(arguments: [("0", "zero"), ("13", "thirteen"), ("40", "forty"), ("42", "forty two"), ("07", "zero seven")])
    func `numbers are said as in English`(digits: String, words: String) {
        #expect(NumberWords.words(of: digits)?.joined(separator: " ") == words)
    }

    @Test func `large numbers are said in hundreds and thousands`() {
        #expect(NumberWords.words(of: "100") == ["one", "hundred"])
        #expect(NumberWords.words(of: "2015") == ["two", "thousand", "fifteen"])
        #expect(NumberWords.words(of: "750") == ["seven", "hundred", "fifty"])
        #expect(NumberWords.words(of: "10000") == nil && NumberWords.words(of: "") == nil)
    }

    /// Words in which every letter has one sound, whatever stands beside it, and `sh` is one.
    @Test func `letters that always sound the same are told of unknown words`() {
        let sounds: [Character: String] = ["b": "B", "d": "D", "t": "T", "a": "AE", "i": "IH", "s": "S", "n": "N"]
        var text = ""
        for first in "bdtsn" {
            for vowel in "ai" {
                for last in "bdtn" {
                    text +=
                        "\(first)\(vowel)\(last) "
                        + [first, vowel, last].compactMap { sounds[$0] }.joined(separator: " ") + "\n"
                    text +=
                        "sh\(vowel)\(last) SH " + [vowel, last].compactMap { sounds[$0] }.joined(separator: " ") + "\n"
                }
            }
        }
        let said = LetterSounds.phones(of: ["badin", "shantib", "nasat", "x1"], from: PronouncingDictionary(text))
        #expect(said["badin"] == "B AE D IH N")
        #expect(said["shantib"] == "SH AE N T IH B")
        #expect(said["nasat"] == "N AE S AE T")
        #expect(said["x1"] == nil)
    }
}
