import Storage
import TextAnalysis

/// Words of like meaning and words of other languages, as sorted lines `kind TAB headword TAB expansion TAB weight`.
///
/// Built with the index from WordNet and from dictionaries, and kept as they stand in the file: a look-up is a binary search.
public struct Expansions: Sendable {
    static let fileName = "expansions.tsv"
    public static let none = Expansions(lines: [], analyzer: Analyzer())

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

    private let lines: [[UInt8]]
    private let analyzer: Analyzer

    init(lines: [[UInt8]], analyzer: Analyzer) { (self.lines, self.analyzer) = (lines, analyzer) }

    init(reading path: String, analyzer: Analyzer) throws(StorageError) {
        guard FileSystem.exists(path) else {
            self.init(lines: [], analyzer: analyzer)
            return
        }
        let bytes = try FileSystem.read(path)
        self.init(lines: bytes.split(separator: 10).map(Array.init), analyzer: analyzer)
    }

    static func encode(_ entries: [Entry]) -> [UInt8] {
        let lines = Set(entries.filter { !$0.headword.isEmpty && !$0.expansion.isEmpty }.map(\.line))
        return Array(lines.sorted { $0.lexicographicallyPrecedes($1) }.joined(separator: [10])) + [10]
    }

    func synonyms(of word: [UInt8]) -> [Variant] { variants(.synonym, word, kind: .synonym) }
    func translations(of word: [UInt8]) -> [Variant] { variants(.translation, word, kind: .translation) }

    private func variants(_ type: Kind, _ headword: [UInt8], kind: Variant.Kind) -> [Variant] {
        guard !lines.isEmpty else { return [] }
        let key = Array(type.rawValue.utf8) + [9] + headword + [9]
        var (low, high) = (0, lines.count)
        while low < high {
            let middle = (low + high) / 2
            if lines[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        var result: [Variant] = []
        while low < lines.count, lines[low].starts(with: key), result.count < 16 {
            let fields = lines[low].split(separator: 9)
            low += 1
            guard fields.count == 4, let weight = Float(String(decoding: fields[3], as: UTF8.self)), weight.isFinite
            else { continue }
            let text = String(decoding: fields[2], as: UTF8.self)
            let terms = analyzer.tokens(of: text, limit: 6).filter { !Analyzer.stopWords.contains($0.word) }.map(\.term)
            if !terms.isEmpty { result.append(Variant(terms: terms, weight: weight, kind: kind, text: text)) }
        }
        return result
    }
}
