public import Storage

/// Reads bilingual dictionaries, as `Setup/export_dictionaries.py` writes them, into translations.
public enum Dictionaries {
    /// A line has the columns language, headword, English and weight, separated by tabs; others are passed over.
    ///
    /// - Parameter path: An absent file gives no entries.
    /// - Parameter isUseful: Says of a meaning, folded words with a blank between, whether it is wanted.
    /// - Complexity: O(bytes of the file).
    public static func entries(path: String, where isUseful: (String) -> Bool = { _ in true })
        throws(StorageError) -> [Expansions.Entry]
    {
        guard FileSystem.exists(path) else { return [] }
        var entries: [Expansions.Entry] = []
        for line in try FileSystem.read(path).split(separator: 10) where line.first != UInt8(ascii: "#") {
            let fields = line.split(separator: 9)
            guard fields.count == 4, let weight = Float(String(decoding: fields[3], as: UTF8.self)),
                (0...1).contains(weight)
            else { continue }
            let meaning = String(decoding: fields[2], as: UTF8.self)
            guard isUseful(meaning) else { continue }
            entries.append(
                Expansions.Entry(
                    kind: .translation, headword: String(decoding: fields[1], as: UTF8.self), expansion: meaning,
                    weight: weight))
        }
        return entries
    }
}
