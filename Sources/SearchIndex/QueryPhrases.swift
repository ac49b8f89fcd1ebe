import Domain

/// Reads prices, amounts, orders and exclusions out of the words of an English query, without looking at a catalogue.
///
/// Complexity: O(words).
struct QueryPhrases {
    /// A price, an amount, an order or an exclusion, and which words say it.
    enum Phrase: Hashable {
        case price(lowest: Int64?, highest: Int64?)
        case amount(Amount)
        case order(SearchRequest.Sort)
        case without(String)
    }

    /// Words of the text between blanks, lower case, without punctuation at their ends.
    let words: [String]
    private let decimals: Int

    init(_ text: String, decimals: Int) {
        words = text.lowercased().split { $0.isWhitespace || $0 == "," && !text.contains("$") }.prefix(48).map { word in
            String(word.drop { "\"'([{!?;:".contains($0) }.reversed().drop { "\"')]}!?;:,.".contains($0) }.reversed())
        }
        .filter { !$0.isEmpty }
        self.decimals = decimals
    }

    /// The phrase that begins at a word, and how many words it takes.
    func phrase(at index: Int) -> (phrase: Phrase, length: Int)? {
        price(at: index) ?? order(at: index) ?? without(at: index) ?? amount(at: index)
    }

    // MARK: Prices

    private static let upperBounds = [
        ["under"], ["below"], ["less", "than"], ["cheaper", "than"], ["up", "to"], ["at", "most"], ["not", "over"],
        ["no", "more", "than"], ["max"], ["maximum"], ["within"],
    ]
    private static let lowerBounds = [["over"], ["above"], ["more", "than"], ["at", "least"], ["from"], ["min"]]
    private static let currencies: Set<String> = [
        "dollar", "dollars", "bucks", "usd", "euro", "euros", "eur", "cents", "cent", "pounds sterling", "gbp", "yen",
        "jpy",
    ]

    private func price(at index: Int) -> (phrase: Phrase, length: Int)? {
        if let range = range(at: index) { return range }
        for (bounds, isUpper) in [(Self.upperBounds, true), (Self.lowerBounds, false)] {
            for bound in bounds where words[index...].starts(with: bound) {
                guard let money = money(at: index + bound.count),
                    money.isMarked || isUpper && index + bound.count + 1 == words.count
                else { continue }
                return (
                    .price(lowest: isUpper ? nil : money.value, highest: isUpper ? money.value : nil),
                    bound.count + money.length
                )
            }
        }
        return nil
    }

    /// `between 2 and 4 dollars`, `$2 to $4`, `$2-$4`.
    private func range(at index: Int) -> (phrase: Phrase, length: Int)? {
        var place = index
        let isBetween = words[place] == "between" || words[place] == "from"
        if isBetween { place += 1 }
        if place < words.count, let parts = split(words[place]), let low = money(parts.0, nil),
            let high = money(parts.1, place + 1 < words.count ? words[place + 1] : nil), low.isMarked || high.isMarked
        {
            return ordered(low.value, high.value, place - index + high.length)
        }
        guard let low = money(at: place), place + low.length < words.count else { return nil }
        place += low.length
        guard ["and", "to", "-", "–"].contains(words[place]), let high = money(at: place + 1),
            low.isMarked || high.isMarked
        else { return nil }
        return ordered(low.value, high.value, place + 1 - index + high.length)
    }

    private func split(_ word: String) -> (String, String)? {
        let parts = word.split(separator: "-", maxSplits: 1).map(String.init)
        return parts.count == 2 ? (parts[0], parts[1]) : nil
    }

    private func ordered(_ left: Int64, _ right: Int64, _ length: Int) -> (phrase: Phrase, length: Int) {
        (.price(lowest: min(left, right), highest: max(left, right)), length)
    }

    private typealias Sum = (value: Int64, length: Int, isMarked: Bool)

    private func money(at index: Int) -> Sum? {
        guard index < words.count else { return nil }
        return money(words[index], index + 1 < words.count ? words[index + 1] : nil)
    }

