import Domain

/// A network that says how likely a person is to take an item, beside the ranker.
protocol NetworkVoice: Sendable {
    /// What explanations name it.
    static var name: String { get }

    /// Logarithms of odds, up to a number that all items share.
    ///
    /// - Parameter hybrid: Whose candidates they are.
    /// - Returns: `nil` for an item that the network does not know; `nil` altogether if it has nothing to say of the person.
    func logits(
        of list: [ItemNumber], for context: RecommendationContext, beside hybrid: RankedBasketModel
    ) -> [Double?]?
}
