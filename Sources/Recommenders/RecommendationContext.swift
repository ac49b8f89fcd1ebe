public import Domain
public import Features

/// All that a recommender may know when it answers: nothing at or after `now`.
public struct RecommendationContext: Sendable {
    /// Who asks, if the log knows them.
    public var user: UserNumber?
    /// What the person bought, oldest first, up to this moment: also what happened after the models were trained.
    public var history: [Interaction]
    /// What the person looked at or chose in this session, oldest first.
    public var session: [Interaction]
    /// What lies in the basket now.
    public var basket: [ItemNumber]
    /// The item of the page.
    public var anchor: ItemNumber?
    public var now: Timestamp
    public var eligibility: Eligibility

    public init(
        now: Timestamp, user: UserNumber? = nil, history: [Interaction] = [], session: [Interaction] = [],
        basket: [ItemNumber] = [],
        anchor: ItemNumber? = nil, eligibility: Eligibility = Eligibility()
    ) {
        (self.now, self.history, self.session, self.basket) = (now, history, session, basket)
        self.user = user
        (self.anchor, self.eligibility) = (anchor, eligibility)
    }
}
