import Domain
public import Features

/// People's histories as models of sequences take them: items oldest first, and the same as baskets.
public struct PurchaseSequences: Sendable {
    /// One history a user.
    public let items: [[UInt32]]
    public let itemLimit: Int
    private let groups: [[[UInt32]]]?

    /// Events of which nobody knows what was bought together: each is a basket of its own.
    public init(_ sequences: [[UInt32]], itemLimit: Int) {
        (items, self.itemLimit, groups) = (sequences, itemLimit, nil)
    }

    /// What everybody bought before the moment of training.
    public init(_ set: TrainingSet) {
        let histories = (0..<set.log.userLimit).map { set.log.history(of: UserNumber(UInt32($0)), before: set.now) }
        items = histories.map { $0.map(\.item.rawValue) }
        itemLimit = set.itemLimit
        groups = histories.map(Self.baskets)
    }

    /// By user: baskets, oldest first, each with its items once.
    public var baskets: [[[UInt32]]] { groups ?? items.map { $0.map { [$0] } } }

    /// A history as baskets; lines of one basket follow each other.
    public static func baskets(_ history: [Interaction]) -> [[UInt32]] {
        var (baskets, last): ([[UInt32]], Int32?) = ([], nil)
        for line in history {
            if line.basket != last { baskets.append([]) }
            last = line.basket
            let item = line.item.rawValue
            if !baskets[baskets.count - 1].contains(item) { baskets[baskets.count - 1].append(item) }
        }
        return baskets
    }
}
