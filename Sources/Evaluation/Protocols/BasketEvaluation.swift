public import JSON

/// The protocol of the next basket: what lies before a cut in, each household's first basket at or after it as the truth.
///
/// Two lists a household: ten of any items, and ten of items that are new to it. Lines that do not count (excluded items,
/// returned pieces) are left out by the caller. A household is scored if it has a line before the cut and one at or after it.
public enum BasketEvaluation {
    public static let cutoff = 10

    /// One bought item.
    public struct Line: Hashable, Sendable {
        /// The caller's dense number of the household.
        public let household: Int32
        /// What the lines of one basket share; unique at least within a household.
        public let basket: Int64
        public let item: Int32
        /// In milliseconds since 1970, UTC.
        public let time: Int64

        public init(household: Int32, basket: Int64, item: Int32, time: Int64) {
            (self.household, self.basket, self.item, self.time) = (household, basket, item, time)
        }
    }

    /// The basket to predict for one household.
    public struct Truth: Hashable, Sendable {
        /// Items of the basket, ascending.
        public let items: [Int32]
        /// Those that the household never bought before the cut, ascending.
        public let newItems: [Int32]
    }

    /// The figures of a run.
    public struct Result: Hashable, Sendable {
        public let households: Int
        public let ndcg: Double
        public let recall: Double
        /// Households whose truth holds new items.
        public let householdsNew: Int
        /// Mean over `householdsNew`; 0 if there is none.
        public let recallNew: Double
        /// One value a scored household, ascending by number: for confidence intervals.
        public let ndcgByHousehold: [Double]
        public let recallByHousehold: [Double]
        public let recallNewByHousehold: [Double]

        /// The result line: `households`, `ndcg@10`, `recall@10`, `households_new`, `recall_new@10`.
        public var json: JSONValue {
            .object([
                .init("households", .integer(Int64(households))), .init("ndcg@10", .number(ndcg)),
                .init("recall@10", .number(recall)), .init("households_new", .integer(Int64(householdsNew))),
                .init("recall_new@10", .number(recallNew)),
            ])
        }
    }

    /// Reads the identifiers to predict for: the first word of each line, so that a truth file serves as well.
    public static func readHouseholds(path: String) throws(EvaluationError) -> [String] {
        let file = try LineFile(path: path)
        var (households, known): ([String], Set<String>) = ([], [])
        try file.forEachLine { number, line throws(EvaluationError) in
            let name = String(LineFile.fields(line)[0])
            guard known.insert(name).inserted else { throw file.error(number, "repeats household '\(name)'") }
            households.append(name)
        }
        guard !households.isEmpty else { throw EvaluationError(.nothingToMeasure, "\(path) names no household.") }
        return households
    }

    /// Returns the truth of every household that has lines on both sides of the cut.
    ///
    /// - Parameter lines: In the order of the log; among lines of the same time the earlier one decides which basket is first.
    /// - Complexity: O(lines · log lines).
    public static func truths(lines: some Sequence<Line>, cut: Int64) -> [Int32: Truth] {
        var seen: [Int32: Set<Int32>] = [:]
        var first: [Int32: (time: Int64, basket: Int64)] = [:]
        var later: [Line] = []
        for line in lines {
            if line.time < cut {
                seen[line.household, default: []].insert(line.item)
            } else {
                later.append(line)
                if let best = first[line.household], best.time <= line.time { continue }
                first[line.household] = (line.time, line.basket)
            }
        }
        var baskets: [Int32: Set<Int32>] = [:]
        for line in later where first[line.household]?.basket == line.basket && seen[line.household] != nil {
            baskets[line.household, default: []].insert(line.item)
        }
        var truths: [Int32: Truth] = [:]
        for (household, items) in baskets {
            let items = items.sorted()
            let past = seen[household] ?? []
            truths[household] = Truth(items: items, newItems: items.filter { !past.contains($0) })
        }
        return truths
    }

    /// Scores lists against the truth; a household without a list gets nothing.
    ///
    /// - Parameter households: Numbers to score, in order; those without a truth are left out.
    /// - Parameter lists: One list a household in the order of `households`; only the first ten items count.
    public static func score(
        households: [Int32], lists: [[Int32]], newLists: [[Int32]], truths: [Int32: Truth]
    ) throws(EvaluationError) -> Result {
        precondition(
            lists.count == households.count && newLists.count == households.count, "one list for each household")
        var (ndcg, recall, recallNew): ([Double], [Double], [Double]) = ([], [], [])
        for (index, household) in households.enumerated() {
            guard let truth = truths[household] else { continue }
            let hits = lists[index].prefix(cutoff).map(Set(truth.items).contains)
            ndcg.append(RankingMetrics.ndcg(hits: hits, relevantCount: truth.items.count, at: cutoff) ?? 0)
            recall.append(RankingMetrics.recall(hits, relevantCount: truth.items.count, at: cutoff) ?? 0)
            let newHits = newLists[index].prefix(cutoff).map(Set(truth.newItems).contains)
            if let value = RankingMetrics.recall(newHits, relevantCount: truth.newItems.count, at: cutoff) {
                recallNew.append(value)
            }
        }
        guard !ndcg.isEmpty else {
            throw EvaluationError(.nothingToMeasure, "No household has purchases on both sides of the cut.")
        }
        return Result(
            households: ndcg.count, ndcg: mean(ndcg), recall: mean(recall), householdsNew: recallNew.count,
            recallNew: recallNew.isEmpty ? 0 : mean(recallNew), ndcgByHousehold: ndcg, recallByHousehold: recall,
            recallNewByHousehold: recallNew)
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }
}
