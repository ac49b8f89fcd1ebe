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

    /// The best `limit` items in that order, by the finite scores of item numbers; what is not allowed is passed over.
    public static func best(
        _ limit: Int, of scores: [Double], reason: Reason, allows: (ItemNumber) -> Bool
    ) -> [ScoredItem] {
        var best = TopItems(limit: limit)
        for (item, score) in scores.enumerated() where best.mayEnter(UInt32(item), score) {
            if allows(ItemNumber(UInt32(item))) { best.insert(UInt32(item), score) }
        }
        return best.sorted.map { ScoredItem(item: ItemNumber($0.item), score: $0.score, reason: reason) }
    }
}
