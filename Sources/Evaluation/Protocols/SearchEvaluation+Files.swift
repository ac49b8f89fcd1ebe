import Foundation

extension SearchEvaluation {
    /// Reads `id TAB group TAB language TAB query` lines.
    public static func readQueries(path: String) throws(EvaluationError) -> [Query] {
        let file = try LineFile(path: path)
        var (queries, ids): ([Query], Set<String>) = ([], [])
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 4 else {
                throw file.error(
                    number, "holds \(fields.count) fields, not id, group, language and query with tabs between")
            }
            guard !fields[0].isEmpty, !fields[0].contains(" "), !fields[3].isEmpty else {
                throw file.error(number, "has no identifier without blanks, or no query")
            }
            guard ids.insert(fields[0]).inserted else { throw file.error(number, "repeats query '\(fields[0])'") }
            queries.append(Query(id: fields[0], group: fields[1], language: fields[2], text: fields[3]))
        }
        return queries
    }

    /// Reads TREC qrels: `query iteration item grade`, grades from 0 to 31; an empty file is a valid one.
    public static func readJudgements(path: String) throws(EvaluationError) -> Judgements {
        let file = try LineFile(path: path)
        var judgements = Judgements()
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = LineFile.fields(line)
            guard fields.count == 4 else {
                throw file.error(number, "holds \(fields.count) fields, not query, iteration, item and grade")
            }
            guard let grade = Int(fields[3]), (0...RankingMetrics.maximumGrade).contains(grade) else {
                throw file.error(number, "has the grade '\(fields[3])', not a whole number from 0 to 31")
            }
            judgements.set(grade, query: String(fields[0]), item: String(fields[2]))
        }
        return judgements
    }

    /// Writes a TREC run, `query Q0 item rank score tag`, at most `depth` ranks a query.
    ///
    /// - Parameter hits: One list for each query, in their order, best first.
    /// Throws `badRun` if a score rises or is not finite, or an item comes twice.
    public static func writeRun(_ hits: [[Hit]], of queries: [Query], tag: String = "souk", to path: String)
        throws(EvaluationError)
    {
        precondition(hits.count == queries.count, "one list of hits for each query")
        var text = ""
        for (query, list) in zip(queries, hits) {
            let top = list.prefix(depth)
            try RunWriter.check(.init(owner: query.id, items: top.map(\.item)), limit: depth, path: path)
            var previous = Double.infinity
            for (index, hit) in top.enumerated() {
                guard hit.score.isFinite, hit.score <= previous else {
                    throw EvaluationError(
                        .badRun,
                        "Writing \(path), query '\(query.id)': the score at rank \(index + 1) rises or is no number.")
                }
                previous = hit.score
                text += "\(query.id) Q0 \(hit.item) \(index + 1) \(hit.score) \(tag)\n"
            }
        }
        try RunWriter.write(text, to: path)
    }

    /// Reads a TREC run back as the ranked items of each query, refusing ranks and scores that disagree.
    public static func readRun(path: String, of queries: [Query]) throws(EvaluationError) -> [[String]] {
        let file = try LineFile(path: path)
        var rows: [String: [(rank: Int, score: Double, item: String, line: Int)]] = [:]
        try file.forEachLine { number, line throws(EvaluationError) in
            let fields = LineFile.fields(line)
            guard fields.count == 6, let rank = Int(fields[3]), let score = Double(fields[4]), score.isFinite else {
                throw file.error(number, "is not 'query Q0 item rank score tag'")
            }
            rows[String(fields[0]), default: []].append((rank, score, String(fields[2]), number))
        }
        var lists: [[String]] = []
        for query in queries {
            let ranked = (rows[query.id] ?? []).sorted { ($0.rank, $0.line) < ($1.rank, $1.line) }
            for (before, after) in zip(ranked, ranked.dropFirst()) where after.score > before.score {
                throw file.error(after.line, "has a higher score than the rank before it")
            }
            lists.append(ranked.map(\.item))
        }
        return lists
    }
}
