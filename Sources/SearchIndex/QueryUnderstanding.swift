/// What a query says beside the words to look for: prices, sizes, an order, what is not wanted.
///
/// Each part is shown to the shopper with the text that it came from, and is taken as plain words if a request ignores it.
public struct QueryUnderstanding: Hashable, Sendable {
    public enum Meaning: Hashable, Sendable {
        /// In minor units; either end may be open.
        case price(lowest: Int64?, highest: Int64?)
        /// Items of this size, in any of the wordings that the catalogue has for it, come first.
        case size(wordings: [String])
        case value(field: String, value: String)
        /// Items that say they are without it, or if none does, items that do not mention it.
        case without(word: String, wordings: [String])
        case order(SearchRequest.Sort)
    }

    public struct Part: Hashable, Sendable {
        /// What a request names to ignore the part; unique among the parts of a query.
        public let id: String
        /// As it stands in the query.
        public let text: String
        public let meaning: Meaning

        public init(id: String, text: String, meaning: Meaning) {
            (self.id, self.text, self.meaning) = (id, text, meaning)
        }

        /// `price`, `size`, `value`, `without` or `order`.
        public var kind: String {
            switch meaning {
            case .price: "price"
            case .size: "size"
            case .value: "value"
            case .without: "without"
            case .order: "order"
            }
        }
    }

    /// In the order of the query.
    public var parts: [Part] = []
    /// The words that are left.
    public var words = ""

    public init() {}
}
