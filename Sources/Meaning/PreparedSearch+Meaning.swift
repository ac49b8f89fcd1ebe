public import Domain
public import SearchIndex

extension PreparedSearch {
    /// How many texts are near enough to matter; each may stand for many items.
    public static let nearTexts = 200

    /// Finds what means something near to the query, if its words are complete and it has any. Under filters the nearest among the items
    /// that pass them are looked for as well: those of the whole catalogue may all fail.
    ///
    /// - Parameter offers: Prices and stock of the shopper's market and group.
    public mutating func addNeighbours(from meaning: MeaningIndex, offers: OfferColumns) {
        let text = self.meaning
        guard !text.isEmpty else { return }
        neighbours = meaning.neighbours(
            of: text, texts: Self.nearTexts, among: admitsNeighbours ? filteredItems(offers: offers) : nil)
    }
}
