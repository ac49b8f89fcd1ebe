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
    /// The price before a sale, in minor units; equal to `prices` where there is no sale.
    public private(set) var listPrices: [Int64]
    /// Pieces in stock, or `uncounted`.
    public private(set) var stocks: [Int32]

    public init(currency: Currency, numberLimit: Int) {
        self.currency = currency
        prices = Array(repeating: Self.noPrice, count: numberLimit)
        listPrices = prices
        stocks = Array(repeating: Self.uncounted, count: numberLimit)
    }

    /// Takes over one offer; one in another currency leaves the item without a price. Complexity: O(1) amortised.
    public mutating func set(_ number: ItemNumber, _ offer: Offer) {
        grow(to: number.index + 1)
        let list = offer.price.flatMap { $0.currency == currency ? $0.minorUnits : nil } ?? Self.noPrice
        let sale = offer.salePrice.flatMap { $0.currency == currency ? $0.minorUnits : nil } ?? list
        listPrices[number.index] = list
        prices[number.index] = list == Self.noPrice ? Self.noPrice : min(list, sale)
        stocks[number.index] = offer.stock.map { Int32(clamping: max(0, $0)) } ?? Self.uncounted
    }

    /// The price now, or `nil` if none is known.
    public func price(_ number: ItemNumber) -> Money? {
        guard number.index < prices.count, prices[number.index] != Self.noPrice else { return nil }
        return Money(minorUnits: prices[number.index], currency: currency)
    }

    /// The price before a sale, if one holds now.
    public func priceBeforeSale(_ number: ItemNumber) -> Money? {
        guard number.index < prices.count, listPrices[number.index] > prices[number.index] else { return nil }
        return Money(minorUnits: listPrices[number.index], currency: currency)
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
        listPrices.append(contentsOf: repeatElement(Self.noPrice, count: more))
        stocks.append(contentsOf: repeatElement(Self.uncounted, count: more))
    }
}
