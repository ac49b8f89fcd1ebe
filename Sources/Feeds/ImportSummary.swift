public import Domain

/// What an import did, or, as a dry run, would do.
public struct ImportSummary: Hashable, Sendable {
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    public var withdrawn = 0
    /// Offers that differ from what was stored.
    public var offersChanged = 0
    public var eventsAccepted = 0
    /// Events that the log held before.
    public var eventsRepeated = 0
    /// Event lines whose item is not in the catalogue; they are kept in the log.
    public var linesOfUnknownItems = 0
    public var customers = 0
    public var campaigns = 0
    public var stores = 0
    /// Records that were refused; each is in the rejects file.
    public var rejected = 0
    public var isDryRun = false
    /// Up to `sampleLimit` identifiers of each kind, in the order of the feed; withdrawn ones sorted.
    public var addedSample: [ItemID] = []
    public var changedSample: [ItemID] = []
    public var withdrawnSample: [ItemID] = []

    public static let sampleLimit = 20

    public init() {}

    static func note(_ id: ItemID, in sample: inout [ItemID]) {
        if sample.count < sampleLimit { sample.append(id) }
    }
}
