public import Domain

/// An item with a model's score and why the model thinks of it.
public struct ScoredItem: Hashable, Sendable {
    public var item: ItemNumber
    /// Finite; comparable within one answer of one model only.
    public var score: Double
    public var reason: Reason

    public init(item: ItemNumber, score: Double, reason: Reason) {
        (self.item, self.score, self.reason) = (item, score, reason)
    }

    /// The order of every answer: higher scores first, then lower item numbers.
    public static func precedes(_ left: ScoredItem, _ right: ScoredItem) -> Bool {
        left.score != right.score ? left.score > right.score : left.item < right.item
    }
}
