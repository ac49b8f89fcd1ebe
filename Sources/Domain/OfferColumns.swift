/// An offer as plain numbers in minor units of its list's currency.
public struct ListedPrice: Hashable, Sendable {
    /// `nil`: not for sale at a known price.
    public var price: Int64?
    public var salePrice: Int64?
    /// `nil` if pieces are not counted.
    public var stock: Int32?

    public init(price: Int64?, salePrice: Int64? = nil, stock: Int32? = nil) {
        (self.price, self.salePrice, self.stock) = (price, salePrice, stock)
    }

    /// The offer's amounts where they are in `currency`.
    public init(_ offer: Offer, in currency: Currency) {
        func amount(_ money: Money?) -> Int64? { money.flatMap { $0.currency == currency ? $0.minorUnits : nil } }
        self.init(
            price: amount(offer.price), salePrice: amount(offer.salePrice),
            stock: offer.stock.map { Int32(clamping: max(0, $0)) })
    }
}

/// The offers of one market and customer group as columns by item number: what search and recommenders join at query time.
///
/// A value: a change copies the columns once, readers keep theirs to the end of a request.
public struct OfferColumns: Sendable {
    /// Stands for "no known price".
    public static let noPrice: Int64 = -1
    /// Stands for "the shop does not count pieces".
    public static let uncounted: Int32 = -1

    public let currency: Currency
    /// What a shopper pays now (the sale price where one holds), in minor units, or `noPrice`; shape `[numberLimit]`.
    public private(set) var prices: [Int64]
    /// Pieces in stock, or `uncounted`.
    public private(set) var stocks: [Int32]
    /// The price before a sale of the few items that are on sale.
    private var pricesBeforeSale: [UInt32: Int64] = [:]

    public init(currency: Currency, numberLimit: Int) {
        self.currency = currency
        prices = Array(repeating: Self.noPrice, count: numberLimit)
        stocks = Array(repeating: Self.uncounted, count: numberLimit)
    }

    /// Takes over one offer; one in another currency leaves the item without a price. Complexity: O(1) amortised.
    public mutating func set(_ number: ItemNumber, _ offer: Offer) {
        let listed = ListedPrice(offer, in: currency)
        setPrice(number, listed)
        setStock(number, listed)
    }

    /// Takes over price and sale price alone.
    public mutating func setPrice(_ number: ItemNumber, _ listed: ListedPrice) {
        grow(to: number.index + 1)
        let list = listed.price ?? Self.noPrice
        let now = list == Self.noPrice ? Self.noPrice : min(list, listed.salePrice ?? list)
        prices[number.index] = now
        if list > now {
            pricesBeforeSale[number.rawValue] = list
        } else if !pricesBeforeSale.isEmpty {
            pricesBeforeSale[number.rawValue] = nil
        }
    }

    /// Takes over the stock alone.
    public mutating func setStock(_ number: ItemNumber, _ listed: ListedPrice) {
        grow(to: number.index + 1)
        let stock = listed.stock ?? Self.uncounted
        // An equal value must not copy a column that is shared.
        if stocks[number.index] != stock { stocks[number.index] = stock }
    }

    /// Takes over all stock of other columns, in their memory.
    public mutating func shareStocks(of other: OfferColumns) {
        stocks = other.stocks
        let count = max(prices.count, stocks.count)
        prices.append(contentsOf: repeatElement(Self.noPrice, count: count - prices.count))
        stocks.append(contentsOf: repeatElement(Self.uncounted, count: count - stocks.count))
    }

    /// Bytes that the columns take by themselves, shared ones included.
    public var byteCount: Int { prices.count * 12 + pricesBeforeSale.count * 24 }

    /// The price now, or `nil` if none is known.
    public func price(_ number: ItemNumber) -> Money? {
        guard number.index < prices.count, prices[number.index] != Self.noPrice else { return nil }
        return Money(minorUnits: prices[number.index], currency: currency)
    }

    /// The price before a sale, if one holds now.
    public func priceBeforeSale(_ number: ItemNumber) -> Money? {
        pricesBeforeSale[number.rawValue].map { Money(minorUnits: $0, currency: currency) }
    }

    /// Whether a shopper can have the item now: it is not counted, or some are left.
    public func isInStock(_ number: ItemNumber) -> Bool {
        number.index >= stocks.count || stocks[number.index] != 0
    }

    /// Whether the item may be recommended: in stock, and at a known price.
    public func isSellable(_ number: ItemNumber) -> Bool {
        number.index < prices.count && prices[number.index] != Self.noPrice && stocks[number.index] != 0
    }

    private mutating func grow(to count: Int) {
        guard count > prices.count else { return }
        let more = count - prices.count
        prices.append(contentsOf: repeatElement(Self.noPrice, count: more))
        stocks.append(contentsOf: repeatElement(Self.uncounted, count: more))
    }
}
