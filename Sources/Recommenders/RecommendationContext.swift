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
    /// The category that the answer keeps to, from the widest level to the narrowest; empty for none.
    public var category: [String] = []
    /// How many items of one brand an answer may hold; `nil` for any number.
    public var mostOfBrand: Int?
    /// What the person bought a shorter time ago than this part of its usual gap is left out; 0 for nothing.
    public var rhythm = 0.0
    /// How the list is put together from the best candidates.
    public var reranking = Reranking.off
    /// What re-ranking may know of items.
    public var knowledge = ListKnowledge()
    /// What the shop's networks weigh beside the ranker, where they take part.
    public var networkWeights = NetworkWeights.none
    /// What the shop knows beside the models, best first: new arrivals, or what sells at a branch.
    public var proposals: [ScoredItem] = []

    /// What the shopper's branch sells, for what is popular there; `nil` for what is popular everywhere.
    public var branch: BranchWeights?

    /// Vectors of items beside what people buy, for what is like the page's item.
    public var likeness: [any ItemLikeness] = []

    /// Categories, by number, that the person chose: they count for somebody of whom no purchase is known.
    public var tastes: [UInt32] = []

    /// What the shop knows of the person, such as `household_size`: for models that learned from it.
    public var attributes: [String: String] = [:]

    /// Whether the answer is to say what each part of a model's knowledge added to its scores, which takes some milliseconds.
    public var explains = false

    /// Whether the caller asks for less than all that the shop sells.
    public var isNarrow: Bool { eligibility.prices != nil || eligibility.types != nil || mostOfBrand != nil }

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