    private func money(_ word: String, _ next: String?) -> Sum? {
        let signs = "$€£¥"
        let bare = word.filter { !signs.contains($0) }
        guard word.count - bare.count <= 1, let value = Double(bare), value >= 0, value < 1e9, bare.first != "+" else {
            return nil
        }
        let hasWord = next.map { Self.currencies.contains($0) } ?? false
        let scale =
            hasWord && next?.hasPrefix("cent") == true ? 1 : (0..<decimals).reduce(1.0) { value, _ in value * 10 }
        return (Int64((value * scale).rounded()), hasWord ? 2 : 1, hasWord || bare != word)
    }

    // MARK: Orders and exclusions

    private static let orders: [([String], SearchRequest.Sort)] = [
        (["cheapest"], .priceAscending), (["lowest", "price"], .priceAscending),
        (["lowest", "priced"], .priceAscending),
        (["least", "expensive"], .priceAscending), (["most", "expensive"], .priceDescending), (["newest"], .newest),
        (["best", "selling"], .popularity), (["bestselling"], .popularity), (["most", "popular"], .popularity),
        (["best", "rated"], .rating), (["top", "rated"], .rating), (["highest", "rated"], .rating),
    ]

    private func order(at index: Int) -> (phrase: Phrase, length: Int)? {
        for (text, sort) in Self.orders where words[index...].starts(with: text) { return (.order(sort), text.count) }
        return nil
    }

    private func without(at index: Int) -> (phrase: Phrase, length: Int)? {
        func isWord(_ place: Int) -> Bool { place < words.count && words[place].allSatisfy(\.isLetter) }
        if words[index] == "without", isWord(index + 1) {
            let article = ["any", "added", "the", "a"].contains(words[index + 1]) && isWord(index + 2)
            return (.without(words[index + (article ? 2 : 1)]), article ? 3 : 2)
        }
        if words[index] == "no", words.count > 2, isWord(index + 1), words[index + 1] != "more" {
            return (.without(words[index + 1]), 2)
        }
        if words[index] == "free", index + 2 < words.count, words[index + 1] == "of", isWord(index + 2) {
            return (.without(words[index + 2]), 3)
        }
        if words[index].hasSuffix("-free"), words[index].count > 6 {
            return (.without(String(words[index].dropLast(5))), 1)
        }
        if isWord(index), index + 1 < words.count, words[index + 1] == "free", words[index].count > 2,
            index + 2 == words.count || words[index + 2] != "of"
        {
            return (.without(words[index]), 2)
        }
        return nil
    }

    // MARK: Amounts

    /// `12 pack`, `16oz`, `half gallon`, `1/2 gallon`, `6-pack`, `a dozen`.
    private func amount(at index: Int) -> (phrase: Phrase, length: Int)? {
        let next = index + 1 < words.count ? words[index + 1] : nil
        if ["half", "a", "one"].contains(words[index]), let next, let unit = Amount.Unit(word: next) {
            guard words[index] != "a" || unit == .dozen else { return nil }
            return (.amount(Amount(value: words[index] == "half" ? 0.5 : 1, unit: unit)), 2)
        }
        if let value = number(words[index]), let next {
            if next == "fl" || next == "fluid", index + 2 < words.count, Amount.Unit(word: words[index + 2]) == .ounce {
                return (.amount(Amount(value: value, unit: .ounce)), 3)
            }
            if let unit = Amount.Unit(word: next) { return (.amount(Amount(value: value, unit: unit)), 2) }
        }
        let digits = words[index].prefix { $0.isASCII && ($0.isNumber || $0 == "." || $0 == "/") }
        let rest = words[index].dropFirst(digits.count).drop { $0 == "-" }
        guard let value = number(String(digits)), let unit = Amount.Unit(word: String(rest)) else { return nil }
        return (.amount(Amount(value: value, unit: unit)), 1)
    }

    private func number(_ text: String) -> Double? {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        let value: Double?
        if parts.count == 2, let over = Double(parts[0]), let under = Double(parts[1]), under != 0 {
            value = over / under
        } else {
            value = parts.count == 1 ? Double(text) : nil
        }
        guard let value, value > 0, value < 100_000 else { return nil }
        return value
    }
}
