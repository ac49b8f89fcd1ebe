public import Domain
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

    /// Answers the request. Where fewer than ten items pass its filters, what means something near is looked for among all items that
    /// pass them, and the request is answered again: the nearest of the whole catalogue may all fail.
    ///
    /// - Parameter offers: Prices and stock of the shopper's market and group.
    /// - Parameter meaning: Where neighbours came from; `nil` if meaning takes no part.
    public mutating func run(offers: OfferColumns, widenedBy meaning: MeaningIndex?) -> SearchResponse {
        let response = run(offers: offers)
        guard let meaning, neighbours != nil, admitsNeighbours, response.total < Self.enough,
            let items = filteredItems(offers: offers)
        else { return response }
        neighbours = meaning.neighbours(of: self.meaning, texts: Self.nearTexts, among: items)
        return run(offers: offers)
    }
}
