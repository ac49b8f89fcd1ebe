/// What a shop knows about a person besides events: personal attributes, encrypted at rest.
public struct Customer: Hashable, Sendable {
    public var user: Pseudonym
    /// Such as `age`, `income`, `household_size`, `kids_count`.
    public var attributes: [String: String]

    public init(user: Pseudonym, attributes: [String: String]) { (self.user, self.attributes) = (user, attributes) }
}

/// A campaign, whom it was sent to, and the coupons in it.
public struct Campaign: Hashable, Sendable {
    public var id: String
    public var kind: String
    public var start: Timestamp
    /// The first moment after the campaign.
    public var end: Timestamp
    public var recipients: [Pseudonym] = []
    public var coupons: [Coupon] = []
    public var redemptions: [CouponRedemption] = []

    public init(id: String, kind: String, start: Timestamp, end: Timestamp) {
        (self.id, self.kind, self.start, self.end) = (id, kind, start, end)
    }
}

/// A coupon with the items that it is good for.
public struct Coupon: Hashable, Sendable {
    public var code: String
    public var items: [ItemID]
    public init(code: String, items: [ItemID]) { (self.code, self.items) = (code, items) }
}

/// One coupon handed in by one person.
public struct CouponRedemption: Hashable, Sendable {
    public var user: Pseudonym
    public var code: String
    public var time: Timestamp
    public init(user: Pseudonym, code: String, time: Timestamp) {
        (self.user, self.code, self.time) = (user, code, time)
    }
}
