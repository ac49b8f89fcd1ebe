/// What a shopper asks the search for.
public struct SearchRequest: Hashable, Sendable {
    /// How many hits deep paging may go: `page * perPage` never exceeds it.
    public static let maximumDepth = 10_000
    /// Longer queries are cut here before they are analysed.
    public static let maximumQueryBytes = 512

    public enum Sort: String, Sendable, CaseIterable {
        case relevance
        case priceAscending = "price_asc"
        case priceDescending = "price_desc"
        case popularity, title, newest
    }

    /// Values of one field, any of which an item must have; fields are AND-ed.
    ///
    /// Fields: `category` (a path such as `Grocery > Frozen`, or the name of any level), `brand`, any attribute.
    public struct Filter: Hashable, Sendable {
        public var field: String
        public var values: [String]
        public init(field: String, values: [String]) { (self.field, self.values) = (field, values) }
    }

    /// A closed range of one of `Item.numbers`; items without that number do not match.
    public struct NumberRange: Hashable, Sendable {
        public var field: String
        public var minimum: Double?
        public var maximum: Double?
        public init(field: String, minimum: Double?, maximum: Double?) {
            (self.field, self.minimum, self.maximum) = (field, minimum, maximum)
        }
    }

    /// Empty finds every item, the most popular first.
    public var query: String
    public var page = 1
    public var perPage = 24
    public var sort = Sort.relevance
    public var filters: [Filter] = []
    public var numberRanges: [NumberRange] = []
    /// Bounds on the price now, in minor units; items without a price do not match.
    public var minimumPrice: Int64?
    public var maximumPrice: Int64?
    public var onlyInStock = false
    /// Fields to count: `category`, `brand`, any attribute.
    public var facets: [String] = []
    /// How many values of a facet are returned, the most frequent first.
    public var facetLimit = 20
    /// Whether the last word may be unfinished, for search as you type.
    public var completesLastWord = false

    public init(query: String) { self.query = query }
}
