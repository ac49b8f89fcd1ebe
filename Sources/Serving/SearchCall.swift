public import Domain
public import JSON
public import SearchIndex
public import Storage

/// One search, as a page asks for it.
public struct SearchCall: Sendable {
    public enum Sort: String, Sendable, CaseIterable {
        case relevance
        case priceAscending = "price_asc"
        case priceDescending = "price_desc"
        case popularity, title
        /// By stars, drawn to the category's mean; see `RatingPriors`.
        case rating
        /// By distance from `near`.
        case nearest
    }

    /// Which words an item must hold; see `SearchRequest.Matching`.
    public enum Matching: String, Sendable, CaseIterable { case relaxed, all, any }

    /// One field that must have one of some values.
    public struct Filter: Hashable, Sendable {
        public var field: String
        public var values: [String]
        public init(field: String, values: [String]) { (self.field, self.values) = (field, values) }
    }

    /// A phrase of the query with the words that mean the same to the shop.
    public struct Wording: Hashable, Sendable {
        public var phrase: String
        public var others: [String]
        /// Whether the phrase is no slip of one that the shop has words for.
        public var isExact: Bool
        public init(phrase: String, others: [String], isExact: Bool) {
            (self.phrase, self.others, self.isExact) = (phrase, others, isExact)
        }
    }

    /// Multiplies the scores of items that meet all criteria that are given.
    public struct Weight: Hashable, Sendable {
        public var label: String
        public var factor: Double
        public var items: Set<ItemNumber>?
        public var filter: Filter?
        public var prices: ClosedRange<Int64>?
        public init(label: String, factor: Double, items: Set<ItemNumber>? = nil, filter: Filter? = nil) {
            (self.label, self.factor, self.items, self.filter) = (label, factor, items, filter)
        }
    }

    public var query = ""
    public var wordings: [Wording] = []
    /// Of items that stand higher or lower, where the order is by relevance.
    public var weights: [Weight] = []
    /// Whose habits weigh in the order, as the shop names the person; see `ShopService.personalWeights`.
    public var user: String?
    /// Whether the person's habits weigh in the order.
    public var isPersonal = false
    /// Of the visit, whose clicks count as habits too.
    public var session: String?
    public var offset = 0
    public var limit = 24
    public var sort = Sort.relevance
    public var filters: [Filter] = []
    public var minimumPrice: Money?
    public var maximumPrice: Money?
    public var isInStockOnly = false
    /// Whether fields, prices or stock hold items back.
    var isFiltered: Bool { !filters.isEmpty || minimumPrice != nil || maximumPrice != nil || isInStockOnly }
    public var matching = Matching.relaxed
    /// Bounds of items' numbers, all demanded.
    public var ranges: [String: ClosedRange<Double>] = [:]
    /// Where the shopper is, and how far items may be from there in metres.
    public var near: GeoPoint?
    public var radiusMetres: Double?
    /// Whether items with the same group are one hit.
    public var groupsVariants = false
    /// Words that the values of counted fields must begin with, and how many values are given.
    public var facetQuery = ""
    public var facetLimit = 50
    /// Fields whose values are to be counted.
    public var facets: [String] = []
    /// Whether the last word may be unfinished.
    public var isPrefix = false
    public var explains = false
    /// Whether a search that finds nothing is to name something else to show.
    public var wantsFiller = false
    /// Whether words that no item holds may be read as words near them.
    public var correctsTypos = true
    /// Whether items join whose texts mean something near to the query, whatever words they hold.
    public var usesMeaning = true
    /// How the words' score and the cosine become one; `nil` for the shop's way, as where weights were to be learned and were not.
    public var fusion: FusionSetting?
    /// How many of the first items a cross-encoder puts in order, if the shop has one; 0 for none. Orders by relevance alone.
    public var rerankDepth = 0
    /// The most that it may be.
    public static let mostReranked = 200
    /// The language that shoppers of the market speak, as a primary tag.
    public var language: String?
    /// Parts of what was understood that stay plain words, by `id`.
    public var ignored: Set<String> = []
    /// Groups that the shopper belongs to, for rules.
    public var segments: Set<String> = []
    /// Whether the shop's rules are left out.
    public var ignoresRules = false
    /// Items that are neither found nor counted.
    public var hidden: Set<ItemNumber> = []
    /// If set, nothing but these is found.
    public var only: Set<ItemNumber>?
    /// By item number, for the order by rating; minus one where nobody rated the item.
    public var stars: [Float] = []
    /// Whose prices and stock hold.
    public var priceList = PriceListName.everybody

    public init() {}
}

/// What a search backend found; items by number.
public struct SearchHits: Sendable {
    public struct Hit: Sendable {
        public var number: ItemNumber
        public var score: Double
        /// The title with `<mark>` around what matched, escaped for HTML.
        public var highlightedTitle: String?
        /// The tree of the score: label, value, children.
        public var explanation: JSONValue?
        /// With `groupsVariants`: the other items of its group that match, best first, and how many there are with itself.
        public var variants: [ItemNumber] = []
        public var groupCount = 1
        /// The rule that put it where it stands.
        public var pinnedBy: String?

        public init(
            number: ItemNumber, score: Double, highlightedTitle: String? = nil, explanation: JSONValue? = nil
        ) {
            (self.number, self.score) = (number, score)
            (self.highlightedTitle, self.explanation) = (highlightedTitle, explanation)
        }
    }

    public struct FacetValue: Hashable, Sendable {
        public var value: String
        public var count: Int
        public var isSelected: Bool
        public init(value: String, count: Int, isSelected: Bool = false) {
            (self.value, self.count, self.isSelected) = (value, count, isSelected)
        }
    }

    public struct Facet: Hashable, Sendable {
        public var field: String
        public var values: [FacetValue]
        public init(field: String, values: [FacetValue]) { (self.field, self.values) = (field, values) }
    }

    public var total = 0
    public var hits: [Hit] = []
    /// Steps of relaxation that were taken, each an object with `step`.
    public var applied: [JSONValue] = []
    /// Prices, sizes and the like that were read out of the words, each an object with `id`, `kind` and `text`.
    public var understood: [JSONValue] = []
    public var facets: [Facet] = []
    public var lowestPrice: Money?
    public var highestPrice: Money?
    /// With `explains`: how the query was read, what it cost, and the time of each stage.
    public var analysis: JSONValue?
    /// Marks what the query matched in a title; `nil` if there is nothing to mark. See `SearchBackend.highlighter(for:)`.
    public var highlight: (@Sendable (String) -> String)?

    public init() {}
}

/// What a suggestion backend found.
public struct SuggestionHits: Sendable {
    public var queries: [(text: String, count: Int)] = []
    public var categories: [(path: [String], count: Int)] = []
    public var items: [ItemNumber] = []
    public init() {}
}
