public import Domain

/// What became of a batch of events.
public struct EventReceipt: Hashable, Sendable {
    /// Written now, and on disk.
    public var accepted = 0
    /// Known before by their `event_id`, and not counted again.
    public var repeated = 0

    public init(accepted: Int = 0, repeated: Int = 0) { (self.accepted, self.repeated) = (accepted, repeated) }
}

/// An event with the dense numbers that the store gave its user and items.
public struct LoggedEvent: Hashable, Sendable {
    /// The place in the log: grows with every event, never used again.
    public let sequence: Int64
    public let event: Event
    public let user: UserNumber?
    /// Parallel to `event.items`; `nil` where the catalogue did not know the item.
    public let items: [ItemNumber?]

    public init(sequence: Int64, event: Event, user: UserNumber?, items: [ItemNumber?]) {
        (self.sequence, self.event, self.user, self.items) = (sequence, event, user, items)
    }
}

/// One item of one event as plain numbers, for training: what `forEachInteraction` visits without building events.
public struct InteractionRow: Hashable, Sendable {
    public var sequence: Int64
    public var name: EventName
    public var time: Timestamp
    /// `nil` for somebody unknown.
    public var user: UserNumber?
    public var item: ItemNumber
    public var quantity: Int32
    public var priceMinorUnits: Int64?
    public var discountMinorUnits: Int64
    public var rating: Double?
    public var channel: Channel
    public var isSynthetic: Bool

    public init(sequence: Int64, name: EventName, time: Timestamp, user: UserNumber?, item: ItemNumber) {
        (self.sequence, self.name, self.time, self.user, self.item) = (sequence, name, time, user, item)
        (quantity, priceMinorUnits, discountMinorUnits, rating) = (1, nil, 0, nil)
        (channel, isSynthetic) = (.web, false)
    }
}

/// Which events a reader wants.
public struct EventFilter: Hashable, Sendable {
    public var names: Set<EventName>?
    /// Only events after this place in the log.
    public var afterSequence: Int64?
    public var from: Timestamp?
    /// Only events before this moment: how a reader keeps away from the test part.
    public var before: Timestamp?
    public var includesSynthetic = true

    public init(
        names: Set<EventName>? = nil, afterSequence: Int64? = nil, from: Timestamp? = nil, before: Timestamp? = nil,
        includesSynthetic: Bool = true
    ) {
        (self.names, self.afterSequence, self.from, self.before) = (names, afterSequence, from, before)
        self.includesSynthetic = includesSynthetic
    }
}

/// The event log of one shop, with the people and campaigns that events refer to.
///
/// Every method may be called from any thread. One writer commits in groups; `append` returns after its events are on
/// disk. Users appear by pseudonym alone.
public protocol EventStore: Sendable {
    /// Appends a batch, all or nothing; an event whose `id` is known is counted once. Throws `busy` if too much waits.
    func append(_ events: [Event]) throws(StorageError) -> EventReceipt
    /// Visits events in the order of the log.
    func forEachEvent(_ filter: EventFilter, _ body: (LoggedEvent) throws(StorageError) -> Void) throws(StorageError)
    /// Visits the items of events as plain numbers, in the order of the log: events without known items are skipped.
    func forEachInteraction(
        _ filter: EventFilter, _ body: (InteractionRow) throws(StorageError) -> Void
    ) throws(StorageError)
    /// The newest `limit` events of one person, oldest first.
    func events(of user: Pseudonym, limit: Int) throws(StorageError) -> [LoggedEvent]
    func userNumber(of user: Pseudonym) throws(StorageError) -> UserNumber?
    func pseudonym(of user: UserNumber) throws(StorageError) -> Pseudonym?
    /// One more than the largest user number in use.
    func userNumberLimit() throws(StorageError) -> Int
    func eventCount() throws(StorageError) -> Int
    /// The place of the newest event; 0 for an empty log.
    func lastSequence() throws(StorageError) -> Int64

    func setCustomers(_ customers: [Customer]) throws(StorageError)
    func customer(_ user: Pseudonym) throws(StorageError) -> Customer?
    func setCampaigns(_ campaigns: [Campaign]) throws(StorageError)
    func campaigns() throws(StorageError) -> [Campaign]

    /// Removes every trace of a person: events, attributes, campaigns, redemptions, and the pseudonym itself.
    ///
    /// - Returns: How many events went. The erasure is noted by time and count, without the person.
    func erase(_ user: Pseudonym) throws(StorageError) -> Int
    /// How many people were erased so far: artefacts that were trained at a smaller count hold traces of them.
    func erasureCount() throws(StorageError) -> Int
}
