public import Domain

/// What rules may know of a search.
public struct RuleContext: Hashable, Sendable {
    public var query: String
    /// What the shopper filters by, by field; `category` holds whole paths joined by ` > `.
    public var filters: [String: Set<String>] = [:]
    /// Groups that the shopper belongs to, as the request names them.
    public var segments: Set<String> = []
    public var market: String
    public var now: Timestamp

    public init(query: String, market: String, now: Timestamp) {
        (self.query, self.market, self.now) = (query, market, now)
    }
}

/// What the rules make of a search.
public struct RuleOutcome: Hashable, Sendable {
    public struct Replacement: Hashable, Sendable {
        public let rule: String
        public let from: String
        public let to: String
    }

    public struct Pin: Hashable, Sendable {
        public let rule: String
        public let item: ItemID
        /// From 1; no two pins have the same.
        public let position: Int
        public let mode: Rule.PinMode
    }

    public struct Weight: Hashable, Sendable {
        public let rule: String
        public let target: Target
        public let factor: Double
    }

    public struct Hiding: Hashable, Sendable {
        public let rule: String
        public let target: Target
    }

    public struct Filter: Hashable, Sendable {
        public let rule: String
        public let field: String
        public let values: [String]
    }

    /// A phrase of the query with the words that mean the same.
    public struct Wording: Hashable, Sendable {
        /// As it stands in the query, folded.
        public let phrase: String
        public let others: [String]
        /// Whether a synonym names the phrase itself, and not one that it is a slip of.
        public let isExact: Bool
    }

    /// What is searched for in the end.
    public var query: String
    public var replacements: [Replacement] = []
    /// By position.
    public var pins: [Pin] = []
    public var hidden: [Hiding] = []
    public var weights: [Weight] = []
    public var filters: [Filter] = []
    public var redirect: String?
    public var banners: [Banner] = []
    /// What the shop's synonyms say of phrases of `query`.
    public var wordings: [Wording] = []
    /// The rules that took part, the strongest first.
    public var rules: [String] = []

    init(query: String) { self.query = query }
}
