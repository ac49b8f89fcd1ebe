import Storage
import TextAnalysis

/// WordNet's sets of synonyms and the senses of its words (Fellbaum, 1998; format of `wndb(5WN)`).
struct WordNetDatabase {
    enum PartOfSpeech: Int, CaseIterable {
        case noun, verb, adjective, adverb

        var fileName: String {
            switch self {
            case .noun: "noun"
            case .verb: "verb"
            case .adjective: "adj"
            case .adverb: "adv"
            }
        }

        init?(letter: ArraySlice<UInt8>) {
            switch letter.first {
            case UInt8(ascii: "n"): self = .noun
            case UInt8(ascii: "v"): self = .verb
            case UInt8(ascii: "a"), UInt8(ascii: "s"): self = .adjective
            case UInt8(ascii: "r"): self = .adverb
            default: return nil
            }
        }
    }

    /// How one set of synonyms relates to another.
    enum Relation { case kindOf, hasKind, derived, pertains, partOrMember, similar }

    struct Pointer {
        let relation: Relation
        /// A number of `synsets` once the files are read, before that a key.
        var target: Int
        /// Of the words, if the relation is one of words: from 1.
        let source: Int
        let targetWord: Int
    }

    struct Synset {
        let partOfSpeech: PartOfSpeech
        /// The number of the lexicographer's file, which tells what sort of thing it is.
        let sort: Int
        /// Lower case, with blanks.
        var words: [ArraySlice<UInt8>]
        var pointers: [Pointer]
        /// The definition with its examples.
        let gloss: ArraySlice<UInt8>
    }

    /// Artefacts, food, plants and substances: sorts of things that shops sell.
    static let goods: Set<Int> = [6, 13, 20, 27]
    /// Animals and states: sorts of things that goods are for.
    static let purposes: Set<Int> = [5, 26]

    private(set) var synsets: [Synset] = []
    /// By folded word or phrase: its senses, nouns first, the usual ones of each part of speech first.
    private(set) var senses: [ArraySlice<UInt8>: [Int]] = [:]
    /// Irregular forms of nouns, verbs and adjectives: `teeth` of `tooth`, `took` of `take`.
    private(set) var irregular: [(form: ArraySlice<UInt8>, lemma: ArraySlice<UInt8>)] = []

    /// - Parameter folder: Absent files give an empty database.
    /// - Complexity: O(bytes of the files).
    init(folder: String) throws(StorageError) {
        var places: [Int: Int] = [:]
        for part in PartOfSpeech.allCases {
            let path = "\(folder)/data.\(part.fileName)"
            guard FileSystem.exists(path) else { continue }
            let bytes = try FileSystem.read(path)
            WordNetLines.forEach(bytes) { line in
                guard let (offset, synset) = Self.synset(line, part) else { return }
                places[Self.key(offset, part)] = synsets.count
                synsets.append(synset)
            }
        }
        for index in synsets.indices {
            synsets[index].pointers = synsets[index].pointers.compactMap { pointer in
                var pointer = pointer
                guard let place = places[pointer.target] else { return nil }
                pointer.target = place
                return pointer
            }
        }
        for part in PartOfSpeech.allCases { try readSenses(folder, part, places) }
        for part in PartOfSpeech.allCases {
            let path = "\(folder)/\(part.fileName).exc"
            guard FileSystem.exists(path) else { continue }
            WordNetLines.forEach(try FileSystem.read(path)) { line in
                var fields = FieldCursor(line)
                guard let form = fields.next(), let lemma = fields.next() else { return }
                irregular.append((Self.readable(form)[...], Self.readable(lemma)[...]))
            }
        }
    }

    /// lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
    private mutating func readSenses(_ folder: String, _ part: PartOfSpeech, _ places: [Int: Int]) throws(StorageError)
    {
        let path = "\(folder)/index.\(part.fileName)"
        guard FileSystem.exists(path) else { return }
        WordNetLines.forEach(try FileSystem.read(path)) { line in
            guard let end = line.firstIndex(of: 32) else { return }
            let fields = line[end...].split(separator: 32)
            guard fields.count > 5, let count = WordNetLines.number(fields[1]), fields.count > count, count > 0 else {
                return
            }
            let found = fields.suffix(count).compactMap { WordNetLines.number($0) }.compactMap {
                places[Self.key($0, part)]
            }
            senses[Self.readable(line[..<end])[...], default: []] += found
        }
    }

