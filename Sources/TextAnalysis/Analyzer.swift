/// One word of a text: as it was folded, and its stem, which is what an index holds.
public struct Token: Hashable, Sendable {
    public let word: [UInt8]
    public let term: [UInt8]
    public var text: String { String(decoding: word, as: UTF8.self) }

    public init(word: [UInt8], term: [UInt8]) { (self.word, self.term) = (word, term) }
}

/// Turns texts into terms; the same for documents and queries.
public struct Analyzer: Sendable {
    /// Longer words are cut: no shopper types them, and a hostile text must not fill the index.
    public static let maximumWordBytes = 48
    /// Languages that are written without spaces.
    private static let unspaced: Set<String> = ["ja", "km", "lo", "my", "th", "zh"]

    private let stemmer: Stemmer
    /// Set for a language whose words ICU has to find.
    private let brokenLanguage: String?

    public init(language: String = "en") {
        stemmer = Stemmer(language: language)
        let primary = language.split(separator: "-").first.map { $0.lowercased() } ?? ""
        brokenLanguage = Self.unspaced.contains(primary) ? language : nil
    }

    /// The tokens of a text, in its order; at most `limit`.
    public func tokens(of text: String, limit: Int = 1024) -> [Token] {
        words(of: text).prefix(limit).map { token(Array($0.prefix(Self.maximumWordBytes))) }
    }

    func words(of text: String) -> [[UInt8]] {
        brokenLanguage.map { TextFolding.brokenWords(of: text, language: $0) } ?? TextFolding.words(of: text)
    }

    /// The token of a folded word.
    public func token(_ word: [UInt8]) -> Token { Token(word: word, term: stemmer.stem(word)) }

    /// English words that say nothing about a product: left out of a query that has other words.
    public static let stopWords: Set<[UInt8]> = Set(
        """
        a an and any are as at be best buy by can do find for from get give good have how i im in is it looking me my \
        need of on or our please some something that the their them these this those to use used want we what where \
        which with you your
        """.split(separator: " ").map { Array($0.utf8) })

    /// English words after which a noun is described further: what the query is about stands before them.
    public static let prepositions: Set<[UInt8]> = Set(
        ["for", "from", "in", "of", "on", "to", "with", "without"].map { Array($0.utf8) })
}
