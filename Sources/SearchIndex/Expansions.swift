import Storage
import TextAnalysis

/// Words of like meaning and words of other languages, as sorted lines
/// `kind TAB headword TAB expansion TAB weight TAB language`.
///
/// Built with the index from WordNet and from dictionaries, and kept as they stand in the file: a look-up is a binary search.
public struct Expansions: Sendable {
    static let fileName = "expansions.tsv"
    public static let none = Expansions(bytes: [], analyzer: Analyzer())

    public enum Kind: String, Sendable {
        case synonym = "s"
        case translation = "t"
        /// A word of another language that says nothing of a product, such as `para`.
        case idle = "o"
        /// `language:stem` leads to a headword.
        case lemma = "l"
        /// A word of the catalogue's language that says nothing alone, such as `for`.
        case function = "f"
        /// A word of the catalogue's language that mostly describes: `organic`.
        case adjective = "a"
        /// A word of the catalogue's language that the catalogue does not hold and another language has too.
        case own = "w"
    }

    /// One line.
    public struct Entry: Hashable, Sendable {
        public let kind: Kind
        /// Folded words with one blank between.
        public let headword: [UInt8]
        public let expansion: String
        /// In `0...1`.
        public let weight: Float
        /// Of the headword; empty for the catalogue's own.
        public let language: String

        public init(kind: Kind, headword: String, expansion: String, weight: Float, language: String = "") {
            self.init(
                kind: kind, folded: Array(TextFolding.words(of: headword).joined(separator: [32])),
                expansion: expansion, weight: weight, language: language)
        }

        init(kind: Kind, folded: [UInt8], expansion: String, weight: Float, language: String) {
            (self.kind, headword, self.expansion) = (kind, folded, expansion)
            (self.weight, self.language) = (weight, language)
        }

        /// Appends the line to `bytes`, without its end; the fields hold no separators.
        func write(to bytes: inout [UInt8]) {
            bytes.append(contentsOf: kind.rawValue.utf8)
            bytes.append(9)
            bytes.append(contentsOf: headword)
            bytes.append(9)
            for byte in expansion.utf8 { bytes.append(byte == 9 || byte == 10 ? 32 : byte) }
            bytes.append(9)
            let hundredths = Int((weight * 100).rounded())
            bytes.append(contentsOf: "\(hundredths / 100).\(hundredths % 100 / 10)\(hundredths % 10)".utf8)
            bytes.append(9)
            bytes.append(contentsOf: language.utf8)
        }
    }

    /// A word that says nothing alone.
    struct FunctionWord {
        /// Whether what follows describes what stands before, as after `for` and unlike after `the`.
        let parts: Bool
    }

    /// A translation of a headword, and whose it is.
    struct Translation {
        var variant: Variant
        let language: String
    }

    private let bytes: [UInt8]
    /// Where each line starts, and one more: the end of the last with its line end.
    private let starts: [UInt32]
    private let analyzer: Analyzer
    /// Of the languages whose words are filed under their stems.
    private let stemmers: [(language: String, stemmer: Stemmer)]

    init(bytes: [UInt8], analyzer: Analyzer) {
        var starts: [UInt32] = [0]
        for (place, byte) in bytes.enumerated() where byte == 10 { starts.append(UInt32(place + 1)) }
        (self.bytes, self.starts, self.analyzer) = (bytes, starts, analyzer)
        var stemmers: [(String, Stemmer)] = []
        let sorted = SortedLines(bytes: bytes, starts: starts)
        var place = sorted.lowerBound(Array("l\t".utf8))
        while place < sorted.count, sorted[place].starts(with: "l\t".utf8) {
            let code = sorted[place].dropFirst(2).prefix { $0 != UInt8(ascii: ":") }
            let language = String(decoding: code, as: UTF8.self)
            stemmers.append((language, Stemmer(language: language)))
            place = max(place + 1, sorted.lowerBound(Array("l\t".utf8) + code + [UInt8(ascii: ":") + 1]))
        }
        self.stemmers = stemmers
    }

    init(reading path: String, analyzer: Analyzer) throws(StorageError) {
        let bytes = FileSystem.exists(path) ? try FileSystem.read(path) : []
        guard bytes.count < UInt32.max else { throw StorageError(.corrupt, "\(path) is too long.") }
        self.init(bytes: bytes, analyzer: analyzer)
    }

    /// The entries as sorted lines, each once. Complexity: O(bytes · log lines).
    static func encode(_ entries: [Entry]) -> [UInt8] {
        var text: [UInt8] = []
        var starts: [UInt32] = [0]
        for entry in entries where !entry.headword.isEmpty && !entry.expansion.isEmpty {
            entry.write(to: &text)
            text.append(10)
            starts.append(UInt32(text.count))
        }
        return SortedLines(bytes: text, starts: starts).sortedOnce()
    }

    /// Words of like meaning, of a word or phrase or else of its singular.
    func synonyms(of phrase: [UInt8]) -> [Variant] {
        let exact = entries(.synonym, phrase, kind: .synonym)
        guard exact.isEmpty else { return exact.map(\.variant) }
        for headword in headwords(ofLemma: phrase, in: "en") {
            let found = entries(.synonym, headword.word, kind: .synonym).map(\.variant)
            if !found.isEmpty { return found }
        }
        return []
    }

    /// What dictionaries say of a folded word or phrase and, at less weight, of words with its stem; the best first.
    ///
    /// - Parameter language: The only one to look in, if there is one.
    /// - Parameter lemmas: Whether stems count.
    func translations(of phrase: [UInt8], in language: String? = nil, lemmas: Bool = true) -> [Translation] {
        guard starts.count > 1 else { return [] }
        var found = matching(entries(.translation, phrase, kind: .translation), language)
        guard lemmas else { return best(found) }
        for headword in headwords(ofLemma: phrase, in: language) where headword.word != phrase {
            found += matching(entries(.translation, headword.word, kind: .translation), headword.language).map {
                Translation(variant: $0.variant.scaled(0.9), language: $0.language)
            }
        }
        return best(found)
    }

