import Foundation

/// Queries as rules compare them: case, accents and repeated spaces do not count.
public enum QueryText {
    public static func fold(_ text: String) -> String {
        let plain = text.folding(options: [.caseInsensitive, .diacriticInsensitive, .widthInsensitive], locale: nil)
        return plain.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }

    static func words(_ folded: String) -> [Substring] { folded.split(separator: " ") }

    /// Where `phrase` stands in `words`, as whole words; `nil` if it does not.
    static func range(of phrase: [Substring], in words: [Substring]) -> Range<Int>? {
        guard !phrase.isEmpty, phrase.count <= words.count else { return nil }
        for start in 0...(words.count - phrase.count) where words[start..<start + phrase.count].elementsEqual(phrase) {
            return start..<start + phrase.count
        }
        return nil
    }
}
