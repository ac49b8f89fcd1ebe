/// How likely a shopper who means one word types another: a weighted optimal string alignment.
///
/// A slip costs 1 unless it is a usual one: a neighbouring key, a vowel for a vowel, letters that sound alike, a letter
/// doubled or not doubled, two letters swapped. Slips at the first letter cost more, for they are rare (Pollock and Zamora,
/// 1984). Kept as a value with scratch rows, so that many words are compared without an allocation each.
public struct SlipModel: Sendable {
    /// Longer words are not compared.
    public static let maximumLetters = 48
    private static let firstLetter: Float = 0.6

    /// Costs and counts of slips, three rows of each: two rows back, one row back, this row.
    private var costs: [[Float]]
    private var counts: [[Int32]]

    public init() {
        costs = Array(repeating: Array(repeating: 0, count: Self.maximumLetters + 1), count: 3)
        counts = Array(repeating: Array(repeating: 0, count: Self.maximumLetters + 1), count: 3)
    }

    /// The letters of a folded word, each as 16 bits of its scalar: enough to tell them apart.
    public static func letters(of word: [UInt8]) -> [UInt16] {
        if word.allSatisfy({ $0 < 128 }) { return word.map(UInt16.init) }
        return String(decoding: word, as: UTF8.self).unicodeScalars.map { UInt16(truncatingIfNeeded: $0.value) }
    }

    /// What it costs to type `typed` for `word`, or `nil` if that takes more than `limit` slips.
    ///
    /// - Parameter isPrefix: `typed` may stand for the beginning of `word` alone.
    /// - Complexity: O(letters of both, multiplied), stopped as soon as the limit is passed.
    public mutating func cost(typed: [UInt16], word: [UInt16], limit: Int, isPrefix: Bool = false) -> Float? {
        let (n, m) = (typed.count, isPrefix ? min(word.count, typed.count + limit) : word.count)
        guard n <= Self.maximumLetters, m <= Self.maximumLetters, n - m <= limit, isPrefix || m - n <= limit else {
            return nil
        }
        var (before, previous, current) = (0, 1, 2)
        (costs[previous][0], counts[previous][0]) = (0, 0)
        for j in 0..<m {
            costs[previous][j + 1] = costs[previous][j] + missing(word, j)
            counts[previous][j + 1] = Int32(j + 1)
        }
        for i in 0..<n {
            costs[current][0] = costs[previous][0] + superfluous(typed, i)
            counts[current][0] = Int32(i + 1)
            var fewest = counts[current][0]
            for j in 0..<m {
                var cost = costs[previous][j + 1] + superfluous(typed, i)
                var count = counts[previous][j + 1] + 1
                func offer(_ otherCost: Float, _ otherCount: Int32) {
                    if otherCost < cost { cost = otherCost }
                    if otherCount < count { count = otherCount }
                }
                offer(costs[current][j] + missing(word, j), counts[current][j] + 1)
                if typed[i] == word[j] {
                    offer(costs[previous][j], counts[previous][j])
                } else {
                    offer(costs[previous][j] + exchanged(typed[i], word[j], first: j == 0), counts[previous][j] + 1)
                    if i > 0, j > 0, typed[i] == word[j - 1], typed[i - 1] == word[j] {
                        offer(costs[before][j - 1] + 0.65 + (j == 1 ? 0.3 : 0), counts[before][j - 1] + 1)
                    }
                }
                (costs[current][j + 1], counts[current][j + 1]) = (cost, count)
                fewest = min(fewest, count)
            }
            guard fewest <= Int32(limit) else { return nil }
            (before, previous, current) = (previous, current, before)
        }
        guard isPrefix else { return counts[previous][m] <= Int32(limit) ? costs[previous][m] : nil }
        var best: Float?
        for j in max(0, n - limit)...max(m, max(0, n - limit)) where j <= m && counts[previous][j] <= Int32(limit) {
            best = min(best ?? .infinity, costs[previous][j])
        }
        return best
    }

    /// The letter `word[j]` was not typed.
    private func missing(_ word: [UInt16], _ j: Int) -> Float {
        guard j > 0 else { return 0.9 + Self.firstLetter }
        let letter = word[j]
        if letter == word[j - 1] { return 0.45 }
        if letter == UInt16(UInt8(ascii: "h")) { return 0.7 }
        return Self.isVowel(letter) ? 0.8 : 0.9
    }

    /// The letter `typed[i]` was typed without need.
    private func superfluous(_ typed: [UInt16], _ i: Int) -> Float {
        guard i > 0 else { return 1 + Self.firstLetter }
        if typed[i] == typed[i - 1] { return 0.45 }
        if typed[i] == UInt16(UInt8(ascii: "h")) { return 0.7 }
        return Self.areNeighbours(typed[i], typed[i - 1]) ? 0.8 : 0.95
    }

    private func exchanged(_ typed: UInt16, _ meant: UInt16, first: Bool) -> Float {
        var cost: Float = 1.1
        if Self.isVowel(typed), Self.isVowel(meant) {
            cost = 0.6
        } else if Self.soundAlike(typed, meant) {
            cost = 0.6
        } else if Self.areNeighbours(typed, meant) {
            cost = 0.75
        }
        return first ? cost + Self.firstLetter : cost
    }

    private static func isVowel(_ letter: UInt16) -> Bool {
        switch letter {
        case 97, 101, 105, 111, 117, 121: true
        default: false
        }
    }

    private static func soundAlike(_ left: UInt16, _ right: UInt16) -> Bool {
        guard (97...122).contains(left), (97...122).contains(right) else { return false }
        return sounds[Int(left) - 97] & 1 << UInt32(right - 97) != 0
    }

    /// By letter from `a`, a bit for each letter that may sound like it.
    private static let sounds: [UInt32] = {
        var table = [UInt32](repeating: 0, count: 26)
        for pair in ["ck", "cs", "sz", "gj", "kq", "fv", "iy", "mn", "dt", "bp"] {
            let letters = pair.utf8.map { Int($0) - 97 }
            table[letters[0]] |= 1 << UInt32(letters[1])
            table[letters[1]] |= 1 << UInt32(letters[0])
        }
        return table
    }()

    /// Whether two keys touch on a keyboard with the letters' usual English order.
    static func areNeighbours(_ left: UInt16, _ right: UInt16) -> Bool {
        guard let a = place(left), let b = place(right) else { return false }
        let (dx, dy) = (a.x - b.x, a.y - b.y)
        // In half keys: rows are shifted by a half key each.
        return dy == 0 ? abs(dx) == 2 : abs(dy) == 1 && abs(dx) <= 1
    }

    private static func place(_ letter: UInt16) -> (x: Int, y: Int)? {
        guard (97...122).contains(letter) else { return nil }
        let code = places[Int(letter) - 97]
        return (code & 31, code >> 5)
    }

    private static let places: [Int] = {
        var places = [Int](repeating: 0, count: 26)
        for (y, row) in ["qwertyuiop", "asdfghjkl", "zxcvbnm"].enumerated() {
            for (x, letter) in row.utf8.enumerated() { places[Int(letter) - 97] = 2 * x + y | y << 5 }
        }
        return places
    }()
}
