public import Domain

/// What a search box offers while somebody types.
public struct Suggestions: Hashable, Sendable {
    public struct Query: Hashable, Sendable {
        public let text: String
        public let count: Int
        public init(text: String, count: Int) { (self.text, self.count) = (text, count) }
    }

    public struct Category: Hashable, Sendable {
        public let path: [String]
        public let count: Int
        public init(path: [String], count: Int) { (self.path, self.count) = (path, count) }
    }

    public var queries: [Query] = []
    public var categories: [Category] = []
    public var items: [ItemNumber] = []

    public init() {}
}
