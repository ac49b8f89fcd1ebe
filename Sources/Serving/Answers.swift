public import Domain
public import Features
public import Merchandising
public import Recommenders
public import Storage

/// A page of results.
public struct SearchAnswer: Sendable {
    public struct Entry: Sendable {
        public var card: Card
        public var hit: SearchHits.Hit
        /// The other items of its group that match, where variants are grouped.
        public var variants: [ItemID] = []
    }

    public var generation: Int
    public var impressionID: String
    public var entries: [Entry]
    /// Total, facets, steps; its hits are the entries'.
    public var hits: SearchHits
    /// Of the prices.
    public var currency: Currency
    /// Where the shop's rules send the shopper.
    public var redirect: String?
    public var banners: [Banner] = []
    /// The rules that took part.
    public var rules: [String] = []
    /// What the query is likely about, the likeliest first; of the first page by relevance alone.
    public var intent: [CategoryIntent] = []
    /// For a page that found nothing and asked for something to show.
    public var filler: SearchFiller?
}

/// What a shopper may mean while typing.
public struct SuggestAnswer: Sendable {
    public var queries: [(text: String, count: Int)]
    public var categories: [(path: [String], count: Int)]
    public var cards: [Card]
    public var currency: Currency
}

/// One shelf.
public struct RecommendAnswer: Sendable {
    public struct Entry: Sendable {
        public var card: Card
        public var hit: RecommendedHit
    }

    public var scenario: Scenario
    public var generation: Int
    public var impressionID: String
    public var entries: [Entry]
    public var currency: Currency
    /// Whose sales the shelf shows, for `near_you`.
    public var branch: Store?
}

/// The items that look most like a picture, the nearest first.
public struct PictureAnswer: Sendable {
    public struct Entry: Sendable {
        public var card: Card
        /// The cosine of the pictures' vectors.
        public var similarity: Float
    }

    public var generation: Int
    public var impressionID: String
    public var entries: [Entry]
    public var currency: Currency
    /// The facets that the call asks for, counted over all items that pass its filters, and their prices; nothing else.
    public var counted: SearchHits
}

/// What became of posted events.
public struct IngestAnswer: Sendable {
    public var accepted = 0
    public var repeated = 0
    /// Places in the batch, with the reason.
    public var rejected: [(index: Int, reason: String)] = []
}

/// What became of written items or offers.
public struct WriteAnswer: Sendable {
    public var added = 0
    public var changed = 0
    public var unchanged = 0
    public var withdrawn = 0
    public var offersChanged = 0
    public var rejected: [(index: Int, reason: String)] = []
}

/// What became of written branches, warehouses or carriers.
public struct PlaceAnswer: Sendable {
    public var written = 0
    public var rejected: [(index: Int, reason: String)] = []
}

/// The state of a shop at a glance.
public struct Overview: Sendable {
    public var config: ShopConfig
    public var publication: Publication?
    public var items: Int
    public var events: Int
    public var users: Int
    public var documents: Int
    public var segments: Int
    public var indexBytes: Int
    public var models: [(name: String, manifest: Manifest?)]
    public var syntheticEvents: Int
}

/// What a shop knows about a person, readable.
public struct ProfileAnswer: Sendable {
    public struct CategoryShare: Sendable {
        public var path: [String]
        public var share: Double
    }

    /// An item that is bought again and again.
    public struct Habit: Sendable {
        public var card: Card
        public var rhythm: Profile.Rhythm
    }

    public var profile: Profile
    public var currency: Currency
    public var favouriteCategories: [CategoryShare]
    /// Of the running session.
    public var sessionInterest: [CategoryShare]
    public var habits: [Habit]
}
