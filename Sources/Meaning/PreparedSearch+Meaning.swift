public import SearchIndex

extension PreparedSearch {
    /// How many texts are near enough to matter; each may stand for many items.
    public static let nearTexts = 200

    /// Finds what means something near to the query, if its words are complete and it has any.
    public mutating func addNeighbours(from meaning: MeaningIndex) {
        let text = self.meaning
        guard !text.isEmpty else { return }
        neighbours = meaning.neighbours(of: text, texts: Self.nearTexts)
    }
}
