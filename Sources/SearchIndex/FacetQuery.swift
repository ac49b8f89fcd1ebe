import TextAnalysis

/// Finds values of a facet by what was typed of them: every word begins a word of the value.
struct FacetQuery {
    private let words: [[UInt8]]
    private var folded = FoldedWords()
    private let analyzer: Analyzer

    /// Returns `nil` for a text without words: it stands for all values.
    init?(_ text: String, _ analyzer: Analyzer) {
        words = analyzer.tokens(of: text, limit: 8).map(\.word)
        self.analyzer = analyzer
        if words.isEmpty { return nil }
    }

    /// Complexity: O(bytes of the value), without an allocation where it is ASCII.
    mutating func matches(_ value: String) -> Bool {
        folded.removeAll()
        analyzer.fold(value, into: &folded)
        return words.allSatisfy { word in
            (0..<folded.count).contains { index in folded.withWord(index) { Self.begins($0, with: word) } }
        }
    }

    private static func begins(_ word: Span<UInt8>, with start: [UInt8]) -> Bool {
        guard word.count >= start.count else { return false }
        for place in start.indices where word[place] != start[place] { return false }
        return true
    }
}
