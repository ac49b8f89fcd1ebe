public import Domain

/// What one call changed in the catalogue.
public struct CatalogueChanges: Hashable, Sendable {
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    public var withdrawn = 0
    /// Numbers of items whose texts, attributes or state differ now: what an index must read again.
    public var touched: [ItemNumber] = []

    public init() {}
}

/// Items, offers and stores of one shop.
///
/// Every method may be called from any thread; a method that writes returns after the change is durable.
/// Items are never removed, only withdrawn: past events keep their meaning, and numbers are never used again.
public protocol CatalogueStore: Sendable {
    /// Adds or replaces items by identifier; a withdrawn item that comes again is no longer withdrawn.
    ///
    /// Writing an equal item again changes nothing and does not touch it. All or nothing.
    func upsert(_ items: [Item]) throws(StorageError) -> CatalogueChanges
    /// Withdraws items; unknown and withdrawn ones are left as they are.
    func withdraw(_ ids: [ItemID]) throws(StorageError) -> CatalogueChanges
    func item(_ id: ItemID) throws(StorageError) -> StoredItem?
    func item(_ number: ItemNumber) throws(StorageError) -> StoredItem?
    /// Items by number, unknown numbers left out, in the order asked for.
    func items(_ numbers: [ItemNumber]) throws(StorageError) -> [StoredItem]
    /// Up to `limit` items after a number, in the order of numbers, withdrawn ones included; `nil` starts at the first.
    func items(after number: ItemNumber?, limit: Int) throws(StorageError) -> [StoredItem]
    /// The numbers of identifiers, unknown ones left out.
    func numbers(of ids: [ItemID]) throws(StorageError) -> [ItemID: ItemNumber]
    /// All identifiers that are not withdrawn: what a full feed is compared with.
    func activeIDs() throws(StorageError) -> Set<ItemID>
    /// One more than the largest number in use: the length of a column by item number.
    func numberLimit() throws(StorageError) -> Int
    /// How many items there are, withdrawn ones left out.
    func activeCount() throws(StorageError) -> Int

    /// Replaces offers by item, market and group; offers of unknown items are refused (`constraint`), all or nothing.
    ///
    /// - Returns: How many offers differ from what was stored.
    func setOffers(_ offers: [Offer]) throws(StorageError) -> Int
    func offers(of id: ItemID) throws(StorageError) -> [Offer]
    /// Calls `body` for every offer, by item number.
    func forEachOffer(_ body: (ItemNumber, Offer) throws(StorageError) -> Void) throws(StorageError)

    func setStores(_ stores: [Store]) throws(StorageError)
    func stores() throws(StorageError) -> [Store]
}
