import TextAnalysis

/// A shop's synonyms, made ready to be found in queries, with one slip a word forgiven from four letters on.
struct SynonymTable {
    /// Shorter words are slips of too many others.
    private static let shortest = 4

    private struct Phrase {
        let words: [Substring]
        let others: [String]
    }

    private var phrases: [Phrase] = []
    /// By first word, and by what is left of it without one letter.
    private var places: [[UInt8]: [Int32]] = [:]

    init() {}

    init(_ synonyms: [Synonym]) {
        for synonym in synonyms {
            for phrase in synonym.from.isEmpty ? synonym.to : synonym.from {
                let words = QueryText.words(phrase)
                guard let first = words.first else { continue }
                let place = Int32(phrases.count)
                phrases.append(Phrase(words: words, others: synonym.to.filter { $0 != phrase }))
                for key in Self.keys(first) { places[key, default: []].append(place) }
            }
        }
    }

    /// The phrases of a folded query that synonyms name, or slips of such.
    ///
    /// Complexity: O(words · letters + phrases with a first word alike).
    func wordings(of folded: String, limit: Int) -> [RuleOutcome.Wording] {
        guard !phrases.isEmpty else { return [] }
        let words = QueryText.words(folded)
        var found: [RuleOutcome.Wording] = []
        for start in words.indices {
            for place in Set(Self.keys(words[start]).flatMap { places[$0] ?? [] }).sorted() {
                let phrase = phrases[Int(place)]
                guard found.count < limit, start + phrase.words.count <= words.count else { continue }
                let part = words[start..<start + phrase.words.count]
                guard zip(part, phrase.words).allSatisfy({ Self.isAlike($0, $1) }) else { continue }
                let isExact = part.elementsEqual(phrase.words)
                let others = isExact ? phrase.others : [phrase.words.joined(separator: " ")] + phrase.others
                guard !others.isEmpty else { continue }
                found.append(
                    RuleOutcome.Wording(phrase: part.joined(separator: " "), others: others, isExact: isExact))
            }
        }
        return found
    }

    private static func isAlike(_ typed: Substring, _ word: Substring) -> Bool {
        guard typed != word else { return true }
        guard typed.utf8.count >= shortest, word.utf8.count >= shortest else { return false }
        return EditDistance.bounded(Array(typed.utf8), Array(word.utf8), limit: 1) != nil
    }

    /// A word and, if it is long enough, what is left of it without one letter: words one slip apart share one of these.
    private static func keys(_ word: Substring) -> Set<[UInt8]> {
        let letters = Array(word.utf8)
        guard letters.count >= shortest, letters.count <= 32 else { return [letters] }
        var keys: Set<[UInt8]> = [letters]
        for place in letters.indices { keys.insert(Array(letters[..<place] + letters[(place + 1)...])) }
        return keys
    }
}
