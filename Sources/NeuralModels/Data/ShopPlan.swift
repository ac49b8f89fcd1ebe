public import Domain
public import Meaning

/// How a shop's log becomes histories, and which moments part them.
public struct ShopPlan: Sendable, Hashable {
    /// Which purchases of an item a history holds.
    public enum Repeats: String, Sendable, Hashable, CaseIterable {
        /// All of them: the network tells what comes next, had before or not.
        case all
        /// The first of each item: the network tells what comes next of what somebody never had.
        case first
    }

    /// Events at or after it are never read; `nil` for all events.
    public var before: Timestamp?
    /// Days of a window, whose first baskets choose the number of epochs.
    public var windowDays = 28
    /// Windows, one before the other, of which the newest ends where the log does.
    public var windowCount = 1
    /// Of how many days before a moment purchases are learned from; `nil` for all.
    public var days: Int?
    public var repeats = Repeats.all
    /// Items that sold less often before a moment have no vector of their own.
    public var least = 5
    /// What is known of items beside who had them; empty for nothing.
    public var content: [ShopVectors.Kind] = []

    public init() {}

    /// Kinds of content by their names with commas between; `nil` for others.
    public static func content(named text: String) -> [ShopVectors.Kind]? { ShopVectors.kinds(named: text) }
}
