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

/// What models and profiles need of an item: read for a whole catalogue when a server starts.
public struct ItemOutline: Hashable, Sendable {
    public var number: ItemNumber
    public var productType: [String]
    /// The attribute `brand_class`, or the brand where it is absent.
    public var brandClass: String
    /// Who made it: the brand, or the attribute `manufacturer` where there is none; empty if neither is known.
    public var brand: String
    public var isWithdrawn: Bool
    public var isExcluded: Bool

    public init(_ stored: StoredItem) {
        (number, productType) = (stored.number, stored.item.productType)
        let own = stored.item.brand
        brandClass = stored.item.attributes["brand_class"]?.first ?? own
        brand = own.isEmpty ? stored.item.attributes["manufacturer"]?.first ?? "" : own
        (isWithdrawn, isExcluded) = (stored.isWithdrawn, stored.item.isExcluded)
    }

    init(
        number: ItemNumber, productType: [String], brandClass: String, brand: String, isWithdrawn: Bool,
        isExcluded: Bool
    ) {
        (self.number, self.productType, self.brandClass) = (number, productType, brandClass)
        (self.brand, self.isWithdrawn, self.isExcluded) = (brand, isWithdrawn, isExcluded)
    }
}

/// The name of a list of prices and stock: one market and one customer group.
public struct PriceListName: Hashable, Sendable, Comparable {
    /// What holds for everybody in no particular market.
    public static let everybody = PriceListName(market: Offer.defaultMarket, group: Offer.everyGroup)
    public let market: String
    public let group: String

    public init(market: String, group: String) { (self.market, self.group) = (market, group) }

    public static func < (left: PriceListName, right: PriceListName) -> Bool {
        (left.market, left.group) < (right.market, right.group)
    }
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
    /// Calls `body` for every item, by number, without reading its texts.
    func forEachOutline(_ body: (ItemOutline) throws(StorageError) -> Void) throws(StorageError)
    /// The numbers of identifiers, unknown ones left out.
    func numbers(of ids: [ItemID]) throws(StorageError) -> [ItemID: ItemNumber]
    /// All identifiers that are not withdrawn: what a full feed is compared with.
    func activeIDs() throws(StorageError) -> Set<ItemID>
    /// One more than the largest number in use: the length of a column by item number.
    func numberLimit() throws(StorageError) -> Int
    /// How many items there are, withdrawn ones left out.
    func activeCount() throws(StorageError) -> Int

    /// Writes offers by item, market and group, but for the parts that are kept where an offer is known; offers of unknown items are refused (`constraint`), all or nothing.
    ///
    /// - Returns: How many offers differ from what was stored.
    func setOffers(_ offers: [Offer], keeping: OfferParts) throws(StorageError) -> Int
    func offers(of id: ItemID) throws(StorageError) -> [Offer]
    /// Calls `body` for every offer, by item number.
    func forEachOffer(_ body: (ItemNumber, Offer) throws(StorageError) -> Void) throws(StorageError)

    /// The lists that hold an offer, in the order of their names.
    func priceLists() throws(StorageError) -> [PriceListName]
    /// Calls `body` for every offer of one list, by item number; amounts are in minor units of `currency`.
    ///
    /// A price in another currency is given as none.
    func forEachPrice(
        in list: PriceListName, currency: Currency, _ body: (ItemNumber, ListedPrice) throws(StorageError) -> Void
    ) throws(StorageError)
    /// The currency of a list's first price; `nil` for a list without prices.
    func currency(of list: PriceListName) throws(StorageError) -> Currency?

    func setStores(_ stores: [Store]) throws(StorageError)
    func stores() throws(StorageError) -> [Store]
    /// Adds or replaces warehouses by identifier.
    func setWarehouses(_ warehouses: [Warehouse]) throws(StorageError)
    /// By identifier.
    func warehouses() throws(StorageError) -> [Warehouse]
    /// Adds or replaces carriers by identifier.
    func setCarriers(_ carriers: [Carrier]) throws(StorageError)
    /// By identifier.
    func carriers() throws(StorageError) -> [Carrier]
}
