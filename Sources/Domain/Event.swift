/// What a shopper did or saw, named as in GA4 e-commerce.
public enum EventName: String, Sendable, CaseIterable {
    case viewItem = "view_item"
    case viewItemList = "view_item_list"
    case selectItem = "select_item"
    case addToCart = "add_to_cart"
    case removeFromCart = "remove_from_cart"
    case beginCheckout = "begin_checkout"
    case purchase
    case refund
    case search
    case addToWishlist = "add_to_wishlist"
    case rateItem = "rate_item"

    /// The number that stands for the name in files and tables; never changed, never used again.
    public var code: UInt8 {
        switch self {
        case .viewItem: 1
        case .viewItemList: 2
        case .selectItem: 3
        case .addToCart: 4
        case .removeFromCart: 5
        case .beginCheckout: 6
        case .purchase: 7
        case .refund: 8
        case .search: 9
        case .addToWishlist: 10
        case .rateItem: 11
        }
    }

    public init?(code: UInt8) {
        guard let name = Self.allCases.first(where: { $0.code == code }) else { return nil }
        self = name
    }
}

/// The way by which a shopper reached the shop.
public enum Channel: String, Sendable, CaseIterable {
    case web, app, store
}

/// One item's part in an event.
public struct EventItem: Hashable, Sendable {
    public var item: ItemID
    public var quantity: Int
    /// What was paid for one piece, in minor units of the event's currency; `nil` if the event does not say.
    public var priceMinorUnits: Int64?
    /// Discount on the whole line, in minor units; zero or more.
    public var discountMinorUnits: Int64 = 0
    /// Part of `discountMinorUnits` that a coupon gave.
    public var couponMinorUnits: Int64 = 0
    /// Rank in the list that was shown, from 1; `nil` outside lists.
    public var position: Int?

    public init(item: ItemID, quantity: Int = 1, priceMinorUnits: Int64? = nil, position: Int? = nil) {
        (self.item, self.quantity, self.priceMinorUnits, self.position) = (item, quantity, priceMinorUnits, position)
    }
}

/// Something that happened in the shop, at a moment in UTC.
public struct Event: Hashable, Sendable {
    /// Makes sending twice harmless: an identifier is counted once per shop. 1 to 128 bytes.
    public var id: String
    public var name: EventName
    public var time: Timestamp
    /// Who did it, after pseudonymisation; `nil` for somebody unknown.
    public var user: Pseudonym?
    public var session: String?
    public var market: String = Offer.defaultMarket
    public var channel: Channel = .web
    /// Where it was bought, for `Channel.store`.
    public var store: String?
    /// What was typed, for `search` and for clicks on its results.
    public var query: String?
    /// How many results a `search` found.
    public var resultCount: Int?
    /// Joins a list that was shown to what the shopper did with it.
    public var impressionID: String?
    /// Which list or shelf it was: `search`, `home`, `similar`, …
    public var list: String?
    public var items: [EventItem] = []
    /// Stars, 1 to 5, for `rate_item`.
    public var rating: Double?
    public var currency: Currency?
    /// Made by `souk simulate`; enters a figure or a model only where a command is told to count it, which then says so.
    public var isSynthetic = false

    public init(id: String, name: EventName, time: Timestamp) { (self.id, self.name, self.time) = (id, name, time) }
}