    /// Endings that regular forms have, and what takes their place, as `morphy(7WN)` detaches them.
    private static let endings: [(form: String, base: String)] = [
        ("s", ""), ("ses", "s"), ("xes", "x"), ("zes", "z"), ("ches", "ch"), ("shes", "sh"), ("men", "man"),
        ("ies", "y"),
        ("es", "e"), ("es", ""), ("ed", "e"), ("ed", ""), ("ing", "e"), ("ing", ""), ("er", ""), ("est", ""),
        ("er", "e"),
        ("est", "e"),
    ]

    /// Whether a word is one of the database, or a regular form of one.
    func holds(_ word: ArraySlice<UInt8>) -> Bool {
        if senses[word] != nil { return true }
        return Self.endings.contains { form, base in
            guard word.count >= form.utf8.count + (base.isEmpty ? 3 : 2),
                word.suffix(form.utf8.count).elementsEqual(form.utf8)
            else {
                return false
            }
            return senses[word.dropLast(form.utf8.count) + Array(base.utf8)] != nil
        }
    }

    private static func key(_ offset: Int, _ part: PartOfSpeech) -> Int { offset << 2 | part.rawValue }

    /// offset lex_filenum type word_count(hex) [word lex_id]… pointer_count [symbol offset type source/target]… | gloss
    private static func synset(_ line: ArraySlice<UInt8>, _ part: PartOfSpeech) -> (offset: Int, synset: Synset)? {
        let bar = line.firstIndex(of: UInt8(ascii: "|")) ?? line.endIndex
        var fields = FieldCursor(line[..<bar])
        guard let offset = fields.next().flatMap({ WordNetLines.number($0) }),
            let sort = fields.next().flatMap({ WordNetLines.number($0) }), fields.next() != nil,
            let count = fields.next().flatMap({ WordNetLines.number($0, radix: 16) })
        else { return nil }
        var words: [ArraySlice<UInt8>] = []
        for _ in 0..<count {
            guard let word = fields.next(), fields.next() != nil else { return nil }
            words.append(readable(word.prefix { $0 != UInt8(ascii: "(") })[...])
        }
        var pointers: [Pointer] = []
        let number = fields.next().flatMap { WordNetLines.number($0) } ?? 0
        for _ in 0..<number {
            guard let symbol = fields.next(), let target = fields.next().flatMap({ WordNetLines.number($0) }),
                let kind = fields.next(), let ends = fields.next()
            else { break }
            guard let relation = relation(symbol), let other = PartOfSpeech(letter: kind),
                let numbers = WordNetLines.number(ends, radix: 16)
            else { continue }
            pointers.append(
                Pointer(
                    relation: relation, target: key(target, other), source: numbers >> 8, targetWord: numbers & 0xFF))
        }
        let gloss = bar < line.endIndex ? line[(bar + 1)...] : []
        return (offset, Synset(partOfSpeech: part, sort: sort, words: words, pointers: pointers, gloss: gloss))
    }

    private static func relation(_ symbol: ArraySlice<UInt8>) -> Relation? {
        switch symbol.first {
        case UInt8(ascii: "@"): .kindOf
        case UInt8(ascii: "~"): .hasKind
        case UInt8(ascii: "+"): .derived
        case UInt8(ascii: "\\"): .pertains
        case UInt8(ascii: "#"), UInt8(ascii: "%"): .partOrMember
        case UInt8(ascii: "&"): .similar
        default: nil
        }
    }

    /// Lower case, with blanks for underlines.
    private static func readable(_ word: ArraySlice<UInt8>) -> [UInt8] {
        word.map { $0 == UInt8(ascii: "_") ? 32 : (65...90).contains($0) ? $0 | 32 : $0 }
    }
}

/// Lines of WordNet's files; those that begin with a blank are the licence.
enum WordNetLines {
    static func forEach(_ bytes: [UInt8], _ body: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: 10) ?? bytes.count
            if bytes[start] != 32, end > start { body(bytes[start..<end]) }
            start = end + 1
        }
    }

    static func number(_ digits: ArraySlice<UInt8>, radix: Int = 10) -> Int? {
        Int(String(decoding: digits, as: UTF8.self), radix: radix)
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
