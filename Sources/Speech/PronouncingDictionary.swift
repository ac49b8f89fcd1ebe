import Storage

/// Words with their phones, as in the CMU Pronouncing Dictionary, without marks of stress.
struct PronouncingDictionary: Sendable {
    private static let maximumBytes = 64 << 20

    /// By word in lower case, usual pronunciation first, phones with one space between two.
    let pronunciations: [String: [String]]
    /// Words with an apostrophe by what is left without it, as folded texts have them: `women's` for `womens`.
    private let plain: [String: String]

    /// - Parameter text: A word and its phones a line; `word(2)` is a further pronunciation of `word`.
    init(_ text: String) {
        var pronunciations: [String: [String]] = [:]
        var plain: [String: String] = [:]
        for line in text.utf8.split(whereSeparator: { $0 == 10 || $0 == 13 }) {
            guard let space = line.firstIndex(where: { $0 == 32 || $0 == 9 }), line.first != 35 else { continue }
            var word = line[..<space]
            if word.last == 41, let bracket = word.firstIndex(of: 40), bracket > word.startIndex {
                word = word[..<bracket]
            }
            let name = String(Substring(word)).lowercased()
            pronunciations[name, default: []].append(
                String(Substring(line[space...])).split(separator: " ").joined(separator: " "))
            if word.contains(39) { plain[name.filter { $0 != "'" }] = name }
        }
        (self.pronunciations, self.plain) = (pronunciations, plain)
    }

    /// Reads a dictionary's file.
    init(path: String) throws(SpeechError) {
        do {
            self.init(String(decoding: try FileSystem.read(path, maximumBytes: Self.maximumBytes), as: UTF8.self))
        } catch {
            throw SpeechError(.missing, "The dictionary \(path) cannot be read: install Debian's `pocketsphinx-en-us`.")
        }
    }

    /// The pronunciations of a folded word; `nil` if the dictionary lacks it.
    subscript(word: String) -> [String]? {
        pronunciations[word] ?? plain[word].flatMap { pronunciations[$0] }
    }
}
