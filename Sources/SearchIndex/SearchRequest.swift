public import Domain

/// What a shopper asks of the index.
public struct SearchRequest: Sendable {
    public enum Sort: String, Sendable, CaseIterable {
        case relevance
        case priceAscending = "price_asc"
        case priceDescending = "price_desc"
        case popularity, title, newest
        /// By `stars`; items without any stand behind all others.
        case rating
        /// By distance from `near`; items without a place stand behind all others.
        case nearest
    }

    /// Which words a document must hold.
    public enum Matching: String, Sendable, CaseIterable {
        /// All of them; where that finds too little, those that say most of what the query says.
        case relaxed
        /// All of them, whatever that finds.
        case all
        /// Any of them: what says more comes first.
        case any
    }

    public static let maximumQueryBytes = 512
    /// `page * perPage` may not pass this.
    public static let maximumDepth = 10_000
    /// So many other items of a group are named.
    public static let maximumVariants = 50

    /// Other wordings of a phrase of the query.
    public struct Synonym: Hashable, Sendable {
        /// As it stands in the query.
        public var from: String
        public var to: [String]
        /// Whether the shop has other wordings of exactly this phrase, and not of one that it may be a slip of.
        public var isExact: Bool

        public init(from: String, to: [String], isExact: Bool = true) {
            (self.from, self.to, self.isExact) = (from, to, isExact)
        }
    }

    /// Empty: everything, by popularity.
    public var query: String
    /// The shop's own, beside those that the index has learned.
    public var synonyms: [Synonym] = []
    /// What makes items stand higher or lower, where the order is by relevance.
    public var weights: [ScoreWeight] = []
    /// Values of a field are alternatives; fields are all demanded. Category values are paths joined by ` > `.
    public var filters: [String: Set<String>] = [:]
    /// In minor units of the offers' currency.
    public var minimumPrice: Int64?
    public var maximumPrice: Int64?
    public var onlyInStock = false
    /// Bounds of items' `numbers`, all demanded; an item without the number fails.
    public var ranges: [String: ClosedRange<Double>] = [:]
    /// Where the shopper is. An item's place is its `numbers` `latitude` and `longitude`.
    public var near: GeoPoint?
    /// Items that are farther from `near`, or have no place, fail.
    public var radiusMetres: Double?
    /// Items with the same group are one hit: the best of them, with the others as its `variants`; `total` counts groups.
    public var groupsVariants = false
    public var sort: Sort = .relevance
    /// Shape `[≤ numberLimit]`, by item number; below zero where nobody rated the item.
    public var stars: [Float] = []
    public var offset = 0
    public var limit = 24
    /// Facets to count.
    public var facets: [String] = []
    public var facetLimit = 50
    /// Only values whose words begin with these are counted, in any order and folded.
    public var facetQuery = ""
    /// The last word may be the beginning of a word: search as you type.
    public var isPrefix = false
    /// Leaves words as they were typed, for "search instead for".
    public var correctsTypos = true
    /// The language that shoppers of the market speak, as a BCP 47 primary tag: it is favoured where words are ambiguous.
    public var language: String?

    /// Whether prices, sizes, orders and exclusions are read out of the words; see `QueryUnderstanding`.
    public var understands = true
    /// Parts of the understanding that stay plain words, by `id`.
    public var ignored: Set<String> = []
    /// Whether lists written by hand take part: stop words and the phrases of `QueryUnderstanding`.
    public var usesLists = true

    /// Whether items that hold neighbouring words of the query side by side score higher.
    public var boostsNearness = true

    /// What the words said already, so that it is not read twice.
    var isUnderstood = false
    /// Readings beside those of the words that are left.
    var readings: [TermGroup] = []
    /// Items that hold one of these do not match.
    var excludedTerms: [[UInt8]] = []
    /// Terms that items must hold side by side, and the texts that they were read from.
    var phrases: [[[UInt8]]] = []
    var phraseTexts: [String] = []

    public var matching: Matching = .relaxed
    /// Whether all matches are counted; without, `total` is the number of hits at most, and the best are found faster.
    public var countsMatches = true

    public init(query: String) { self.query = query }

    /// Whether items that hold none of the words may join by their meaning: not where another order would bring them up.
    var admitsNeighbours: Bool { sort == .relevance && matching == .relaxed && !isPrefix }
}

/// One item that was found.
public struct SearchHit: Hashable, Sendable {
    public var number: ItemNumber
    public var score: Double
    /// With `groupsVariants`, the other items of its group that match, best first, at most `SearchRequest.maximumVariants`.
    public var variants: [ItemNumber] = []
    /// How many items of its group match, itself included.
    public var groupCount = 1
    public init(number: ItemNumber, score: Double) { (self.number, self.score) = (number, score) }
}

/// What was done to a query that found too little, in the order it was done.
public enum RelaxationStep: Hashable, Sendable {
    /// A word that no item holds was read as words that are near it.
    case typo(from: String, to: [String])
    /// A word may have been meant for others: where no item holds it, it was read as any of them.
    case didYouMean(from: String, to: [String])
    /// A word was read as two, or two as one.
    case split(from: String, to: String)
    /// A word was widened by words of like meaning.
    case synonyms(from: String, to: [String])
    /// A word of another language was translated.
    case translation(from: String, to: [String])
    /// A word of another script was read as it sounds.
    case transliteration(from: String, to: [String])
    /// Items need not hold all words; `missing` were found nowhere.
    case optionalTerms(missing: [String])
    /// Items joined that hold other words, but mean something near.
    case meaning
    /// No item holds the words in quotation marks side by side: they may stand anywhere.
    case phrase(dropped: [String])

    /// The step's name in answers.
    public var name: String {
        switch self {
        case .typo: "typo"
        case .didYouMean: "did_you_mean"
        case .split: "split"
        case .synonyms: "synonyms"
        case .translation: "translation"
        case .transliteration: "transliteration"
        case .optionalTerms: "optional_terms"
        case .meaning: "meaning"
        case .phrase: "phrase"
        }
    }
}

/// One value of a facet.
public struct FacetValue: Hashable, Sendable {
    public var value: String
    public var count: Int
    public var isSelected: Bool
}

/// The answer to a request.
public struct SearchResponse: Sendable {
    public var hits: [SearchHit] = []
    public var total = 0
    /// By facet, most frequent values first.
    public var facets: [String: [FacetValue]] = [:]
    /// Lowest and highest price among all matches, in minor units, as if no bounds of price were set.
    public var priceRange: ClosedRange<Int64>?
    public var applied: [RelaxationStep] = []
    public var understanding = QueryUnderstanding()
    /// What the words' scores counted, where a fusion compared them: explanations need it.
    var words: WordParts?
    public init() {}
}

/// A part of a score: its children sum to it, unless the label says otherwise.
public struct ScoreExplanation: Sendable {
    public var label: String
    public var value: Double
    public var children: [ScoreExplanation] = []

    public init(label: String, value: Double, children: [ScoreExplanation] = []) {
        (self.label, self.value, self.children) = (label, value, children)
    }
}
