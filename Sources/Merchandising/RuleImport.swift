import Domain
public import JSON

/// Rules and synonyms that came from another engine's export, with what could not be taken over.
public struct RuleImport: Hashable, Sendable {
    public enum Format: String, Sendable, CaseIterable { case algolia, typesense }

    public internal(set) var rules: [Rule] = []
    public internal(set) var synonyms: [Synonym] = []
    /// By identifier of the export: what was left out, and why.
    public internal(set) var notes: [(id: String, note: String)] = []

    private var taken: Set<String> = []

    /// Reads an export; throws `RuleError` for what is none.
    public init(_ value: JSONValue, format: Format) throws(RuleError) {
        switch format {
        case .algolia: try AlgoliaReader.read(value, into: &self)
        case .typesense: try TypesenseReader.read(value, into: &self)
        }
        guard rules.count <= RuleBook.maximumRules, synonyms.count <= RuleBook.maximumSynonyms else {
            throw RuleError(.tooMany, "", "The export holds more rules or synonyms than a book may.")
        }
    }

    /// A book with these in it: those of the same identifier are replaced, the others of `book` stay.
    public func merged(into book: RuleBook) -> RuleBook {
        var merged = book
        let (ruleIDs, synonymIDs) = (Set(rules.map(\.id)), Set(synonyms.map(\.id)))
        merged.rules.removeAll { ruleIDs.contains($0.id) }
        merged.synonyms.removeAll { synonymIDs.contains($0.id) }
        merged.rules += rules
        merged.synonyms += synonyms
        return merged
    }

    public static func == (left: RuleImport, right: RuleImport) -> Bool {
        left.rules == right.rules && left.synonyms == right.synonyms && left.notes.elementsEqual(right.notes, by: ==)
    }

    public func hash(into hasher: inout Hasher) {
        hasher.combine(rules)
        hasher.combine(synonyms)
    }

    mutating func note(_ id: String, _ text: String) { notes.append((id, text)) }

    /// An identifier that this format allows and that is not taken yet.
    mutating func freshID(_ id: String) -> String {
        let plain = String(
            id.unicodeScalars.map { scalar -> Character in
                switch scalar {
                case "0"..."9", "A"..."Z", "a"..."z", "-", "_", ".": Character(scalar)
                default: "-"
                }
            }.prefix(56))
        let base = plain.isEmpty ? "rule" : plain
        var fresh = base
        var number = 2
        while !taken.insert(fresh).inserted {
            fresh = "\(base).\(number)"
            number += 1
        }
        return fresh
    }

    /// `field:value` or `field:=[a, b]`, joined by `and`; `nil` for anything else.
    static func filters(_ text: String, and joint: String) -> [(field: String, values: [String])]? {
        var found: [(field: String, values: [String])] = []
        for part in text.split(separator: joint) {
            let words = part.split(separator: ":", maxSplits: 1)
            guard words.count == 2 else { return nil }
            let field = trimmed(words[0])
            var value = trimmed(words[1])
            while value.hasPrefix("=") { value = trimmed(value.dropFirst()) }
            var values = [value]
            if value.hasPrefix("["), value.hasSuffix("]") {
                values = value.dropFirst().dropLast().split(separator: ",").map { trimmed($0) }
            }
            values = values.map { value in
                for quote in ["\"", "'", "`"] where value.count > 1 && value.hasPrefix(quote) && value.hasSuffix(quote)
                {
                    return String(value.dropFirst().dropLast())
                }
                return value
            }
            let isPlain = !field.isEmpty && !field.contains(where: { "()<>! ".contains($0) })
            guard isPlain, values.allSatisfy({ !$0.isEmpty && !$0.contains(where: { "<>()".contains($0) }) }) else {
                return nil
            }
            found.append((field, values))
        }
        return found.isEmpty ? nil : found
    }

    private static func trimmed(_ text: some StringProtocol) -> String {
        String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// Folded words without repetition.
    static func words(_ value: JSONValue?) -> [String] {
        var words: [String] = []
        for text in value?.arrayValue ?? [] {
            let word = QueryText.fold(text.stringValue ?? "")
            if !word.isEmpty && !words.contains(word) && word.utf8.count <= 200 { words.append(word) }
        }
        return words
    }

    static func time(_ value: JSONValue?) -> Timestamp? {
        value?.integerValue.flatMap { (0...253_402_300_799).contains($0) ? Timestamp(milliseconds: $0 * 1000) : nil }
    }
}
