public import Domain

/// What a search found, and how.
public struct SearchResponse: Hashable, Sendable {
    public struct Hit: Hashable, Sendable {
        public let item: ItemNumber
        public let score: Double
        public init(item: ItemNumber, score: Double) { (self.item, self.score) = (item, score) }
    }

    public struct FacetValue: Hashable, Sendable {
        public let value: String
        public let count: Int
        public let isSelected: Bool
    }

    /// Counts of one field's values; disjunctive: filters on the field itself are left out of its counts.
    public struct Facet: Hashable, Sendable {
        public let field: String
        public let values: [FacetValue]
    }

    public enum Step: String, Sendable {
        case typo, compound, synonyms
        case optionalTerms = "optional_terms"
    }

    /// Something that the search did beyond looking for the words as they were typed.
    public struct Applied: Hashable, Sendable {
        public let step: Step
        /// What was typed and what was looked for; empty for `optionalTerms`.
        public let from: String
        public let to: String
        /// Words that an item need not have, for `optionalTerms`.
        public let dropped: [String]
    }

    public struct Counters: Hashable, Sendable {
        public var postings = 0
        public var matches = 0
        public var segments = 0
    }

    public var hits: [Hit] = []
    public var total = 0
    public var facets: [Facet] = []
    /// The lowest and highest price now among the matches, price bounds left out, in minor units.
    public var priceRange: ClosedRange<Int64>?
    public var applied: [Applied] = []
    public var counters = Counters()

    public init() {}
}
