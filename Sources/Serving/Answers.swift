public import Domain
public import Recommenders
public import Storage

/// A page of results.
public struct SearchAnswer: Sendable {
    public struct Entry: Sendable {
        public var card: Card
        public var hit: SearchHits.Hit
    }

    public var generation: Int
    public var impressionID: String
    public var entries: [Entry]
    /// Total, facets, steps; its hits are the entries'.
    public var hits: SearchHits
}

/// What a shopper may mean while typing.
public struct SuggestAnswer: Sendable {
    public var queries: [(text: String, count: Int)]
    public var categories: [(path: [String], count: Int)]
    public var cards: [Card]
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
}

/// What a shop knows about a person, readable.
public struct ProfileAnswer: Sendable {
    /// An item that is bought again and again.
    public struct Habit: Sendable {
        public var card: Card
        public var everyDays: Double
        public var lastDaysAgo: Double
        public var times: Int
        public var isDue: Bool { lastDaysAgo >= 0.9 * everyDays }
    }

    public var purchases = 0
    public var baskets = 0
    public var spendMinorUnits: Int64 = 0
    public var currency: Currency
    public var recencyDays: Double?
    public var first: Timestamp?
    public var last: Timestamp?
    /// Share of the pieces bought, by the top two levels of the category.
    public var favouriteCategories: [(path: [String], share: Double)] = []
    /// Share of pieces of the shop's own brand among those of a known brand class.
    public var privateBrandShare: Double?
    public var habits: [Habit] = []
    public var sessionInterest: [Card] = []
}
