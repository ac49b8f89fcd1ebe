/// Turns a grocer's shorthand into words that a shopper uses: a table of words, and a few rules.
public struct ShorthandExpander: Sendable {
    public init() {}

    /// `FRZN SS PREMIUM ENTREES/DNRS/N` becomes `Frozen Single Serve Premium Entrees/Dinners`.
    ///
    /// Brackets that are cut off are closed by leaving them out, single letters at the end of a path are dropped.
    public func expand(_ text: String) -> String {
        var words: [String] = []
        var word = ""
        for character in text.uppercased() {
            if character.isLetter || character.isNumber || character == "%" || character == "." || character == "'" {
                word.append(character)
                continue
            }
            append(word, to: &words)
            word = ""
            switch character {
            case "/", "&", "(", ")", ",", ":": words.append(character == ":" ? "," : String(character))
            default: break
            }
        }
        append(word, to: &words)
        return joined(words)
    }

    private func append(_ word: String, to words: inout [String]) {
        guard !word.isEmpty else { return }
        let bare = word.hasSuffix(".") ? String(word.dropLast()) : word
        if let expanded = Self.words[bare] {
            if !expanded.isEmpty { words.append(expanded) }
        } else if bare.contains(where: \.isNumber) || Self.kept.contains(bare) {
            words.append(bare)
        } else {
            words.append(bare.prefix(1) + bare.dropFirst().lowercased())
        }
    }

    private func joined(_ parts: [String]) -> String {
        var parts = parts
        if let open = parts.lastIndex(of: "("), !parts[open...].contains(")") { parts.removeSubrange(open...) }
        let marks: Set<String> = ["/", "&", ",", "(", "and"]
        while let last = parts.last, marks.contains(last) || last.count == 1 && parts.dropLast().last == "/" {
            parts.removeLast()
        }
        while let first = parts.first, marks.contains(first) || first == ")" { parts.removeFirst() }
        var text = ""
        for (index, part) in parts.enumerated() {
            let glued = ["/", ",", ")"].contains(part) || index > 0 && ["/", "("].contains(parts[index - 1])
            if !text.isEmpty, !glued { text += " " }
            text += part
        }
        return text
    }

    private static let kept: Set<String> = ["BBQ", "DVD", "DVDS", "VHS", "TV", "CD", "SPF", "OJ", "NFL", "MLB", "DIY"]

    private static let words: [String: String] = {
        var table: [String: String] = [:]
        for line in shorthand.split(separator: "\n") {
            let parts = line.split(separator: "=", omittingEmptySubsequences: false)
            table[String(parts[0])] = String(parts[1])
        }
        return table
    }()
}
