public import Domain
public import Features

/// Which items an answer may hold: sellable, not hidden, not excluded by the caller.
public struct Eligibility: Sendable {
    /// `nil`: prices and stock do not matter, as in an evaluation over the past.
    public var offers: OfferColumns?
    public var hidden: ItemMask
    public var excluded: Set<ItemNumber>

    public init(offers: OfferColumns? = nil, hidden: ItemMask = ItemMask(), excluded: Set<ItemNumber> = []) {
        (self.offers, self.hidden, self.excluded) = (offers, hidden, excluded)
    }

    public func allows(_ item: ItemNumber) -> Bool {
        !hidden.contains(item) && (offers?.isSellable(item) ?? true) && !excluded.contains(item)
    }
}
