import TextAnalysis

/// Learns which words of a catalogue are shorthand for which others, such as `frzn` for `frozen`, from how they are written
/// and from what they stand beside.
///
/// Shorthand keeps the first letter and the order of the others, leaves vowels out and is no word of the language itself. Of
/// several words that it could stand for, the one is taken that it shares most of its company with.
struct ShorthandLearner {
    /// What shorthand counts for beside the word itself.
    private static let weight: Float = 0.9
    private static let leastForm = 0.75
    private static let longest = 7
    private static let vowels = Set("aeiou".utf8)

    private let labels: LabelWords
    private let isWord: ([UInt8]) -> Bool
    /// By word: how often it stands in a name with another.
    private var company: [[UInt8]: [[UInt8]: Double]] = [:]
    private var counts: [[UInt8]: Int] = [:]

    /// - Parameter isWord: Whether the language has a word, in any form.
    init(_ labels: LabelWords, isWord: @escaping ([UInt8]) -> Bool) {
        (self.labels, self.isWord) = (labels, isWord)
        for label in labels.labels {
            let words = Set(label)
            for word in words {
                counts[word, default: 0] += 1
                for other in words where other != word { company[word, default: [:]][other, default: 0] += 1 }
            }
        }
    }

    /// Shorthand by the words that it stands for. Complexity: O(shorthand · words with its first letter).
    func entries() -> [Expansions.Entry] {
        let words = counts.keys.filter { word in word.allSatisfy { (97...122).contains($0) } }
        var byLetter: [UInt8: [[UInt8]]] = [:]
        var shorthand: [[UInt8]] = []
        for word in words.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            if isWord(word) {
                if word.count >= 4 { byLetter[word[0], default: []].append(word) }
            } else if word.count >= 2, word.count <= Self.longest {
                shorthand.append(word)
            }
        }
        return shorthand.compactMap { short in
            let candidates = byLetter[short[0]] ?? []
            var best: (value: Double, word: [UInt8])?
            for word in candidates {
                let form = Self.form(short, of: word)
                guard form >= Self.leastForm else { continue }
                let shared = shared(short, word)
                guard shared > 0 || form == 1 && short.count >= 3 else { continue }
                let value = form * (0.2 + shared)
                if value > best?.value ?? 0 { best = (value, word) }
            }
            guard let best else { return nil }
            return Expansions.Entry(
                kind: .synonym, folded: best.word, expansion: String(decoding: short, as: UTF8.self),
                weight: Self.weight, language: "")
        }
    }

    /// How much of a word's consonants shorthand keeps, in `0...1`; 0 if it cannot stand for the word.
    static func form(_ short: [UInt8], of word: [UInt8]) -> Double {
        guard short.count < word.count, short.first == word.first, let lastShort = short.last else { return 0 }
        var place = 0
        for letter in short {
            guard let found = word[place...].firstIndex(of: letter) else { return 0 }
            place = found + 1
        }
        func consonants(_ letters: [UInt8]) -> [UInt8] {
            var kept: [UInt8] = []
            for letter in letters where !vowels.contains(letter) && kept.last != letter { kept.append(letter) }
            return kept
        }
        let (own, all) = (consonants(short), consonants(word))
        guard !all.isEmpty, all.last == lastShort || word.last == lastShort else { return 0 }
        return Double(min(own.count, all.count)) / Double(all.count)
    }

    /// The cosine of the company that two words keep, rare company counting more.
    private func shared(_ left: [UInt8], _ right: [UInt8]) -> Double {
        guard let first = company[left], let second = company[right] else { return 0 }
        func weight(_ word: [UInt8]) -> Double {
            naturalLogarithm(1 + Double(labels.labels.count) / Double(counts[word] ?? 1))
        }
        var (product, firstSum, secondSum) = (0.0, 0.0, 0.0)
        for word in first.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let value = (first[word] ?? 0) * weight(word)
            firstSum += value * value
            product += value * (second[word] ?? 0) * weight(word)
        }
        for word in second.keys.sorted(by: { $0.lexicographicallyPrecedes($1) }) {
            let value = (second[word] ?? 0) * weight(word)
            secondSum += value * value
        }
        return product == 0 ? 0 : product / (firstSum * secondSum).squareRoot()
    }
}
