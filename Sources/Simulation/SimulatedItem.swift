public import Domain

/// What the simulation needs to know of an item.
public struct SimulatedItem: Hashable, Sendable {
    public let id: ItemID
    public let title: String
    /// The narrowest category, which shoppers search for; empty if the item has none.
    public let category: String
    /// How often it is bought, in any unit; zero or more.
    public let popularity: Double
    /// What a shopper pays for it, in one unit for all items, such as minor ones; above zero, `nil` if it is not known.
    public let price: Double?
    /// Brand, or maker; empty if neither is known.
    public let brand: String

    /// - Parameters:
    ///   - popularity: Anything that is no positive finite number counts as zero.
    ///   - price: Anything that is no positive finite number counts as not known.
    public init(
        id: ItemID, title: String, category: String, popularity: Double, price: Double? = nil, brand: String = ""
    ) {
        (self.id, self.title, self.category, self.brand) = (id, title, category, brand)
        self.popularity = popularity.isFinite ? max(0, popularity) : 0
        self.price = price.flatMap { $0.isFinite && $0 > 0 ? $0 : nil }
    }
}
