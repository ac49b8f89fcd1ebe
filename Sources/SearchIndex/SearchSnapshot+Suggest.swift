import TextAnalysis

/// A category that a typed text leads to.
public struct CategorySuggestion: Hashable, Sendable {
    /// Widest level first.
    public let path: [String]
    /// How many items it holds.
    public let count: Int
}

extension SearchSnapshot {
    /// Categories whose last level holds all typed words, the last of them perhaps begun only; largest first.
    ///
    /// - Complexity: O(values of the category facet).
    public func suggestCategories(_ text: String, limit: Int) -> [CategorySuggestion] {
        guard text.utf8.count <= SearchRequest.maximumQueryBytes else { return [] }
        let typed = analyzer.tokens(of: text, limit: 8)
        guard let last = typed.last else { return [] }
        let matches = categoryDirectory.entries(of: self).lazy.filter { entry in
            for word in typed.dropLast() where !entry.tokens.contains(where: { $0.term == word.term }) { return false }
            return entry.tokens.contains { $0.term == last.term || $0.word.starts(with: last.word) }
        }
        return matches.prefix(limit).map { CategorySuggestion(path: $0.levels, count: $0.count) }
    }

    /// All categories down to `levels` levels with how many items they hold, by path.
    public func categories(levels: Int) -> [CategorySuggestion] {
        categoryDirectory.entries(of: self).map { CategorySuggestion(path: $0.levels, count: $0.count) }
            .filter { $0.path.count <= levels }
            .sorted { $0.path.lexicographicallyPrecedes($1.path) }
    }
}
