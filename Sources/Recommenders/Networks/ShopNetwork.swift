public import Encoders
import Features

/// A network of people's histories that `souk-train` wrote of a shop, with the shop's numbers of its items.
public struct ShopNetwork: Sendable, Hashable {
    /// Stands for an item that the catalogue does not know any more.
    public static let unknownItem = ItemFacts.unknown

    public var files: SequenceFiles
    /// Item numbers in the order of the network's rows.
    public var items: [UInt32]
    /// How often each was bought when the network learned; 0 for one that is known by its content alone.
    public var counts: [UInt32]
    /// Whether it learned first purchases alone, to tell what somebody never had.
    public var tellsNew: Bool

    public init(files: SequenceFiles, items: [UInt32], counts: [UInt32], tellsNew: Bool) {
        (self.files, self.items, self.counts, self.tellsNew) = (files, items, counts, tellsNew)
    }
}
