public import Numerics

/// What happens to a phrase on the way to the search box.
public enum PhraseDamage: String, CaseIterable, Sendable {
    /// A slip of typing in one word, or in two.
    case slip
    /// One of at least three words is missing.
    case dropped
    /// The end is not typed yet.
    case cut

    private static let shortestSlipped = 4
    private static let secondSlip = 0.25
    private static let leastKept = 3

    /// Damages a phrase of folded words; `nil` if it is too short for it, or came out whole.
    public func apply(_ phrase: String, using random: inout SeededGenerator) -> String? {
        var words = phrase.split(separator: " ").map(String.init)
        switch self {
        case .slip:
            let places = words.indices.filter { words[$0].count >= Self.shortestSlipped }.shuffled(using: &random)
            let count = random.unit() < Self.secondSlip ? 2 : 1
            for place in places.prefix(count) { words[place] = Self.slip(words[place], using: &random) }
        case .dropped:
            guard words.count > 2 else { return nil }
            words.remove(at: Int.random(in: 0..<words.count, using: &random))
        case .cut:
            let letters = Array(phrase)
            let least = max(Self.leastKept, letters.count / 2)
            guard least < letters.count else { return nil }
            let kept = String(letters[..<Int.random(in: least..<letters.count, using: &random)])
            words = kept.split(separator: " ").map(String.init)
        }
        let damaged = words.joined(separator: " ")
        return damaged == phrase ? nil : damaged
    }

    /// One letter of a word of at least three left out, doubled or changed for another, or two neighbours exchanged; never the first.
    public static func slip(_ word: String, using random: inout SeededGenerator) -> String {
        var letters = Array(word)
        precondition(letters.count > 2, "a word of at least three letters")
        let place = Int.random(in: 1..<letters.count - 1, using: &random)
        switch Int.random(in: 0..<4, using: &random) {
        case 0: letters.remove(at: place)
        case 1: letters.insert(letters[place], at: place)
        case 2: letters.swapAt(place, place + 1)
        default: letters[place] = "abcdefghijklmnopqrstuvwxyz".randomElement(using: &random) ?? "e"
        }
        return String(letters)
    }
}
