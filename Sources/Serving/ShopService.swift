import Dispatch
public import Domain
import Features
import Recommenders
public import Storage
import Synchronization

/// One shop's use cases: each answer comes from one snapshot of index, models and offers.
public final class ShopService: Sendable {
    /// What one request sees from its start to its end.
    struct Snapshot: Sendable {
        var publication: Publication?
        var backends = Backends()
        var facts = ItemFacts()
        /// The list that the request asked for.
        var offers: OfferColumns
        var ratings = RatingTable()

        var generation: Int { publication?.generation ?? 0 }

        func card(_ item: StoredItem) -> Card { Card(item, offers: offers, rating: ratings.ratings[item.number]) }
    }

    private struct State: Sendable {
        var publication: Publication?
        var backends = Backends()
        var facts = ItemFacts()
        /// Median price by category; `nil` until a profile needs it.
        var categoryPrices: [Int64]?
        /// What the items look like; `nil` for a shop without pictures.
        var pictures: PictureTable?
    }

    public let folder: ShopFolder
    public let config: ShopConfig
    public let store: SQLiteStore
    public let rules: RuleStore
    public let counters = LiveCounters()
    public let queries = QueryStatistics()
    let intents = CategoryIntents()
    let pseudonymiser: Pseudonymiser
    let cards = Mutex(GenerationalCache<ItemNumber, StoredItem>(capacity: 20_000))
    /// Purchases alone, weighed by their lines: 48 bytes each.
    let histories = Mutex(GenerationalCache<Pseudonym, KnownHistory>(capacity: 600_000))
    /// Answers by weight of their items.
    let shelves = Mutex(GenerationalCache<Shelf.Key, Shelf>(capacity: 60_000))
    let historyVersions = Atomic<UInt64>(0)
    /// Queries whose finds depend on mended slips, by generation's lifetime.
    let slips = Mutex(GenerationalCache<String, Bool>(capacity: 4000))
    let sessions = Mutex(GenerationalCache<String, [Seen]>(capacity: 5000))
    let clock: @Sendable () -> Timestamp
    let prices: PriceLists
    /// How lists are put together unless a call says otherwise.
    let reranking: Reranking
    /// What the shop's networks weigh by scenario unless a call says otherwise.
    let networkWeights: [Scenario: NetworkWeights]
    let ratings = Ratings()
    let syntheticEvents = Mutex<Int?>(nil)
    /// What shelves of new items and of branches are made from; `nil` until they are asked for.
    let shelfCounts = Mutex<ShelfCounts?>(nil)
    /// Held while the log is read for them.
    let shelfCountsReading = Mutex(())
    /// Held while the log is read for what was bought since models were trained.
    let followingPurchases = Mutex(())
    /// What exploration knows; `nil` until it is asked for.
    let exploration = Mutex<ExplorationState?>(nil)
    /// Held while the log is read for it.
    let explorationReading = Mutex(())
    /// Branches by identifier, read when first asked for.
    let branches = Mutex<[String: Store]?>(nil)
    /// Where a demonstration's log ends: its time stands still there, or all habits would be years old.
    let frozenTime: Timestamp?
    private let loader: Backends.Loader
    private let current: Mutex<State>
    private let reloading = Mutex(())
    private let impressions = Atomic<UInt64>(0)
    private let impressionPrefix: String

    /// Something that a session's shopper looked at or chose.
    struct Seen: Hashable, Sendable {
        var item: ItemNumber
        var time: Timestamp
    }

    /// Opens the shop in `folder` and the generation that is published.
    ///
    /// What the log says of queries and stars is read by `warm`, so that a server can answer before.
    /// - Throws: `StorageError`, or what `loader` throws for an index or model that is damaged.
    public init(
        folder: ShopFolder, loader: @escaping Backends.Loader,
        clock: @escaping @Sendable () -> Timestamp = { SystemClock.now() }
    ) throws {
        (self.folder, self.loader, self.clock) = (folder, loader, clock)
        let config = try folder.config()
        let store = try folder.openStore(.readWrite)
        (self.config, self.store) = (config, store)
        do {
            reranking = try Reranking(parts: config.recommendations.sorted { $0.key < $1.key }.map { ($0, $1) })
        } catch {
            throw ServingError(.invalid, "“recommendations” in \(folder.configPath): \(error)", cause: error)
        }
        networkWeights = try Self.networkWeights(config, folder)
        pseudonymiser = try folder.pseudonymiser()
        rules = try RuleStore(folder: folder)
        // Three parts that do not need each other: the longest alone decides when the server is ready.
        let backends = Part<State>()
        let facts = Part<ItemFacts>()
        let prices = Part<(PriceLists, Timestamp?)>()
        DispatchQueue.concurrentPerform(iterations: 3) { part in
            switch part {
            case 0: backends.fill { try Self.published(folder, store, loader) }
            case 1: facts.fill { try ItemFacts(reading: store) }
            default:
                prices.fill {
                    (
                        try PriceLists(store: store, currency: config.currency),
                        config.isDemo ? try Self.logEnd(store, now: clock()) : nil
                    )
                }
            }
        }
        (self.prices, frozenTime) = try prices.value()
        var state = try backends.value()
        state.facts = try facts.value()
        current = Mutex(state)
        impressionPrefix = String(UInt64.random(in: 0 ... .max), radix: 36)
    }

