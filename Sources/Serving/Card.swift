public import Domain

/// An item as a page shows it: with the price and stock of this moment.
public struct Card: Sendable {
    public var stored: StoredItem
    public var price: Money?
    public var priceBeforeSale: Money?
    public var isInStock: Bool

    public init(_ stored: StoredItem, offers: OfferColumns) {
        self.stored = stored
        price = offers.price(stored.number)
        priceBeforeSale = offers.priceBeforeSale(stored.number)
        isInStock = offers.isInStock(stored.number)
    }

    public var item: Item { stored.item }
}
