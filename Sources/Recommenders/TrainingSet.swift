public import Domain
public import Features
public import Storage

/// What models learn from: a log that ends before `now`, and facts of items.
public struct TrainingSet: Sendable {
    public var log: InteractionLog
    public var facts: ItemFacts
    /// What the shop's stores display and advertise, if it keeps book of that.
    public var promotions: PromotionCalendar?
    /// What items are in words and properties, for models that learn from it; `nil` stands for what the facts say.
    public var features: ItemFeatures?
    /// What the shop knows of people, such as `household_size`, for models that learn from it.
    public var people: [UserNumber: [String: String]] = [:]
    /// A network that was trained elsewhere, for the recommender that takes it over.
    public var network: ShopNetwork?
    /// The same of purchases, for the hybrid that asks it.
    public var purchaseNetwork: PurchaseScorer?
    /// The moment of training: decay is counted from here; lines at or after it do not count.
    public var now: Timestamp
    public var seed: UInt64
    /// What is set of the models.
    public var parameters = ModelParameters()

    public init(log: InteractionLog, facts: ItemFacts = ItemFacts(), now: Timestamp? = nil, seed: UInt64 = 1) {
        (self.log, self.facts, self.seed) = (log, facts, seed)
        self.now = now ?? Timestamp(milliseconds: (log.end?.milliseconds ?? -1) + 1)
    }

    /// Reads what a shop's models learn from: the real purchases of products before a moment, all of them for `nil`, the facts of the
    /// catalogue, and what the stores display and advertise.
    ///
    /// - Parameter store: That of `shop`, opened by the caller.
    public init(
        reading shop: ShopFolder, _ store: any CatalogueStore & EventStore, before: Timestamp? = nil
    ) throws(StorageError) {
        let facts = try ItemFacts(reading: store)
        let log = try InteractionLog(
            reading: store, before: before, itemLimit: try store.numberLimit(),
            excluding: { facts.excluded.contains($0) })
        self.init(log: log, facts: facts, now: before)
        if FileSystem.exists(shop.promotionsPath) {
            promotions = try PromotionCalendar(reading: PromotionTable(path: shop.promotionsPath))
        }
    }

    /// One more than the largest item number.
    public var itemLimit: Int { max(log.itemLimit, facts.numberLimit) }
}