    /// The languages in which a folded word says nothing of a product, with how sure that is.
    func idle(_ word: [UInt8]) -> [(language: String, weight: Float)] {
        lines(.idle, word).compactMap { line in
            let fields = line.split(separator: 9, omittingEmptySubsequences: false)
            guard fields.count == 5, let weight = Float(String(decoding: fields[3], as: UTF8.self)) else { return nil }
            return (String(decoding: fields[4], as: UTF8.self), weight)
        }
    }

    /// Whether a folded word says nothing alone, and if so, whether it parts what is looked for from how it is described.
    func function(_ word: [UInt8]) -> FunctionWord? {
        guard let line = lines(.function, word).first else { return nil }
        let fields = line.split(separator: 9, omittingEmptySubsequences: false)
        let weight = fields.count > 3 ? Float(String(decoding: fields[3], as: UTF8.self)) ?? 0 : 0
        return FunctionWord(parts: weight >= 1)
    }

    /// Whether a folded word mostly describes, and so names nothing where it stands last.
    func isAdjective(_ word: [UInt8]) -> Bool { !lines(.adjective, word).isEmpty }

    /// Whether the catalogue's language has a folded word that the catalogue itself does not hold.
    func isOwn(_ word: [UInt8]) -> Bool { !lines(.own, word).isEmpty }

    private func matching(_ found: [Translation], _ language: String?) -> [Translation] {
        guard let language else { return found }
        return found.filter { $0.language == language || $0.language.isEmpty }
    }

    private func best(_ found: [Translation]) -> [Translation] {
        let sorted = found.sorted { $0.variant.weight > $1.variant.weight }
        guard let best = sorted.first else { return [] }
        var seen: Set<[[UInt8]]> = []
        return sorted.filter {
            $0.variant.weight >= best.variant.weight - 0.3 && seen.insert($0.variant.terms).inserted
        }
    }

    /// Headwords that have the stem of a word, by language; at most eight each.
    private func headwords(ofLemma word: [UInt8], in language: String?) -> [(language: String, word: [UInt8])] {
        guard word.count >= 4 else { return [] }
        var result: [(String, [UInt8])] = []
        for (code, stemmer) in stemmers where language == nil || language == code {
            let stem = stemmer.stems(of: word)
            if stem != word { result.append((code, stem)) }
            for line in lines(.lemma, Array("\(code):".utf8) + stem).prefix(8) {
                let fields = line.split(separator: 9)
                if fields.count >= 3 { result.append((code, Array(fields[2]))) }
            }
        }
        return result
    }

    private func lines(_ type: Kind, _ headword: [UInt8]) -> [ArraySlice<UInt8>] {
        let sorted = SortedLines(bytes: bytes, starts: starts)
        let key = Array(type.rawValue.utf8) + [9] + headword + [9]
        var place = sorted.lowerBound(key)
        var result: [ArraySlice<UInt8>] = []
        while place < sorted.count, sorted[place].starts(with: key), result.count < 64 {
            result.append(sorted[place])
            place += 1
        }
        return result
    }

    private func entries(_ type: Kind, _ headword: [UInt8], kind: Variant.Kind) -> [Translation] {
        lines(type, headword).compactMap { line in
            let fields = line.split(separator: 9, omittingEmptySubsequences: false)
            guard fields.count >= 4, let weight = Float(String(decoding: fields[3], as: UTF8.self)),
                (0...1).contains(weight)
            else { return nil }
            let text = String(decoding: fields[2], as: UTF8.self)
            let terms = analyzer.tokens(of: text, limit: 6).filter { !Analyzer.stopWords.contains($0.word) }.map(\.term)
            guard !terms.isEmpty else { return nil }
            return Translation(
                variant: Variant(terms: terms, weight: weight, kind: kind, text: text),
                language: fields.count > 4 ? String(decoding: fields[4], as: UTF8.self) : "")
        }
    }
}

/// Lines of bytes one after the other, each with its end.
private struct SortedLines {
    let bytes: [UInt8]
    /// Where each line starts, and one more: the end of the last.
    let starts: [UInt32]

    var count: Int { starts.count - 1 }
    subscript(index: Int) -> ArraySlice<UInt8> { bytes[Int(starts[index])..<Int(starts[index + 1]) - 1] }

    /// The first line that is not before `key`, if the lines are sorted.
    func lowerBound(_ key: [UInt8]) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if self[middle].lexicographicallyPrecedes(key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    /// The lines in the order of their bytes, equal ones once.
    func sortedOnce() -> [UInt8] {
        // The first eight bytes decide most comparisons.
        let keys = (0..<count).map { index in
            let line = self[index]
            return (head: Self.head(line), tail: Self.head(line.dropFirst(8)), index: index)
        }
        let order = keys.sorted { left, right in
            if left.head != right.head { return left.head < right.head }
            if left.tail != right.tail { return left.tail < right.tail }
            return self[left.index].lexicographicallyPrecedes(self[right.index])
        }
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        var last: ArraySlice<UInt8> = []
        for key in order where self[key.index] != last {
            last = self[key.index]
            result.append(contentsOf: last)
            result.append(10)
        }
        return result
    }

    private static func head(_ line: ArraySlice<UInt8>) -> UInt64 {
        let head = line.prefix(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return line.isEmpty ? 0 : head << UInt64(8 * (8 - min(8, line.count)))
    }
}
