public import Domain

/// Parts of an offer that a writer knows nothing of, and that stay as they are stored.
public struct OfferParts: OptionSet, Hashable, Sendable {
    public let rawValue: Int
    public init(rawValue: Int) { self.rawValue = rawValue }

    /// The price and the sale price.
    public static let price = OfferParts(rawValue: 1)
    public static let stock = OfferParts(rawValue: 2)
    /// A stock that is counted and above zero: for a writer who knows that there is some, and not how much.
    public static let countedStock = OfferParts(rawValue: 4)

    /// What is stored after `offer` was written over `stored` and these parts were kept.
    public func merged(_ offer: Offer, over stored: Offer?) -> Offer {
        guard let stored else { return offer }
        var merged = offer
        if contains(.price) { (merged.price, merged.salePrice) = (stored.price, stored.salePrice) }
        if contains(.stock) || contains(.countedStock) && (stored.stock ?? 0) > 0 { merged.stock = stored.stock }
        return merged
    }
}

extension CatalogueStore {
    /// Replaces offers by item, market and group; offers of unknown items are refused (`constraint`), all or nothing.
    ///
    /// - Returns: How many offers differ from what was stored.
    public func setOffers(_ offers: [Offer]) throws(StorageError) -> Int { try setOffers(offers, keeping: []) }
}
