import Foundation

/// Tells the phones of unknown words by their letters, learned from a dictionary.
///
/// Letters and phones are aligned by expectation maximisation over best paths, each letter with none, one or two phones (Damper et
/// al., 2005); each letter then takes the phones that it mostly has in the widest context of neighbouring letters that the dictionary
/// holds, a table's form of Black, Lenzo and Pagel's trees (1998).
struct LetterSounds {
    /// Letters to the left and right of the one that is told, the widest context first.
    private static let contexts = [(3, 3), (3, 2), (2, 3), (2, 2), (2, 1), (1, 2), (1, 1), (0, 1), (0, 0)]
    /// Stands beyond a word's ends.
    private static let edge: UInt64 = 27
    private static let rounds = 4
    private static let longestWord = 20

    /// The phones of words, each with one pronunciation; a word with other characters than `a` to `z` is left out.
    ///
    /// - Complexity: O(letters of the dictionary · phones of a word), some seconds for 130,000 words without optimisation.
    static func phones(of words: [String], from dictionary: PronouncingDictionary) -> [String: String] {
        let asked = words.filter { $0.utf8.allSatisfy { (97...122).contains($0) } && !$0.isEmpty }
        guard !asked.isEmpty else { return [:] }
        var tally: [UInt64: [Emission: Int]] = [:]
        for word in asked {
            for key in keys(letters(word)).joined() { tally[key] = [:] }
        }
        let table = PhoneTable(dictionary)
        let aligner = Aligner(table.examples)
        for example in table.examples {
            guard let path = aligner.path(example) else { continue }
            for (emission, keys) in zip(path, keys(example.letters)) {
                for key in keys where tally[key] != nil { tally[key]?[emission, default: 0] += 1 }
            }
        }
        return asked.reduce(into: [:]) { said, word in
            let emissions = keys(letters(word)).map { keys in
                keys.lazy.compactMap { tally[$0]?.max { ($0.value, $1.key) < ($1.value, $0.key) }?.key }.first ?? 0
            }
            let phones = emissions.flatMap { table.phones($0) }
            if !phones.isEmpty { said[word] = phones.joined(separator: " ") }
        }
    }

    /// None, one or two phones: their numbers from 1, six bits each.
    typealias Emission = UInt16

    struct Example {
        let letters: [UInt8]
        let phones: [UInt8]
    }

    private static func letters(_ word: String) -> [UInt8] { word.utf8.map { $0 - 97 } }

    /// For each letter the contexts that it stands in, the widest first: five bits a letter, and which of the contexts it is.
    private static func keys(_ letters: [UInt8]) -> [[UInt64]] {
        letters.indices.map { place in
            contexts.enumerated().map { number, context in
                (place - context.0...place + context.1).reduce(UInt64(number)) { key, other in
                    key << 5 | (letters.indices.contains(other) ? UInt64(letters[other]) : edge)
                }
            }
        }
    }

    /// The dictionary's words of plain letters, with numbered phones.
    private struct PhoneTable {
        private(set) var examples: [Example] = []
        private var names: [String] = []

        init(_ dictionary: PronouncingDictionary) {
            var numbers: [Substring: UInt8] = [:]
            for word in dictionary.pronunciations.keys.sorted() where word.utf8.count <= longestWord {
                guard word.utf8.allSatisfy({ (97...122).contains($0) }), let said = dictionary[word]?.first else {
                    continue
                }
                let phones = said.split(separator: " ").map { phone in
                    if let known = numbers[phone] { return known }
                    names.append(String(phone))
                    numbers[phone] = UInt8(truncatingIfNeeded: min(63, names.count))
                    return numbers[phone] ?? 0
                }
                examples.append(Example(letters: letters(word), phones: phones))
            }
        }

        func phones(_ emission: Emission) -> [String] {
            [Int(emission >> 6), Int(emission & 63)].filter { (1...names.count).contains($0) }.map { names[$0 - 1] }
        }
    }

    /// Which phones each letter of a word stands for, along the likeliest path.
    private struct Aligner {
        /// The negative logarithm of a letter's emission, by letter and emission.
        private var costs: [[Float]]
        private static let unseen: Float = 12

        init(_ examples: [Example]) {
            costs = [[Float]](repeating: [Float](repeating: 1, count: 1 << 12), count: 26)
            // At first a letter with one phone is likelier than with none or two.
            for letter in costs.indices {
                for emission in 64..<1 << 12 { costs[letter][emission] = 3 }
                costs[letter][0] = 2
            }
            for _ in 0..<rounds {
                var counts = [[Float]](repeating: [Float](repeating: 0, count: 1 << 12), count: 26)
                for example in examples {
                    guard let path = path(example) else { continue }
                    for (letter, emission) in zip(example.letters, path) { counts[Int(letter)][Int(emission)] += 1 }
                }
                for letter in counts.indices {
                    let total = max(1, counts[letter].reduce(0, +))
                    costs[letter] = counts[letter].map {
                        $0 > 0 ? min(Self.unseen, -Self.logarithm($0 / total)) : Self.unseen
                    }
                }
            }
        }

        /// `nil` for a word that has more than two phones a letter.
        func path(_ example: Example) -> [Emission]? {
            let (letters, phones) = (example.letters, example.phones)
            let width = phones.count + 1
            guard phones.count <= 2 * letters.count, !letters.isEmpty else { return nil }
            var best = [Float](repeating: .infinity, count: (letters.count + 1) * width)
            var steps = [UInt8](repeating: 0, count: best.count)
            best[0] = 0
            for place in letters.indices {
                let cost = costs[Int(letters[place])]
                for taken in 0..<width where best[place * width + taken] < .infinity {
                    for step in 0...min(2, phones.count - taken) {
                        let emission = Self.emission(phones, taken, step)
                        let total = best[place * width + taken] + cost[Int(emission)]
                        let target = (place + 1) * width + taken + step
                        if total < best[target] { (best[target], steps[target]) = (total, UInt8(step)) }
                    }
                }
            }
            guard best[best.count - 1] < .infinity else { return nil }
            var path: [Emission] = []
            var taken = phones.count
            for place in letters.indices.reversed() {
                let step = Int(steps[(place + 1) * width + taken])
                taken -= step
                path.append(Self.emission(phones, taken, step))
            }
            return path.reversed()
        }

        private static func emission(_ phones: [UInt8], _ place: Int, _ count: Int) -> Emission {
            (place..<place + count).reduce(0) { $0 << 6 | Emission(phones[$1]) }
        }

        private static func logarithm(_ value: Float) -> Float { log(value) }
    }
}