    /// What is known of items at this moment.
    var facts: ItemFacts { current.withLock { $0.facts } }

    /// The pictures of this moment.
    var pictures: PictureTable? { current.withLock { $0.pictures } }

    public var shop: ShopID { config.shop }
    public var generation: Int { current.withLock { $0.publication?.generation ?? 0 } }

    /// Whether models are published that fill shelves.
    public var recommends: Bool { current.withLock { $0.backends.recommendation != nil } }

    /// Whether items are found by what they look like.
    public var searchesPictures: Bool { current.withLock { $0.backends.pictures != nil } }

    /// Whether shoppers may say what they look for.
    public var listens: Bool { current.withLock { $0.backends.speech?.isUsable ?? false } }

    /// Primary tags of the languages that items are searched in, the shop's own first.
    public var languages: [String] {
        current.withLock { $0.backends.search?.languages } ?? [String(config.language.prefix { $0 != "-" })]
    }

    /// Loads the generation that is published now, and what other programs wrote to the catalogue.
    ///
    /// Requests that are under way end on the generation before; one that cannot be loaded leaves it in service.
    /// - Returns: The number of the generation that is served.
    @discardableResult public func reload() throws -> Int {
        try reloading.withLock { _ in
            var fresh = try Self.published(folder, store, loader)
            guard let publication = fresh.publication else { return generation }
            fresh.facts = try ItemFacts(reading: store)
            try prices.reload()
            try rules.reload()
            cards.withLock { $0.removeAll() }
            slips.withLock { $0.removeAll() }
            shelves.withLock { $0.removeAll() }
            ratings.fit(fresh.facts)
            branches.withLock { $0 = nil }
            // Another program may have added items and events; who asks meanwhile has the counts of before.
            if shelfCounts.withLock({ $0 != nil }) {
                let counts = try readShelfCounts()
                shelfCounts.withLock { $0 = counts }
            }
            exploration.withLock { $0 = nil }
            let before = current.withLock { state in
                let before = state.backends
                state = fresh
                return before
            }
            withExtendedLifetime(before) {}
            try followPurchases()
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

    /// The moment that habits and seasons are reckoned from.
    func now() -> Timestamp { frozenTime ?? clock() }

    func snapshot(_ list: PriceListName = .everybody) throws -> Snapshot {
        let offers = try prices.columns(list)
        let ratings = ratings.all
        return current.withLock {
            Snapshot(
                publication: $0.publication, backends: $0.backends, facts: $0.facts, offers: offers, ratings: ratings)
        }
    }

    /// The currency of a market's and group's prices.
    public func currency(_ list: PriceListName) throws -> Currency { try prices.columns(list).currency }

    /// Lets recommendations and profiles know of changed items.
    func learn(_ items: [StoredItem]) {
        let now = now()
        shelfCounts.withLock { counts in items.forEach { counts?.arrivals.add($0.number, at: now) } }
        current.withLock { state in
            for item in items { state.facts.set(item) }
            state.categoryPrices = nil
        }
    }

    /// Median price by category of what is on offer to everybody.
    func categoryPrices(_ snapshot: Snapshot) throws -> [Int64] {
        if let known = current.withLock({ $0.categoryPrices }) { return known }
        let medians = Profile.categoryPrices(try prices.columns(.everybody), facts: snapshot.facts)
        current.withLock { $0.categoryPrices = medians }
        return medians
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

    private static func published(
        _ folder: ShopFolder, _ store: SQLiteStore, _ loader: Backends.Loader
    ) throws -> State {
        var state = State()
        if FileSystem.exists(folder.picturesPath) { state.pictures = try PictureTable(path: folder.picturesPath) }
        guard let publication = try PublicationStore(folder: folder).current() else { return state }
        (state.publication, state.backends) = (publication, try loader(folder, publication, store))
        return state
    }

    /// The time of the newest real event that is more than a month old; `nil` if none is near the log's end.
    ///
    /// Looks further and further back, since simulated events and those of a demonstration's visitors lie behind it.
    private static func logEnd(_ store: SQLiteStore, now: Timestamp) throws -> Timestamp? {
        let old = now.adding(days: -30)
        var end: Timestamp?
        for depth: Int64 in [5_000, 100_000, 1_000_000] where end == nil {
            end = try store.newestRealTime(before: old, depth: depth)
        }
        return end.map { Timestamp(milliseconds: $0.milliseconds + 1) }
    }
}

/// A result that another thread fills in.
final class Part<Value: Sendable>: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)

    func fill(_ body: () throws -> Value) {
        let made = Result<Value, any Error>(catching: body)
        result.withLock { $0 = made }
    }

    /// What was filled in; throws what went wrong.
    func value() throws -> Value {
        guard let made = result.withLock({ $0 }) else { throw ServingError(.failed, "A part was never loaded.") }
        return try made.get()
    }
}
