/// The tables of the shorthand, parsed once.
enum ShorthandTables {
    static let words = parsed(ShorthandExpander.shorthand)
    static let endings = parsed(ShorthandExpander.endings)
    /// Longest first.
    static let phrases: [(words: [Character], meaning: String)] = parsed(ShorthandExpander.phrases)
        .map { (Array($0.key), $0.value) }.sorted { ($1.words.count, $0.meaning) < ($0.words.count, $1.meaning) }
    /// What letters behind a number mean.
    static let units = [
        "PK": "Pack", "ML": "ml", "LT": "L", "L": "L", "IN": "in", "LB": "lb", "LBS": "lb", "PC": "Piece", "OZ": "oz",
        "CT": "Count", "MM": "mm", "JCE": "Juice",
    ]
    /// Words that stay in capitals.
    static let kept: Set<String> = [
        "BBQ", "DVD", "DVDS", "VHS", "TV", "CD", "SPF", "OJ", "NFL", "MLB", "DIY", "APS", "HD",
    ]
    /// Words that keep the hyphen behind them.
    static let prefixes: Set<String> = [
        "NON", "PRE", "SEMI", "SMI", "ANTI", "MULTI", "MLT", "X", "T", "CD", "BI", "POST",
    ]
    /// Words that are written small inside a text, and say nothing at its end.
    static let small: Set<String> = ["and", "or", "of", "for", "with", "without", "on", "in", "the", "to", "at", "by"]

    private static func parsed(_ table: String) -> [String: String] {
        var words: [String: String] = [:]
        for line in table.split(separator: "\n") {
            let parts = line.split(separator: "=", omittingEmptySubsequences: false)
            words[String(parts[0])] = String(parts[1])
        }
        return words
    }
}
