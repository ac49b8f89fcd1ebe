import Foundation

/// Splits texts into pieces of words as BERT does: lower case, accents dropped, punctuation apart, longest pieces first
/// (Schuster and Nakajima, 2012; Devlin et al., 2019).
public struct WordPieceTokenizer: Sendable {
    /// Words with more characters are unknown as a whole.
    static let maximumWord = 100
    private let pieces: [ArraySlice<UInt8>: Int32]
    private let unknown: Int32
    private let start: Int32
    private let end: Int32

    /// - Parameter vocabulary: One piece a line; its number is its line, from 0.
    public init(vocabulary: [UInt8]) throws(EncoderError) {
        var pieces: [ArraySlice<UInt8>: Int32] = [:]
        pieces.reserveCapacity(32_768)
        var number: Int32 = 0
        for line in vocabulary.split(separator: 10, omittingEmptySubsequences: false) {
            pieces[line] = number
            number += 1
        }
        func special(_ name: String) throws(EncoderError) -> Int32 {
            guard let number = pieces[Array(name.utf8)[...]] else {
                throw EncoderError(.wrongVocabulary, "The vocabulary has no \(name). Use the one of the model.")
            }
            return number
        }
        (unknown, start, end) = (try special("[UNK]"), try special("[CLS]"), try special("[SEP]"))
        self.pieces = pieces
    }

    /// The numbers of a text's pieces between `[CLS]` and `[SEP]`; cut off beyond `limit`, marks included.
    ///
    /// - Complexity: O(bytes × longest word).
    public func tokens(of text: String, limit: Int) -> [Int32] {
        var tokens = [start]
        for word in Self.words(of: text) {
            append(word, to: &tokens)
            if tokens.count >= limit { break }
        }
        if tokens.count > limit - 1 { tokens.removeLast(tokens.count - (limit - 1)) }
        tokens.append(end)
        return tokens
    }

    /// Two texts in one sequence, `[CLS]` first `[SEP]` second `[SEP]`, as BERT reads a pair.
    ///
    /// - Parameter firstLimit: The most tokens of the first text, its marks included; the second takes what is left of `limit`.
    /// - Complexity: O(bytes × longest word).
    public func pair(_ first: String, _ second: String, firstLimit: Int, limit: Int) -> TokenPair {
        let head = tokens(of: first, limit: min(firstLimit, limit - 1))
        // The second text's own start is no part of a pair.
        let tail = tokens(of: second, limit: limit - head.count + 1).dropFirst()
        return TokenPair(tokens: head + tail, firstCount: head.count)
    }

    private func append(_ word: [Unicode.Scalar], to tokens: inout [Int32]) {
        guard word.count <= Self.maximumWord else { return tokens.append(unknown) }
        let mark = tokens.count
        var bytes: [UInt8] = []
        var ends: [Int] = [0]
        for scalar in word {
            bytes += Array(String(scalar).utf8)
            ends.append(bytes.count)
        }
        var from = 0
        while from < word.count {
            let prefix: [UInt8] = from > 0 ? [35, 35] : []
            var to = word.count
            var found: Int32?
            while to > from {
                found = pieces[(prefix + bytes[ends[from]..<ends[to]])[...]]
                if found != nil { break }
                to -= 1
            }
            guard let found else {
                tokens.removeLast(tokens.count - mark)
                return tokens.append(unknown)
            }
            tokens.append(found)
            from = to
        }
    }

    /// The words of a text, folded, with each mark of punctuation and each Chinese character a word of its own.
    static func words(of text: String) -> [[Unicode.Scalar]] {
        var words: [[Unicode.Scalar]] = []
        var word: [Unicode.Scalar] = []
        func finish() {
            if !word.isEmpty { words.append(word) }
            word = []
        }
        for scalar in text.decomposedStringWithCanonicalMapping.unicodeScalars {
            if scalar.value == 0 || scalar.value == 0xFFFD { continue }
            let isBlank = scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r"
            let category = scalar.properties.generalCategory
            if isBlank || category == .spaceSeparator || category == .lineSeparator || category == .paragraphSeparator {
                finish()
                continue
            }
            switch category {
            case .control, .format, .surrogate, .privateUse, .unassigned, .nonspacingMark: continue
            default: break
            }
            if isPunctuation(scalar, category) || isChinese(scalar.value) {
                finish()
                words.append([scalar])
            } else if scalar.isASCII {
                word.append(
                    scalar.value >= 65 && scalar.value <= 90 ? Unicode.Scalar(UInt8(scalar.value + 32)) : scalar)
            } else {
                word += scalar.properties.lowercaseMapping.unicodeScalars
            }
        }
        finish()
        return words
    }

    private static func isPunctuation(_ scalar: Unicode.Scalar, _ category: Unicode.GeneralCategory) -> Bool {
        switch scalar.value {
        case 33...47, 58...64, 91...96, 123...126: return true
        default: break
        }
        switch category {
        case .connectorPunctuation, .dashPunctuation, .openPunctuation, .closePunctuation, .initialPunctuation,
            .finalPunctuation, .otherPunctuation:
            return true
        default: return false
        }
    }

    private static func isChinese(_ value: UInt32) -> Bool {
        switch value {
        case 0x4E00...0x9FFF, 0x3400...0x4DBF, 0x20000...0x2A6DF, 0x2A700...0x2B73F, 0x2B740...0x2B81F,
            0x2B820...0x2CEAF, 0xF900...0xFAFF, 0x2F800...0x2FA1F:
            return true
        default: return false
        }
    }
}

/// The tokens of two texts in one sequence.
public struct TokenPair: Sendable, Hashable {
    public var tokens: [Int32]
    /// How many of them belong to the first text, marks included.
    public var firstCount: Int
}
