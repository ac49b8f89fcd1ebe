public import Domain

/// An item as a page shows it: with the price and stock of this moment.
public struct Card: Sendable {
    public var stored: StoredItem
    public var price: Money?
    public var priceBeforeSale: Money?
    public var isInStock: Bool
    /// What shoppers gave it; `nil` if nobody did.
    public var rating: Rating?

    public init(_ stored: StoredItem, offers: OfferColumns, rating: Rating? = nil) {
        (self.stored, self.rating) = (stored, rating)
        price = offers.price(stored.number)
        priceBeforeSale = offers.priceBeforeSale(stored.number)
        isInStock = offers.isInStock(stored.number)
    }

    public var item: Item { stored.item }
}
