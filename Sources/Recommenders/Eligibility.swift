public import Domain
public import Features

/// Which items an answer may hold: sellable, not hidden, not excluded by the caller, and within the caller's conditions.
///
/// Models ask while they collect candidates, so that a narrow answer is as full as a wide one.
public struct Eligibility: Sendable {
    /// `nil`: prices and stock do not matter, as in an evaluation over the past.
    public var offers: OfferColumns?
    public var hidden: ItemMask
    public var excluded: Set<ItemNumber>
    /// What an item may cost now, in minor units of the offers' currency; an item without a known price is left out.
    public var prices: ClosedRange<Int64>?
    /// Types that items must have; `nil` for any.
    public var types: ItemGroups?
    /// Brands that have not yet as many places as they may take; `nil` for any.
    public var brands: ItemGroups?

    public init(offers: OfferColumns? = nil, hidden: ItemMask = ItemMask(), excluded: Set<ItemNumber> = []) {
        (self.offers, self.hidden, self.excluded) = (offers, hidden, excluded)
    }

    /// Complexity: O(1).
    public func allows(_ item: ItemNumber) -> Bool {
        !hidden.contains(item) && (offers?.isSellable(item) ?? true) && !excluded.contains(item)
            && (types?.allows(item) ?? true) && (brands?.allows(item) ?? true) && isAffordable(item)
    }

    private func isAffordable(_ item: ItemNumber) -> Bool {
        guard let prices else { return true }
        guard let price = offers?.price(item) else { return false }
        return prices.contains(price.minorUnits)
    }
}

/// Groups of items, such as types or brands, of which some are open to an answer.
public struct ItemGroups: Sendable {
    /// Number of the group by item; `ItemFacts.unknown` without one.
    private let groups: [UInt32]
    private var isOpen: [Bool]
    /// Whether an item without a group may be in the answer.
    private let allowsUnknown: Bool

    /// - Parameter isOpen: By group; a group beyond its end is closed.
    public init(_ groups: [UInt32], isOpen: [Bool], allowsUnknown: Bool) {
        (self.groups, self.isOpen, self.allowsUnknown) = (groups, isOpen, allowsUnknown)
    }

    public func allows(_ item: ItemNumber) -> Bool {
        guard item.index < groups.count, groups[item.index] != ItemFacts.unknown else { return allowsUnknown }
        let group = Int(groups[item.index])
        return group < isOpen.count && isOpen[group]
    }

    /// Closes a group: its items are no longer in the answer.
    public mutating func close(_ group: UInt32) {
        if Int(group) < isOpen.count { isOpen[Int(group)] = false }
    }
}
