public import Domain
public import Features

/// What models learn from: a log that ends before `now`, and facts of items.
public struct TrainingSet: Sendable {
    public var log: InteractionLog
    public var facts: ItemFacts
    /// The moment of training: decay is counted from here; lines at or after it do not count.
    public var now: Timestamp
    public var seed: UInt64

    public init(log: InteractionLog, facts: ItemFacts = ItemFacts(), now: Timestamp? = nil, seed: UInt64 = 1) {
        (self.log, self.facts, self.seed) = (log, facts, seed)
        self.now = now ?? Timestamp(milliseconds: (log.end?.milliseconds ?? -1) + 1)
    }

    /// One more than the largest item number.
    public var itemLimit: Int { max(log.itemLimit, facts.numberLimit) }
}
