public import Domain

/// What of an item says what it is: its title without sizes and remarks, and its categories from the narrowest.
///
/// Many items share one such text, in a grocer's catalogue twenty or more, and are encoded once.
public enum ItemText {
    static let maximumBytes = 1000
    private static let longestUnit = 3

    public static func text(of item: Item) -> String {
        let title = plain(item.title)
        var parts = item.productType.reversed().map { String($0) }
        let said = Set(parts.flatMap(words))
        if !words(title).allSatisfy(said.contains) { parts.insert(title, at: 0) }
        let text = parts.joined(separator: " ")
        return String(decoding: text.utf8.prefix(maximumBytes), as: UTF8.self)
    }

    /// What an item is called, without sizes and remarks.
    public static func name(of item: Item) -> String { plain(item.title) }

    /// A title without what stands in brackets and without words that hold digits, nor the unit behind one.
    private static func plain(_ title: String) -> String {
        var depth = 0
        var kept = ""
        for character in title {
            switch character {
            case "(", "[": depth += 1
            case ")", "]": depth = max(0, depth - 1)
            default: if depth == 0 { kept.append(character) }
            }
        }
        var words: [Substring] = []
        var isAmount = false
        for word in kept.split(separator: " ") {
            let hasDigits = word.contains { $0.isNumber }
            if !hasDigits, !isAmount || word.count > longestUnit { words.append(word) }
            isAmount = hasDigits
        }
        while let last = words.last?.last, !last.isLetter { words[words.count - 1].removeLast() }
        let plain = words.joined(separator: " ")
        return plain.isEmpty ? title : plain
    }

    private static func words(_ text: String) -> [String] {
        text.lowercased().split { !$0.isLetter && !$0.isNumber }.map(String.init)
    }
}
