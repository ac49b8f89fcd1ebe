public import Storage
import TextAnalysis

/// Reads WordNet's noun files (Fellbaum, 1998; format of `wndb(5WN)`) into words of like meaning.
public enum WordNet {
    /// Senses of a word that count; later ones are rarer.
    static let senses = 2
    private static let hypernym = "@"

    private struct Synset {
        var words: [String]
        var hypernyms: [Int]
    }

    /// Returns, for every noun, the other words of its first senses and, at less weight, of what it is a kind of.
    ///
    /// - Parameter folder: Holds `index.noun` and `data.noun`; an absent folder gives no entries.
    /// - Complexity: O(bytes of the files).
    public static func entries(folder: String) throws(StorageError) -> [Expansions.Entry] {
        let (index, data) = (folder + "/index.noun", folder + "/data.noun")
        guard FileSystem.exists(index), FileSystem.exists(data) else { return [] }
        let synsets = try synsets(path: data)
        var entries: [Expansions.Entry] = []
        for line in try FileSystem.read(index).split(separator: 10) where line.first != 32 {
            let fields = String(decoding: line, as: UTF8.self).split(separator: " ")
            // lemma pos synset_cnt p_cnt [ptr_symbol…] sense_cnt tagsense_cnt synset_offset…
            guard fields.count > 6, let count = Int(fields[2]), fields.count > count else { continue }
            let lemma = readable(fields[0])
            guard lemma.split(separator: " ").count <= 3 else { continue }
            for (rank, offset) in fields.suffix(count).prefix(senses).enumerated() {
                guard let synset = Int(offset).flatMap({ synsets[$0] }) else { continue }
                let weight: Float = rank == 0 ? 0.6 : 0.4
                entries += related(lemma, synset.words, weight: weight)
                for parent in synset.hypernyms.prefix(1) where rank == 0 {
                    entries += related(lemma, synsets[parent]?.words ?? [], weight: weight * 0.5)
                }
            }
        }
        return entries
    }

    private static func related(_ lemma: String, _ words: [String], weight: Float) -> [Expansions.Entry] {
        words.filter { $0.lowercased() != lemma.lowercased() && $0.split(separator: " ").count <= 3 }.map {
            Expansions.Entry(kind: .synonym, headword: lemma, expansion: $0.lowercased(), weight: weight)
        }
    }

    private static func synsets(path: String) throws(StorageError) -> [Int: Synset] {
        var synsets: [Int: Synset] = [:]
        for line in try FileSystem.read(path).split(separator: 10) where line.first != 32 {
            let fields = String(decoding: line.prefix { $0 != UInt8(ascii: "|") }, as: UTF8.self).split(separator: " ")
            // offset lex_filenum type word_count(hex) [word lex_id]… pointer_count [symbol offset type source/target]…
            guard fields.count > 5, let offset = Int(fields[0]), let count = Int(fields[3], radix: 16),
                fields.count > 4 + 2 * count, let pointers = Int(fields[4 + 2 * count])
            else { continue }
            var synset = Synset(words: [], hypernyms: [])
            for index in 0..<count { synset.words.append(readable(fields[4 + 2 * index])) }
            let start = 5 + 2 * count
            for index in 0..<pointers where start + 4 * index + 1 < fields.count {
                if fields[start + 4 * index] == hypernym, let parent = Int(fields[start + 4 * index + 1]) {
                    synset.hypernyms.append(parent)
                }
            }
            synsets[offset] = synset
        }
        return synsets
    }

    private static func readable(_ word: Substring) -> String { String(word.replacing("_", with: " ")) }
}
