public import Domain
import Foundation
import Storage
import TextAnalysis

/// What of a shop's speech model is chosen by measuring: see docs/voice.md.
public struct SpeechSettings: Sendable, Hashable {
    /// How many words an n-gram has.
    public var order = 2
    /// How often each word counts as a whole query of its own, beside the texts that it occurs in.
    public var singles = 1
    /// What the decoder multiplies the language model's logarithms by.
    public var weight = 9.0
    /// The chance of a further word: less makes long words likelier than two short ones.
    public var insertion = 0.65

    public init() {}
}

/// Makes a shop's speech model from its catalogue: the words that may be said, how they sound, and which follow each other.
public struct SpeechModelBuilder: Sendable {
    /// Words beyond the most frequent so many are left out: PocketSphinx numbers them by 16 bits.
    public static let maximumWords = 20_000
    private static let mostWordsOfText = 12

    private let language: String
    private var texts: [[String]: Int] = [:]

    /// What was made.
    public struct Built: Sendable {
        /// Words that can be heard.
        public let words: Int
        /// How many of them are said by their letters alone, the dictionary and its parts lacking them.
        public let guessed: Int
        /// Words that are left out: nobody knows how they sound, or there are too many.
        public let leftOut: Int
    }

    /// - Parameter language: The shop's; PocketSphinx has models of American English.
    public init(language: String) { self.language = language }

    /// Adds what an item is called: its title, brand and categories, whole and between commas and slashes.
    public mutating func add(_ item: Item) {
        for text in [item.title, item.brand] + item.productType {
            let plain = Self.withoutBrackets(text)
            add(text: plain, count: 1)
            let parts = plain.split { ",/&;|".contains($0) }
            if parts.count > 1 { for part in parts { add(text: String(part), count: 1) } }
        }
    }

    /// Adds what shoppers type.
    public mutating func add(query: String, count: Int) { add(text: query, count: count) }

    private mutating func add(text: String, count: Int) {
        let words = TextFolding.words(of: text).prefix(Self.mostWordsOfText).map { String(decoding: $0, as: UTF8.self) }
        if !words.isEmpty { texts[words, default: 0] += count }
    }

    private static func withoutBrackets(_ text: String) -> String {
        var depth = 0
        return text.filter { character in
            if character == "(" || character == "[" { depth += 1 }
            defer { if character == ")" || character == "]" { depth = max(0, depth - 1) } }
            return depth == 0
        }
    }

    /// Writes the model's folder.
    ///
    /// - Parameter acoustic: Where the acoustic model and its dictionary are.
    /// - Throws: `SpeechError` `missing` without the dictionary; `StorageError`.
    public func write(to folder: String, acoustic: AcousticModel, settings: SpeechSettings = SpeechSettings()) throws
        -> Built
    {
        let (sentences, frequencies) = counted(singles: settings.singles)
        let frequent = frequencies.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(Self.maximumWords).map(
            \.key)
        let pronouncer = Pronouncer(dictionary: try PronouncingDictionary(path: acoustic.dictionary))
        var said: [String: [String]] = [:]
        var unknown: [String] = []
        for word in frequent.sorted() {
            if let found = pronouncer.pronunciations(of: word) {
                said[word] = found.phones
            } else {
                unknown.append(word)
            }
        }
        let guessed = LetterSounds.phones(of: unknown, from: pronouncer.dictionary)
        said.merge(guessed.mapValues { [$0] }) { known, _ in known }
        let model = LanguageModel(sentences, words: Set(said.keys), order: settings.order)
        var artefact = try ArtefactWriter(
            folder: folder, kind: SpeechModel.kind, formatVersion: SpeechModel.format, creator: "souk index", seed: nil)
        try artefact.add(SpeechModel.languageFile, Array(model.arpa.utf8))
        try artefact.add(SpeechModel.dictionaryFile, Array(Self.dictionary(said).utf8))
        let built = Built(words: said.count, guessed: guessed.count, leftOut: frequencies.count - said.count)
        _ = try artefact.finish(
            metrics: [
                "words": Double(built.words), "guessed": Double(built.guessed), "left_out": Double(built.leftOut),
                "weight": settings.weight, "insertion": settings.insertion,
            ], inputs: ["language": language])
        return built
    }

    /// The texts with how often each counts, and how often each word occurs.
    ///
    /// A text of many items counts by the logarithm of their number: shoppers do not ask for a shelf as often as it has items.
    private func counted(singles: Int) -> (sentences: [LanguageModel.Sentence], frequencies: [String: Int]) {
        var frequencies: [String: Int] = [:]
        var sentences: [LanguageModel.Sentence] = []
        for (words, count) in texts {
            for word in words { frequencies[word, default: 0] += count }
            // Sizes stand in most titles, and nobody says them: with these, noise is heard as `2 oz`.
            if words.contains(where: Self.hasDigits) { continue }
            sentences.append(LanguageModel.Sentence(words: words, count: 1 + Int(log2(Double(count)))))
        }
        let alone = frequencies.keys.filter { singles > 0 && !Self.hasDigits($0) }
        sentences += alone.map { LanguageModel.Sentence(words: [$0], count: singles) }
        return (sentences, frequencies)
    }

    private static func hasDigits(_ word: String) -> Bool { word.utf8.contains { (48...57).contains($0) } }

    private static func dictionary(_ said: [String: [String]]) -> String {
        var text = ""
        for word in said.keys.sorted() {
            for (index, phones) in (said[word] ?? []).enumerated() {
                text += "\(word)\(index == 0 ? "" : "(\(index + 1))") \(phones)\n"
            }
        }
        return text
    }
}
