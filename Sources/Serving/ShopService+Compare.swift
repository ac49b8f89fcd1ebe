import Domain
import Evaluation
public import Merchandising
public import SearchIndex
import Storage

/// One way to search, to be compared with another.
public struct SearchConfiguration: Sendable {
    public enum Rules: Sendable {
        case none, published
        case draft(RuleBook)
    }

    public var rules = Rules.published
    /// Whether words may be read as words near them.
    public var correctsTypos = true
    public var language: String?
    /// Whether items join by what their texts mean.
    public var usesMeaning = true
    /// How words and meaning become one score; `nil` for the shop's way.
    public var fusion: FusionSetting?
    public init() {}
}

/// What two configurations make of a set of queries.
public struct SearchComparison: Sendable {
    public struct Query: Sendable {
        public let text: String
        public let totals: [Int]
        /// How many of the first ten are the same.
        public let shared: Int
        /// NDCG@10 of each by judgements; `nil` where nobody judged the query.
        public let judged: [Double]?
        /// Share of clicks on the first ten, a click counting 1 / rank; `nil` without clicks.
        public let clicked: [Double]?
    }

    /// A measure over the queries that have it, with a paired test of the difference.
    public struct Measure: Sendable {
        public let name: String
        public let queries: Int
        public let means: [Double]
        /// Of the second less the first; bootstrap over queries, 95 %.
        public let lowest: Double
        public let highest: Double
        /// Of a paired permutation test.
        public let pValue: Double
    }

    public let queries: [Query]
    public let measures: [Measure]
    /// Whether clicks of simulated visitors counted.
    public let isSynthetic: Bool
}

extension ShopService {
    /// How many queries are compared at most, and how many of the log's are taken where none are named.
    public static let maximumCompared = 500
    private static let comparedOfLog = 100
    private static let comparedDepth = 10

    /// Searches for every query in two ways, and measures them by judgements and by clicks.
    ///
    /// Judgements are `judgements/queries.tsv` and `judgements/qrels.txt` in the shop's folder, as `souk evaluate search` reads
    /// them. Clicks were made on what was shown then, so they favour the configuration that was in force.
    /// - Parameter texts: If empty, the queries that are judged and the most frequent ones of the log.
    /// - Complexity: Two searches a query, and one pass over the log's clicks.
    public func compare(
        _ first: SearchConfiguration, _ second: SearchConfiguration, queries texts: [String], includesSynthetic: Bool
    ) throws -> SearchComparison {
        let judgements = try judgements()
        let chosen = texts.isEmpty ? chosenQueries(judgements) : texts
        let clicks = try clicks(of: Set(chosen.map { $0.lowercased() }), includesSynthetic: includesSynthetic)
        let snapshot = try snapshot()
        let sides = [(first, matcher(first)), (second, matcher(second))]
        let found = try chosen.prefix(Self.maximumCompared).map { text in
            let answers = try sides.map { try answer(call(text, $0.0), snapshot, $0.1) }
            let lists = answers.map { $0.entries.map(\.card.item.id) }
            return SearchComparison.Query(
                text: text, totals: answers.map(\.hits.total), shared: Set(lists[0]).intersection(lists[1]).count,
                judged: judgements[text.lowercased()].map { grades in lists.map { Self.ndcg($0, grades) } },
                clicked: clicks[text.lowercased()].map { counts in lists.map { Self.clickShare($0, counts) } })
        }
        let measures = [
            Self.measure("ndcg@10", found.compactMap(\.judged)), Self.measure("clicks@10", found.compactMap(\.clicked)),
            Self.measure("found", found.map { query in query.totals.map { $0 > 0 ? 1 : 0 } }),
        ]
        return SearchComparison(
            queries: found, measures: measures.compactMap(\.self), isSynthetic: includesSynthetic && !clicks.isEmpty)
    }

    private func call(_ text: String, _ configuration: SearchConfiguration) -> SearchCall {
        var call = SearchCall()
        (call.query, call.limit, call.language) = (text, Self.comparedDepth, configuration.language)
        call.correctsTypos = configuration.correctsTypos
        call.usesMeaning = configuration.correctsTypos && configuration.usesMeaning
        call.fusion = configuration.fusion
        if case .none = configuration.rules { call.ignoresRules = true }
        return call
    }

    private func matcher(_ configuration: SearchConfiguration) -> RuleMatcher {
        if case .draft(let book) = configuration.rules { return RuleMatcher(book) }
        return rules.matcher
    }

    /// Grades by query, lower case, and item; empty without files.
    private func judgements() throws -> [String: [String: Int]] {
        let (queries, grades) = (folder.path + "/judgements/queries.tsv", folder.path + "/judgements/qrels.txt")
        guard FileSystem.exists(queries), FileSystem.exists(grades) else { return [:] }
        let judged = try SearchEvaluation.readJudgements(path: grades).grades
        return try SearchEvaluation.readQueries(path: queries).reduce(into: [:]) { known, query in
            if let grades = judged[query.id] { known[query.text.lowercased()] = grades }
        }
    }

    private func chosenQueries(_ judgements: [String: [String: Int]]) -> [String] {
        var seen: Set<String> = []
        let asked = queries.list(.top, limit: Self.comparedOfLog).map(\.query)
        return (judgements.keys.sorted() + asked).filter { seen.insert($0.lowercased()).inserted }
    }

    /// How often each item was chosen after a query.
    private func clicks(of wanted: Set<String>, includesSynthetic: Bool) throws -> [String: [ItemID: Int]] {
        var clicks: [String: [ItemID: Int]] = [:]
        let filter = EventFilter(names: [.selectItem, .addToCart], includesSynthetic: includesSynthetic)
        try store.forEachEvent(filter) { logged in
            guard let query = logged.event.query?.lowercased(), wanted.contains(query) else { return }
            for item in logged.event.items { clicks[query, default: [:]][item.item, default: 0] += 1 }
        }
        return clicks
    }

    private static func ndcg(_ list: [ItemID], _ grades: [String: Int]) -> Double {
        RankingMetrics.ndcg(
            grades: list.map { grades[$0.rawValue] ?? 0 }, judged: Array(grades.values), at: comparedDepth) ?? 0
    }

    private static func clickShare(_ list: [ItemID], _ counts: [ItemID: Int]) -> Double {
        let all = counts.values.reduce(0, +)
        let gained = list.prefix(comparedDepth).enumerated().reduce(0.0) { sum, entry in
            sum + Double(counts[entry.element] ?? 0) / Double(entry.offset + 1)
        }
        return all > 0 ? gained / Double(all) : 0
    }

    /// `nil` without values. Each holds one value a configuration.
    private static func measure(_ name: String, _ values: [[Double]]) -> SearchComparison.Measure? {
        let (first, second) = (values.map { $0[0] }, values.map { $0[1] })
        guard let interval = PairedBootstrap.interval(candidate: second, baseline: first),
            let pValue = PairedPermutationTest.pValue(candidate: second, baseline: first)
        else { return nil }
        let count = Double(values.count)
        return SearchComparison.Measure(
            name: name, queries: values.count, means: [first, second].map { $0.reduce(0, +) / count },
            lowest: interval.lower, highest: interval.upper, pValue: pValue)
    }
}
