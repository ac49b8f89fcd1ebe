import Foundation

/// How likely words follow each other: n-grams with Witten and Bell's smoothing.
///
/// Witten and Bell, IEEE Transactions on Information Theory 37(4), 1991, method C, interpolated as in Chen and Goodman, 1998:
/// `P(w | h) = (c(h w) + t(h) P(w | h')) / (c(h) + t(h))`, where `t(h)` counts the different words after `h` and `h'` is `h`
/// without its oldest word. Below the single words lies an even chance of every word. Since a word that never followed `h` gets
/// `t(h) / (c(h) + t(h)) · P(w | h')`, the model is written exactly as an ARPA file with back-off weights.
public struct LanguageModel: Sendable {
    /// The beginning of a sentence, which is never predicted.
    static let start: Int32 = 0
    /// The end of a sentence, predicted as a word is.
    static let end: Int32 = 1

    /// A text that is spoken, and how often it counts.
    public struct Sentence: Sendable {
        public var words: [String]
        public var count: Int

        public init(words: [String], count: Int) { (self.words, self.count) = (words, count) }
    }

    /// What follows a history.
    struct Followers: Sendable {
        var counts: [Int32: Int] = [:]
        var total = 0
    }

    public let order: Int
    /// `<s>`, `</s>`, then the words in the order of their bytes.
    public let vocabulary: [String]
    private let numbers: [String: Int32]
    /// By history, of up to `order` - 1 words, the oldest first.
    let histories: [[Int32]: Followers]

    /// Counts the n-grams of sentences; a word outside of `words` ends one and begins another.
    ///
    /// - Parameter order: How many words an n-gram has, from 1.
    /// - Complexity: O(words of the sentences · order).
    public init(_ sentences: [Sentence], words: Set<String>, order: Int) {
        precondition(order >= 1)
        self.order = order
        let vocabulary = ["<s>", "</s>"] + words.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        let numbers = Dictionary(uniqueKeysWithValues: vocabulary.enumerated().map { ($1, Int32($0)) })
        var histories: [[Int32]: Followers] = [:]
        for sentence in sentences where sentence.count > 0 {
            for part in sentence.words.split(whereSeparator: { !words.contains($0) }) {
                let path = [Self.start] + part.compactMap { numbers[$0] } + [Self.end]
                for place in 1..<path.count {
                    for length in 0..<min(order, place + 1) {
                        histories[Array(path[place - length..<place]), default: Followers()].add(
                            path[place], sentence.count)
                    }
                }
            }
        }
        (self.vocabulary, self.numbers, self.histories) = (vocabulary, numbers, histories)
    }

    /// The chance of a word, or of the end (`nil`), after others, the oldest first; `nil` among them is the beginning.
    ///
    /// - Returns: Zero for a word that the model does not know.
    public func probability(of word: String?, after history: [String?]) -> Double {
        guard let number = word.map({ numbers[$0] }) ?? Self.end else { return 0 }
        var known: [Int32] = []
        for word in history.suffix(order - 1) {
            // Nothing is known of what follows a word that the model lacks.
            if let number = word.map({ numbers[$0] }) ?? Self.start { known.append(number) } else { known = [] }
        }
        return probability(number, after: known)
    }

    func probability(_ word: Int32, after history: [Int32]) -> Double {
        let shorter =
            history.isEmpty ? 1 / Double(vocabulary.count - 1) : probability(word, after: Array(history.dropFirst()))
        guard let followers = histories[history] else { return shorter }
        let kinds = Double(followers.counts.count)
        return (Double(followers.counts[word] ?? 0) + kinds * shorter) / (Double(followers.total) + kinds)
    }

    /// What is left for words that never followed a history, beside what a shorter one gives them.
    func backOff(_ history: [Int32]) -> Double {
        guard let followers = histories[history] else { return 1 }
        let kinds = Double(followers.counts.count)
        return kinds / (Double(followers.total) + kinds)
    }

    /// The model as an ARPA file: logarithms to the base of ten, n-grams in the order of their words.
    ///
    /// - Complexity: O(n-grams · log(n-grams)).
    public var arpa: String {
        var grams: [[[Int32]]] = [(0..<Int32(vocabulary.count)).map { [$0] }]
        for length in stride(from: 2, through: order, by: 1) {
            let longer = histories.filter { $0.key.count == length - 1 }.flatMap { entry in
                entry.value.counts.keys.map { entry.key + [$0] }
            }
            grams.append(longer.sorted { $0.lexicographicallyPrecedes($1) })
        }
        var text = "\\data\\\n"
        for (index, list) in grams.enumerated() { text += "ngram \(index + 1)=\(list.count)\n" }
        for (index, list) in grams.enumerated() {
            text += "\n\\\(index + 1)-grams:\n"
            for gram in list {
                // Nothing predicts the beginning; -99 stands for that in such files.
                let chance = gram == [Self.start] ? -99 : log10(probability(gram[index], after: Array(gram.dropLast())))
                text += Self.decimal(chance) + "\t" + gram.map { vocabulary[Int($0)] }.joined(separator: " ")
                if index + 1 < order { text += "\t" + Self.decimal(log10(backOff(gram))) }
                text += "\n"
            }
        }
        return text + "\n\\end\\\n"
    }

    private static func decimal(_ value: Double) -> String { String(format: "%.6f", value) }
}

extension LanguageModel.Followers {
    fileprivate mutating func add(_ word: Int32, _ count: Int) {
        counts[word, default: 0] += count
        total += count
    }
}
