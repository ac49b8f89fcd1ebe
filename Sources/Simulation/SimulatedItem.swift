public import Domain

/// What the simulation needs to know of an item.
public struct SimulatedItem: Hashable, Sendable {
    public let id: ItemID
    public let title: String
    /// The narrowest category, which shoppers search for; empty if the item has none.
    public let category: String
    /// How often it is bought, in any unit; zero or more.
    public let popularity: Double

    /// - Parameter popularity: Anything that is no positive finite number counts as zero.
    public init(id: ItemID, title: String, category: String, popularity: Double) {
        (self.id, self.title, self.category) = (id, title, category)
        self.popularity = popularity.isFinite ? max(0, popularity) : 0
    }
}
