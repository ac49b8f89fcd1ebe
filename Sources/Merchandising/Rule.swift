public import Domain

/// What a merchandiser wants to happen with searches that meet some conditions.
public struct Rule: Hashable, Sendable {
    public static let maximumActions = 100

    /// 1 to 64 letters, digits, `-` and `_`; unique within a book.
    public var id: String
    /// For people: why the rule is there.
    public var note = ""
    public var isEnabled = true
    /// Of two rules that disagree, the one with the larger number wins; then the one that stands earlier.
    public var priority = 0
    public var conditions = Conditions()
    public var actions: [Action] = []
    public var pinMode = PinMode.relevanceOnly

    public init(id: String, actions: [Action] = []) { (self.id, self.actions) = (id, actions) }

    /// How pins act when the shopper sorts or filters.
    public enum PinMode: String, Sendable, CaseIterable {
        /// At its place, whatever the shopper sorts or filters by.
        case keep
        /// At its place under every order, but only if the item passes the shopper's filters.
        case onlyIfMatching = "only_if_matching"
        /// At its place by relevance alone, if the item passes the filters; another order puts it where it belongs.
        case relevanceOnly = "relevance_only"
    }
}

/// When a rule applies: all of them must hold, an absent one always does.
public struct Conditions: Hashable, Sendable {
    public enum QueryMatch: Hashable, Sendable {
        /// The whole query, folded.
        case exact(String)
        /// These words next to each other, folded.
        case contains(String)
        /// A pattern over the whole folded query: `*` stands for any text, `?` for one character.
        case pattern(Pattern)
    }

    public var query: QueryMatch?
    /// The category that the shopper looks at, or a wider one: `Grocery > Frozen`.
    public var category: String?
    /// Filters that the shopper must have chosen, by field.
    public var filters: [String: Set<String>] = [:]
    /// One of these groups of shoppers, as the request names it.
    public var segments: Set<String> = []
    public var markets: Set<String> = []
    /// From this moment on.
    public var start: Timestamp?
    /// Before this moment.
    public var end: Timestamp?

    public init() {}
}

/// What a rule does.
public enum Action: Hashable, Sendable {
    /// Puts an item at a place, from 1, whether or not the query finds it.
    case pin(ItemID, position: Int)
    case hide(Target)
    /// Multiplies scores: above 1 to boost, below 1 to bury.
    case weigh(Target, factor: Double)
    /// Keeps only items with one of the values.
    case filter(field: String, values: [String])
    /// Searches for something else; with `phrase`, only those words of the query are replaced.
    case replace(phrase: String?, with: String)
    /// Sends the shopper to a page.
    case redirect(String)
    case banner(Banner)
}

/// Which items an action means.
public enum Target: Hashable, Sendable {
    case items([ItemID])
    case field(String, values: [String])
}

/// What the storefront shows above the results.
public struct Banner: Hashable, Sendable {
    public var text: String
    public var link: String
    public var imageLink: String

    public init(text: String, link: String = "", imageLink: String = "") {
        (self.text, self.link, self.imageLink) = (text, link, imageLink)
    }
}

/// Words that mean the same to this shop.
public struct Synonym: Hashable, Sendable {
    public var id: String
    /// One way: a query with one of these also finds `to`. Empty if all words of `to` stand for each other.
    public var from: [String]
    public var to: [String]

    public init(id: String, from: [String] = [], to: [String]) { (self.id, self.from, self.to) = (id, from, to) }
}
