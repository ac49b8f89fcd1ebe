/// A package's size as a shopper reads it, with its weight or volume and its number of pieces where they can be told.
///
/// Units are spelt one way, words that are cut off or misspelt are completed, and codes before the size are left out.
struct PackageSize {
    let text: String
    /// Ounces, or fluid ounces, of one piece.
    private(set) var ounces: Double?
    private(set) var count: Double?

    init(_ source: String) {
        text = Self.readable(source)
        var words = text.replacing("/", with: " / ").split(separator: " ").map(String.init)[...]
        words.removeAll { $0 == "fl" || $0 == "rec" }
        if words.count == 1 { measure(1, words.first) }
        while let word = words.popFirst() {
            if word == "half" {
                measure(0.5, words.first)
            } else if let number = Self.number(word) {
                take(number, &words)
            } else if word.contains("-"), words.first == "/" {
                // `7-3/4 oz` may be a mixed number or a range: left as it is.
                words.removeFirst(min(3, words.count))
            }
        }
    }

    /// Takes what follows a number: a unit, a fraction, or the size of each of so many pieces.
    private mutating func take(_ number: Double, _ words: inout ArraySlice<String>) {
        if let (fraction, length) = Self.fraction(words), number == number.rounded() {
            // `10 3/4 oz`
            words.removeFirst(length)
            measure(number + fraction, words.first)
        } else if words.first == "/", let other = words.dropFirst().first.flatMap(Self.number) {
            if Self.isFraction(number, other) {
                words.removeFirst(2)
                measure(number / other, words.first)
            } else {
                // `6/12 oz` are six pieces of twelve ounces.
                count = count ?? number
            }
        } else {
            measure(number, words.first)
        }
    }

    private static func fraction(_ words: ArraySlice<String>) -> (Double, Int)? {
        guard words.count >= 3, words[words.startIndex + 1] == "/", let above = number(words[words.startIndex]),
            let below = number(words[words.startIndex + 2]), isFraction(above, below)
        else { return nil }
        return (above / below, 3)
    }

    private static func isFraction(_ above: Double, _ below: Double) -> Bool {
        above < below && [2, 3, 4, 8].contains(below)
    }

    private mutating func measure(_ number: Double, _ unit: String?) {
        guard let unit else { return }
        if let factor = Self.ouncesByUnit[unit] {
            ounces = ounces ?? (number * factor * 1e6).rounded() / 1e6
        } else if ["ct", "pk", "pc"].contains(unit) {
            count = count ?? number
        } else if unit == "dozen" {
            count = count ?? number * 12
        }
    }

    private static func number(_ word: String) -> Double? {
        guard word.first?.isNumber == true || word.first == ".", let number = Double(word), number > 0, number < 1e6
        else { return nil }
        return number
    }

    private static let ouncesByUnit = [
        "oz": 1, "lb": 16, "ml": 0.033814, "L": 33.814, "gal": 128, "qt": 32, "pt": 16, "g": 0.035274, "kg": 35.274,
    ]

    /// `P    12 OZS` becomes `12 oz`, `9 X13 IN` becomes `9 x 13 in`.
    private static func readable(_ source: String) -> String {
        var words: [String] = []
        var word = ""
        for character in withoutCode(source) {
            let isSameKind = word.last.map { $0.isLetter == character.isLetter && !isMark($0) } ?? true
            if character.isWhitespace || isMark(character) || !isSameKind {
                words.append(word)
                word = ""
            }
            if !character.isWhitespace { word.append(character) }
        }
        words.append(word)
        var text = ""
        for word in words where !word.isEmpty {
            let meaning = units[word] ?? word.lowercased()
            let isGlued = ["/", "-", ")", "%"].contains(meaning) || ["/", "-", "("].contains(text.last)
            text += text.isEmpty || isGlued || meaning.isEmpty ? meaning : " \(meaning)"
        }
        return text
    }

    private static func isMark(_ character: Character) -> Bool { "/-()*".contains(character) }

    /// Leaves out a packer's code: letters before two or more blanks, one or two letters at the start, long numbers.
    private static func withoutCode(_ source: String) -> String {
        var text = source[...]
        let letters = text.prefix { $0.isLetter }
        if !letters.isEmpty, letters.count <= 4, text.dropFirst(letters.count).hasPrefix("  ") {
            text = text.dropFirst(letters.count)
        }
        var words = text.split(separator: " ")[...]
        while words.count > 1, let first = words.first, isCode(first) { words.removeFirst() }
        words.removeAll { $0.count >= 5 && $0.allSatisfy(\.isNumber) }
        return words.map { $0.hasSuffix(".") ? $0.dropLast() : $0 }.joined(separator: " ")
    }

    private static func isCode(_ word: Substring) -> Bool {
        guard word.allSatisfy(\.isLetter) else { return false }
        if word.count == 1 { return true }
        return word.count == 2 && units[String(word)] == nil && ouncesByUnit[word.lowercased()] == nil
            && !["CT", "PK", "PC", "FT", "IN", "CM", "MM"].contains(word)
            || ["ALL", "ABD", "BCD", "ABCD"].contains(word)
    }
}
