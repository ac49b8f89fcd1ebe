public import Domain
public import Storage
import Synchronization

/// One shop's use cases: each answer comes from one snapshot of index, models and offers.
public final class ShopService: Sendable {
    /// What one request sees from its start to its end.
    struct Snapshot: Sendable {
        var publication: Publication?
        var backends = Backends()
        var offers: OfferColumns

        var generation: Int { publication?.generation ?? 0 }
    }

    public let folder: ShopFolder
    public let config: ShopConfig
    public let store: SQLiteStore
    public let counters = LiveCounters()
    public let queries = QueryStatistics()
    let pseudonymiser: Pseudonymiser
    let cards = Mutex(GenerationalCache<ItemNumber, StoredItem>(capacity: 20_000))
    let histories = Mutex(GenerationalCache<Pseudonym, [LoggedEvent]>(capacity: 200))
    let sessions = Mutex(GenerationalCache<String, [ItemNumber]>(capacity: 5000))
    let clock: @Sendable () -> Timestamp
    private let loader: Backends.Loader
    private let current: Mutex<Snapshot>
    private let reloading = Mutex(())
    private let impressions = Atomic<UInt64>(0)
    private let impressionPrefix: String

    /// Opens the shop in `folder` and the generation that is published.
    ///
    /// - Throws: `StorageError`, or what `loader` throws for an index or model that is damaged.
    public init(
        folder: ShopFolder, loader: @escaping Backends.Loader,
        clock: @escaping @Sendable () -> Timestamp = { SystemClock.now() }
    ) throws {
        (self.folder, self.loader, self.clock) = (folder, loader, clock)
        config = try folder.config()
        store = try folder.openStore(.readWrite)
        pseudonymiser = try folder.pseudonymiser()
        var offers = OfferColumns(currency: config.currency, numberLimit: try store.numberLimit())
        try store.forEachOffer { number, offer in
            if Self.isForEverybody(offer) { offers.set(number, offer) }
        }
        var snapshot = Snapshot(offers: offers)
        if let publication = try PublicationStore(folder: folder).current() {
            snapshot.publication = publication
            snapshot.backends = try loader(folder, publication, store)
        }
        current = Mutex(snapshot)
        impressionPrefix = String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    public var shop: ShopID { config.shop }
    public var generation: Int { snapshot().generation }

    /// Loads the generation that is published now; requests that are under way end on the one before.
    ///
    /// A generation that cannot be loaded leaves the one before in service.
    /// - Returns: The number of the generation that is served.
    @discardableResult public func reload() throws -> Int {
        try reloading.withLock { _ in
            guard let publication = try PublicationStore(folder: folder).current() else { return generation }
            let backends = try loader(folder, publication, store)
            let before = current.withLock { snapshot in
                let before = snapshot.backends
                (snapshot.publication, snapshot.backends) = (publication, backends)
                return before
            }
            withExtendedLifetime(before) {}
            return publication.generation
        }
    }

    /// Serves an earlier generation again.
    public func rollback(to generation: Int) throws -> Int {
        _ = try PublicationStore(folder: folder).rollback(to: generation)
        return try reload()
    }

    public func generations() throws -> [Publication] { try PublicationStore(folder: folder).history() }

    /// Merges the write-ahead log; call it after the last request.
    public func close() throws { try store.close() }

    func snapshot() -> Snapshot { current.withLock { $0 } }

    func setOffers(_ changes: [(ItemNumber, Offer)]) {
        current.withLock { snapshot in
            for (number, offer) in changes where Self.isForEverybody(offer) { snapshot.offers.set(number, offer) }
        }
    }

    func nextImpressionID() -> String {
        let (_, number) = impressions.add(1, ordering: .relaxed)
        return impressionPrefix + "-" + String(number, radix: 36)
    }

    func pseudonym(_ raw: String) throws -> Pseudonym {
        do {
            return try pseudonymiser.pseudonym(of: raw)
        } catch {
            throw ServingError(.invalid, "A user identifier must have 1 to 256 bytes.", cause: error)
        }
    }

    /// Items by number, in the order asked for, unknown ones left out.
    func storedItems(_ numbers: [ItemNumber]) throws -> [StoredItem] {
        var found = cards.withLock { cache in
            numbers.reduce(into: [ItemNumber: StoredItem]()) { $0[$1] = cache.value($1) }
        }
        let missing = numbers.filter { found[$0] == nil }
        if !missing.isEmpty {
            let read = try store.items(missing)
            cards.withLock { cache in read.forEach { cache.insert($0, for: $0.number) } }
            for item in read { found[item.number] = item }
        }
        return numbers.compactMap { found[$0] }
    }

    private static func isForEverybody(_ offer: Offer) -> Bool {
        offer.market == Offer.defaultMarket && offer.group == Offer.everyGroup
    }
}
