import Storage
import TextAnalysis

/// Reads WordNet's noun files (Fellbaum, 1998; format of `wndb(5WN)`) into words of like meaning.
enum WordNet {
    /// Of the senses of a word that count; later ones are rarer.
    private static let weights: [Float] = [0.6, 0.4]
    private static let longest = 3

    /// What is kept of a set of synonyms: those that the catalogue knows, and the set that it is a kind of.
    private struct Synset {
        var words: [ArraySlice<UInt8>]
        var hypernyms: [Int] = []
    }

    /// Returns, for every noun, the known ones among the other words of its first senses and, at less weight, of what it is
    /// a kind of.
    ///
    /// - Parameter folder: Holds `index.noun` and `data.noun`; an absent folder gives no entries.
    /// - Complexity: O(bytes of the files).
    static func entries(folder: String, known: inout KnownWords) throws(StorageError) -> [Expansions.Entry] {
        let (index, data) = (folder + "/index.noun", folder + "/data.noun")
        guard FileSystem.exists(index), FileSystem.exists(data) else { return [] }
        let synsets = synsets(try FileSystem.read(data), &known)
        var entries: [Expansions.Entry] = []
        let stemmer = Stemmer(language: "en")
        // lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
        forEachLine(try FileSystem.read(index)) { line in
            guard let lemmaEnd = line.firstIndex(of: 32) else { return }
            let fields = line[lemmaEnd...].split(separator: 32)
            guard fields.count > 5, let count = number(fields[1]), fields.count > count else { return }
            let lemma = readable(line[..<lemmaEnd])
            guard lemma.count(where: { $0 == 32 }) < longest else { return }
            let before = entries.count
            for (rank, offset) in fields.suffix(count).prefix(weights.count).enumerated() {
                guard let synset = number(offset).flatMap({ synsets[$0] }) else { continue }
                let weight = weights[rank]
                add(synset.words, to: lemma, weight: weight, &entries)
                for parent in synset.hypernyms where rank == 0 {
                    add(synsets[parent]?.words ?? [], to: lemma, weight: weight * 0.5, &entries)
                }
            }
            if entries.count > before { addLemma(lemma, stemmer, &entries) }
        }
        return entries
    }

    private static func add(
        _ words: [ArraySlice<UInt8>], to lemma: [UInt8], weight: Float, _ entries: inout [Expansions.Entry]
    ) {
        for word in words where !word.elementsEqual(lemma) {
            entries.append(
                Expansions.Entry(
                    kind: .synonym, headword: String(decoding: lemma, as: UTF8.self),
                    expansion: String(decoding: word, as: UTF8.self), weight: weight))
        }
    }

    /// Files a noun under its stem too, for its plural.
    private static func addLemma(_ lemma: [UInt8], _ stemmer: Stemmer, _ entries: inout [Expansions.Entry]) {
        let stem = stemmer.stems(of: lemma)
        guard stem != lemma else { return }
        entries.append(
            Expansions.Entry(
                kind: .lemma, folded: Array("en:".utf8) + stem,
                expansion: String(decoding: lemma, as: UTF8.self), weight: 0, language: "en"))
    }

    private static func synsets(_ bytes: [UInt8], _ known: inout KnownWords) -> [Int: Synset] {
        var synsets: [Int: Synset] = [:]
        synsets.reserveCapacity(100_000)
        // offset lex_filenum type word_count(hex) [word lex_id]… pointer_count [symbol offset type source/target]… | gloss
        forEachLine(bytes) { line in
            var fields = FieldCursor(line)
            guard let offset = fields.next().flatMap({ number($0) }), fields.next() != nil, fields.next() != nil,
                let count = fields.next().flatMap({ number($0, radix: 16) })
            else { return }
            var synset = Synset(words: [])
            for _ in 0..<count {
                guard let word = fields.next(), fields.next() != nil else { return }
                let text = readable(word)
                guard text.count(where: { $0 == 32 }) < longest, known.answer(text[...]) == .known else { continue }
                synset.words.append(text[...])
            }
            guard let pointers = fields.next().flatMap({ number($0) }) else { return }
            for _ in 0..<pointers {
                guard let symbol = fields.next(), let target = fields.next() else { break }
                if symbol.elementsEqual([UInt8(ascii: "@")]) {
                    if let parent = number(target) { synset.hypernyms.append(parent) }
                    if synset.hypernyms.count == 2 { break }
                }
                guard fields.next() != nil, fields.next() != nil else { break }
            }
            if !synset.words.isEmpty || !synset.hypernyms.isEmpty { synsets[offset] = synset }
        }
        return synsets
    }

    /// Lines that begin with a blank are the licence.
    private static func forEachLine(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            if bytes[start] != 32, end > start { body(bytes[start..<end]) }
            start = end + 1
        }
    }

    private static func number(_ digits: ArraySlice<UInt8>, radix: Int = 10) -> Int? {
        Int(String(decoding: digits, as: UTF8.self), radix: radix)
    }

    /// Lower case, with blanks for underlines.
    private static func readable(_ word: ArraySlice<UInt8>) -> [UInt8] {
        word.map { $0 == UInt8(ascii: "_") ? 32 : (65...90).contains($0) ? $0 | 32 : $0 }
    }
}

/// Walks over the fields of a line, separated by one byte.
struct FieldCursor {
    private var rest: ArraySlice<UInt8>
    private let separator: UInt8

    init(_ line: ArraySlice<UInt8>, separator: UInt8 = 32) { (rest, self.separator) = (line, separator) }

    /// The next field, or `nil` at the end of the line.
    mutating func next() -> ArraySlice<UInt8>? {
        guard !rest.isEmpty else { return nil }
        let end = rest.firstIndex(of: separator) ?? rest.endIndex
        let field = rest[rest.startIndex..<end]
        rest = end < rest.endIndex ? rest[(end + 1)...] : []
        return field
    }
}
