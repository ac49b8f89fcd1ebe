public import JSON

/// The protocol of search: judged queries in, a TREC run and NDCG@10 out. Knows no search engine.
///
/// Gain is 2^grade − 1; a query without results, or without a judged item, counts 0. The run is written before the judgements
/// are looked at, so it cannot depend on them.
public enum SearchEvaluation {
    public static let cutoff = 10
    /// Ranks that a TREC run holds for each query.
    public static let depth = 100

    /// One query as a shopper types it.
    public struct Query: Hashable, Sendable {
        public let id: String
        /// Kind of query, such as `head` or `typo`.
        public let group: String
        /// BCP 47 language of the text.
        public let language: String
        public let text: String

        public init(id: String, group: String, language: String, text: String) {
            (self.id, self.group, self.language, self.text) = (id, group, language, text)
        }
    }

    /// One item that a search found.
    public struct Hit: Hashable, Sendable {
        public let item: String
        /// Finite; hits of one query come in an order in which it never rises.
        public let score: Double
        public init(item: String, score: Double) { (self.item, self.score) = (item, score) }
    }

    /// Grades by query and item: what people judged.
    public struct Judgements: Hashable, Sendable {
        public private(set) var grades: [String: [String: Int]] = [:]
        public init() {}

        public mutating func set(_ grade: Int, query: String, item: String) {
            grades[query, default: [:]][item] = grade
        }
    }

    /// What one query got, in the order of the queries.
    public struct QueryResult: Hashable, Sendable {
        public let query: Query
        public let ndcg: Double
        public let precision: Double
        public let reciprocalRank: Double
        /// AP at the cut-off; 0 where nothing is judged relevant.
        public let averagePrecision: Double
        public let hasResults: Bool
        /// Whether one of the first ten items is among the judged ones.
        public let hasGraded: Bool
    }

    /// The figures of one kind of query.
    public struct Group: Hashable, Sendable {
        public let name: String
        public let queries: Int
        /// Rounded to four decimals.
        public let ndcg: Double
    }

    /// The figures of a run.
    public struct Result: Hashable, Sendable {
        public let queries: [QueryResult]
        public let ndcg: Double
        public let zeroResults: Int
        public let nothingGraded: Int
        /// Mean NDCG@10 by group, ascending by name.
        public let groups: [Group]

        /// The result line: `queries`, `ndcg@10`, `zero_results`, `nothing_graded`, `groups`.
        public var json: JSONValue {
            .object([
                .init("queries", .integer(Int64(queries.count))), .init("ndcg@10", .number(ndcg)),
                .init("zero_results", .integer(Int64(zeroResults))),
                .init("nothing_graded", .integer(Int64(nothingGraded))),
                .init("groups", .object(groups.map { .init($0.name, .number($0.ndcg)) })),
            ])
        }
    }
}
