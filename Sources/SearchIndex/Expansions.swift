import Storage
import TextAnalysis

/// Words of like meaning and words of other languages, as sorted lines `kind TAB headword TAB expansion TAB weight`.
///
/// Built with the index from WordNet and from dictionaries, and kept as they stand in the file: a look-up is a binary search.
public struct Expansions: Sendable {
    static let fileName = "expansions.tsv"
    public static let none = Expansions(bytes: [], analyzer: Analyzer())

    public enum Kind: String, Sendable { case synonym = "s", translation = "t" }

    /// One line.
    public struct Entry: Hashable, Sendable {
        public let kind: Kind
        /// Folded words with one blank between.
        public let headword: [UInt8]
        public let expansion: String
        /// In `0...1`.
        public let weight: Float

        public init(kind: Kind, headword: String, expansion: String, weight: Float) {
            self.kind = kind
            self.headword = Array(TextFolding.words(of: headword).joined(separator: [32]))
            (self.expansion, self.weight) = (expansion, weight)
        }

        var line: [UInt8] {
            let expansion = self.expansion.replacing("\t", with: " ").replacing("\n", with: " ")
            return Array(kind.rawValue.utf8) + [9] + headword + [9] + Array("\(expansion)\t\(weight)".utf8)
        }
    }

    private let bytes: [UInt8]
    /// Where each line starts, and one more: the end of the last with its line end.
    private let starts: [UInt32]
    private let analyzer: Analyzer

    init(bytes: [UInt8], analyzer: Analyzer) {
        var starts: [UInt32] = [0]
        for (place, byte) in bytes.enumerated() where byte == 10 { starts.append(UInt32(place + 1)) }
        (self.bytes, self.starts, self.analyzer) = (bytes, starts, analyzer)
    }

    init(reading path: String, analyzer: Analyzer) throws(StorageError) {
        let bytes = FileSystem.exists(path) ? try FileSystem.read(path) : []
        guard bytes.count < UInt32.max else { throw StorageError(.corrupt, "\(path) is too long.") }
        self.init(bytes: bytes, analyzer: analyzer)
    }

    static func encode(_ entries: [Entry]) -> [UInt8] {
        let lines = Set(entries.filter { !$0.headword.isEmpty && !$0.expansion.isEmpty }.map(\.line))
        return Array(lines.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [10])) + [10]
    }

    /// Words of like meaning.
    func synonyms(of word: [UInt8]) -> [Variant] { variants(.synonym, word, kind: .synonym) }

    /// What a dictionary says of a folded word or phrase, or else of it without the ending of a plural; the best first.
    func translations(of phrase: [UInt8]) -> [Variant] {
        guard starts.count > 1 else { return [] }
        for form in Self.forms(of: phrase) {
            let found = variants(.translation, form, kind: .translation).sorted { $0.weight > $1.weight }
            if let best = found.first { return found.prefix { $0.weight >= best.weight - 0.25 } }
        }
        return []
    }

    /// The phrase, then what may be its singular in the languages of the dictionaries.
    private static func forms(of phrase: [UInt8]) -> [[UInt8]] {
        guard phrase.count >= 4, phrase.allSatisfy({ $0 < 128 }) else { return [phrase] }
        var forms = [phrase]
        if phrase.contains(32) {
            let words = phrase.split(separator: 32).map { word in
                word.count >= 4 && word.last == UInt8(ascii: "s") ? word.dropLast() : word
            }
            forms.append(Array(words.joined(separator: [32])))
            forms.append(Array(words[0] + phrase.drop { $0 != 32 }))
        } else {
            for (ending, singular) in [
                ("s", ""), ("es", ""), ("n", ""), ("en", ""), ("e", ""), ("er", ""), ("x", ""), ("i", "o"), ("i", "e"),
                ("e", "a"), ("ns", "m"), ("oes", "ao"),
            ] where phrase.count >= ending.utf8.count + 3 && phrase.suffix(ending.utf8.count).elementsEqual(ending.utf8)
            {
                forms.append(phrase.dropLast(ending.utf8.count) + Array(singular.utf8))
            }
        }
        return forms
    }

    private func variants(_ type: Kind, _ headword: [UInt8], kind: Variant.Kind) -> [Variant] {
        let count = starts.count - 1
        guard count > 0 else { return [] }
        let key = Array(type.rawValue.utf8) + [9] + headword + [9]
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if line(middle).lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        var result: [Variant] = []
        while low < count, line(low).starts(with: key), result.count < 24 {
            let fields = line(low).split(separator: 9)
            low += 1
            guard fields.count == 4, let weight = Float(String(decoding: fields[3], as: UTF8.self)),
                (0...1).contains(weight)
            else { continue }
            let text = String(decoding: fields[2], as: UTF8.self)
            let terms = analyzer.tokens(of: text, limit: 6).filter { !Analyzer.stopWords.contains($0.word) }.map(\.term)
            if !terms.isEmpty { result.append(Variant(terms: terms, weight: weight, kind: kind, text: text)) }
        }
        return result
    }

    private func line(_ index: Int) -> ArraySlice<UInt8> { bytes[Int(starts[index])..<Int(starts[index + 1]) - 1] }
}
