import CICU

/// Makes texts comparable: compatibility forms, case and accents are folded away, so that `Crème` becomes `creme`.
///
/// Unicode NFKD, marks removed, then simple case folding; `ß`, `æ`, `œ`, `ø`, `ł` and `đ` become ASCII letters.
public enum TextFolding {
    /// Grows with every change of the folding: an index built with another version must be built anew.
    public static let version = 2

    /// Splits a text into folded words: runs of letters and digits. An apostrophe inside a word is dropped.
    ///
    /// Han, kana, Thai and Hangul stand as one word a character, for they are written without spaces.
    /// - Complexity: O(bytes).
    public static func words(of text: String) -> [[UInt8]] {
        var words: [[UInt8]] = []
        var current: [UInt8] = []
        func flush() {
            if !current.isEmpty { words.append(current) }
            current.removeAll(keepingCapacity: true)
        }
        if text.utf8.allSatisfy({ $0 < 128 }) {
            for byte in text.utf8 {
                switch byte {
                case 48...57, 97...122: current.append(byte)
                case 65...90: current.append(byte | 32)
                case 39: continue
                default: flush()
                }
            }
        } else {
            for scalar in decomposed(text).unicodeScalars {
                if let voiced = voiced(words.last, by: scalar), current.isEmpty {
                    words[words.count - 1] = voiced
                    continue
                }
                switch piece(of: scalar) {
                case .nothing: continue
                case .boundary: flush()
                case .letters(let bytes): current.append(contentsOf: bytes)
                case .word(let bytes):
                    flush()
                    words.append(bytes)
                }
            }
        }
        flush()
        return words
    }

    /// Decomposition takes the sound marks off kana, which tell words apart: `ビール` is no `ヒール`. This puts one back.
    private static func voiced(_ word: [UInt8]?, by mark: Unicode.Scalar) -> [UInt8]? {
        guard mark.value == 0x3099 || mark.value == 0x309A, let word,
            let base = String(decoding: word, as: UTF8.self).unicodeScalars.first?.value,
            (0x3040...0x30FF).contains(base)
        else { return nil }
        let composed =
            (base == 0x3046 || base == 0x30A6) && mark.value == 0x3099 ? base + 0x4E : base + (mark.value - 0x3098)
        return Unicode.Scalar(composed).map { Array(String($0).utf8) }
    }

    private enum Piece { case nothing, boundary, letters([UInt8]), word([UInt8]) }

    private static func piece(of scalar: Unicode.Scalar) -> Piece {
        let point = Int32(bitPattern: scalar.value)
        if souk_is_mark(point) || scalar == "'" || scalar == "\u{2019}" { return .nothing }
        guard souk_is_alphanumeric(point) else { return .boundary }
        if let letters = replacements[scalar] { return .letters(Array(letters.utf8)) }
        if standsAlone(scalar.value) { return .word(Array(String(scalar).utf8)) }
        let folded = Unicode.Scalar(UInt32(bitPattern: souk_fold_case(point))) ?? scalar
        return .letters(Array(String(folded).utf8))
    }

    private static let replacements: [Unicode.Scalar: String] = [
        "ß": "ss", "ẞ": "ss", "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l",
        "đ": "d", "Đ": "d", "ı": "i",
    ]

    private static func standsAlone(_ value: UInt32) -> Bool {
        switch value {
        case 0x0E00...0x0E7F, 0x1100...0x11FF, 0x3040...0x30FF, 0x3400...0x4DBF, 0x4E00...0x9FFF, 0xAC00...0xD7AF,
            0x20000...0x3FFFF:
            true
        default: false
        }
    }

    private static func decomposed(_ text: String) -> String {
        let units = Array(text.utf16)
        var buffer = [UInt16](repeating: 0, count: units.count * 2 + 16)
        var count = unsafe souk_nfkd(units, Int32(units.count), &buffer, Int32(buffer.count))
        if count > Int32(buffer.count) {
            buffer = [UInt16](repeating: 0, count: Int(count))
            count = unsafe souk_nfkd(units, Int32(units.count), &buffer, count)
        }
        // ICU refuses nothing that a Swift string can hold; were it to, the text is used as it is.
        return count < 0 ? text : String(decoding: buffer.prefix(Int(count)), as: UTF16.self)
    }

    /// Like `words(of:)`, but Han, kana and Thai are parted into words by ICU's dictionaries instead of characters.
    ///
    /// - Parameter language: A BCP 47 tag.
    public static func brokenWords(of text: String, language: String) -> [[UInt8]] {
        guard !text.utf8.allSatisfy({ $0 < 128 }) else { return words(of: text) }
        let units = Array(text.utf16)
        var ends = [Int32](repeating: 0, count: units.count)
        let count = unsafe souk_word_breaks(language, units, Int32(units.count), &ends, Int32(ends.count))
        // Without ICU's dictionaries each character stays a word.
        guard count > 0 else { return words(of: text) }
        var result: [[UInt8]] = []
        var start = 0
        for end in ends.prefix(Int(count)).map(Int.init) where end > start && end <= units.count {
            var current: [UInt8] = []
            for word in words(of: String(decoding: units[start..<end], as: UTF16.self)) {
                if isOneCharacter(word) {
                    current += word
                } else {
                    if !current.isEmpty { result.append(current) }
                    current = []
                    result.append(word)
                }
            }
            if !current.isEmpty { result.append(current) }
            start = end
        }
        return result
    }

    private static func isOneCharacter(_ word: [UInt8]) -> Bool {
        let scalars = String(decoding: word, as: UTF8.self).unicodeScalars
        return scalars.count == 1 && standsAlone(scalars[scalars.startIndex].value)
    }
}
