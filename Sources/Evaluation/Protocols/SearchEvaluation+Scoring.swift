import Foundation

extension SearchEvaluation {
    /// Scores ranked items against judgements.
    ///
    /// - Parameter ranked: Items of each query in the order of `queries`, best first; only the first ten count.
    /// - Returns: Means over all queries. Sums in the order of queries within a group, groups in order of appearance.
    public static func score(_ ranked: [[String]], of queries: [Query], judgements: Judgements)
        throws(EvaluationError) -> Result
    {
        precondition(ranked.count == queries.count, "one list of items for each query")
        guard !queries.isEmpty else { throw EvaluationError(.nothingToMeasure, "There are no queries to score.") }
        var (results, names): ([QueryResult], [String]) = ([], [])
        var values: [String: [Double]] = [:]
        for (query, items) in zip(queries, ranked) {
            let top = Array(items.prefix(cutoff))
            guard Set(top).count == top.count else {
                throw EvaluationError(.badRun, "Query '\(query.id)': an item is listed twice.")
            }
            let result = score(top, of: query, grades: judgements.grades[query.id] ?? [:])
            if values[query.group] == nil { names.append(query.group) }
            values[query.group, default: []].append(result.ndcg)
            results.append(result)
        }
        let all = names.flatMap { values[$0] ?? [] }
        return Result(
            queries: results, ndcg: mean(all), zeroResults: results.count { !$0.hasResults },
            nothingGraded: results.count { !$0.hasGraded },
            groups: names.sorted { $0.unicodeScalars.lexicographicallyPrecedes($1.unicodeScalars) }.map { name in
                let group = values[name] ?? []
                return Group(name: name, queries: group.count, ndcg: roundedToFourDecimals(mean(group)))
            })
    }

    private static func score(_ top: [String], of query: Query, grades: [String: Int]) -> QueryResult {
        let found = top.map { grades[$0] ?? 0 }
        let hits = found.map { $0 > 0 }
        let relevant = grades.values.count { $0 > 0 }
        return QueryResult(
            query: query, ndcg: RankingMetrics.ndcg(grades: found, judged: Array(grades.values), at: cutoff) ?? 0,
            precision: RankingMetrics.precision(hits, at: cutoff),
            reciprocalRank: RankingMetrics.reciprocalRank(hits, at: cutoff),
            averagePrecision: RankingMetrics.averagePrecision(hits, relevantCount: relevant, at: cutoff) ?? 0,
            hasResults: !top.isEmpty, hasGraded: top.contains { grades[$0] != nil })
    }

    private static func mean(_ values: [Double]) -> Double { values.reduce(0, +) / Double(values.count) }

    /// Rounds the exact decimal value, ties to even, as C's and Python's formatting do.
    private static func roundedToFourDecimals(_ value: Double) -> Double {
        Double(String(format: "%.4f", value)) ?? value
    }
}
