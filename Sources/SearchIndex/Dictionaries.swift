import Storage
import TextAnalysis

/// Reads bilingual dictionaries, as `Setup/export_dictionaries.py` writes them, into translations.
enum Dictionaries {
    /// A meaning that says nothing of a product makes its headword a word that can be left out, from this weight on.
    private static let idleWeight: Float = 0.6

    /// A line has the columns language, headword, English and weight, separated by tabs; others are passed over.
    ///
    /// - Parameter path: An absent file gives no entries.
    /// - Parameter known: Meanings that it does not know are left out.
    /// - Complexity: O(bytes of the file).
    static func entries(path: String, known: inout KnownWords) throws(StorageError) -> [Expansions.Entry] {
        guard FileSystem.exists(path) else { return [] }
        let bytes = try FileSystem.read(path)
        var reader = Reader()
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            defer { start = end + 1 }
            guard end > start, bytes[start] != UInt8(ascii: "#") else { continue }
            var fields = FieldCursor(bytes[start..<end], separator: 9)
            guard let language = fields.next(), let headword = fields.next(), let meaning = fields.next(),
                let digits = fields.next(), fields.next() == nil
            else { continue }
            let answer = known.answer(meaning)
            guard answer != .unknown, let weight = Float(String(decoding: digits, as: UTF8.self)),
                (0...1).contains(weight), answer == .known || weight >= idleWeight
            else { continue }
            reader.add(language, headword, meaning, weight, saysNothing: answer == .saysNothing)
        }
        return reader.entries
    }

    /// Gathers entries; what lines in a row have in common is worked out once.
    private struct Reader {
        var entries: [Expansions.Entry] = []
        private var language = ""
        private var stemmer: Stemmer?
        private var headword: ArraySlice<UInt8> = []
        private var folded: [UInt8] = []

        mutating func add(
            _ code: ArraySlice<UInt8>, _ word: ArraySlice<UInt8>, _ meaning: ArraySlice<UInt8>, _ weight: Float,
            saysNothing: Bool
        ) {
            if !code.elementsEqual(language.utf8) {
                language = String(decoding: code, as: UTF8.self)
                stemmer = Stemmer.isKnown(language) ? Stemmer(language: language) : nil
                headword = []
            }
            if headword != word {
                headword = word
                folded = Array(TextFolding.words(of: String(decoding: word, as: UTF8.self)).joined(separator: [32]))
                addLemma()
            }
            guard !folded.isEmpty else { return }
            entries.append(
                Expansions.Entry(
                    kind: saysNothing ? .idle : .translation, folded: folded,
                    expansion: saysNothing ? "-" : String(decoding: meaning, as: UTF8.self),
                    weight: weight, language: language))
        }

        /// Files a headword under the stems of its words too, so that `pommes de terre` finds `pomme de terre`.
        private mutating func addLemma() {
            guard let stemmer else { return }
            let stem = stemmer.stems(of: folded)
            guard stem != folded else { return }
            entries.append(
                Expansions.Entry(
                    kind: .lemma, folded: Array("\(language):".utf8) + stem,
                    expansion: String(decoding: folded, as: UTF8.self), weight: 0, language: language))
        }
    }
}
