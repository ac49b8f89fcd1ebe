import Domain
import Evaluation
import Features
import Foundation
import JSON
import Meaning
import Recommenders
public import SearchIndex
import Storage

extension Workbench {
    /// Runs every query, writes the TREC run, and only then reads the judgements and scores it.
    ///
    /// - Parameter usesLists: Whether stop words and the phrases that are understood, which people wrote, take part.
    /// - Parameter usesMeaning: Whether items join whose texts mean something near, if the shop has vectors.
    /// - Parameter fusion: How words and meaning are joined; the shop's way if left out. `learned` answers each query with weights that
    ///   other queries taught.
    /// - Parameter reranker: A folder of `souk-train cross-encoder` that puts the first `depth` in order; none for `nil`.
    /// - Parameter other: A run of the same queries that this one is compared with.
    /// - Returns: The result as one line of JSON.
    public func evaluateSearch(
        queries path: String, qrels: String, run: String, comparedWith other: String? = nil, report: String?,
        usesLists: Bool = true, usesMeaning: Bool = true, fusion: FusionSetting? = nil, reranker: String? = nil,
        depth: Int? = nil,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let queries = try SearchEvaluation.readQueries(path: path)
        let reranking = try reranker.map {
            NewestSearch.Reranking(reranker: try PairReranker(artefact: $0), depth: depth ?? PairReranker.usualDepth)
        }
        let search = try NewestSearch(
            self, usesLists: usesLists, usesMeaning: usesMeaning, reranking: reranking, fusion: try fixed(fusion))
        let learned =
            fusion == .learned && usesMeaning
            ? try fusionTask(queries: path, qrels: qrels, usesLists: usesLists).crossLearned() : nil
        var lists: [[SearchEvaluation.Hit]] = []
        for (number, query) in queries.enumerated() {
            let hits = try search.hits(query.text, limit: SearchEvaluation.depth, fusion: learned?[number])
            let items = try store.items(hits.map(\.number))
            let names = Dictionary(
                items.map { ($0.number, $0.item.id.rawValue) }, uniquingKeysWith: { first, _ in first })
            lists.append(
                hits.compactMap { hit in names[hit.number].map { SearchEvaluation.Hit(item: $0, score: hit.score) } })
            progress(lists.count, queries.count)
        }
        try SearchEvaluation.writeRun(lists, of: queries, to: run)
        let judgements = try SearchEvaluation.readJudgements(path: qrels)
        let result = try SearchEvaluation.score(
            lists.map { $0.prefix(SearchEvaluation.cutoff).map(\.item) }, of: queries, judgements: judgements)
        let comparison = try other.map { try compare(result, withRun: $0, of: queries, judgements) }
        if let report {
            try EvaluationReports.search(result, comparison, shop: config.title).write(to: report)
        }
        guard let comparison else { return JSONLine.text(result.json) }
        return JSONLine.text(.object((result.json.objectValue ?? []) + [.init("compared", comparison.json)]))
    }

    private func compare(
        _ result: SearchEvaluation.Result, withRun path: String, of queries: [SearchEvaluation.Query],
        _ judgements: SearchEvaluation.Judgements
    ) throws -> SearchEvaluation.Comparison {
        let lists = try SearchEvaluation.readRun(path: path, of: queries)
        guard lists.contains(where: { !$0.isEmpty }) else {
            throw LearningError(.unusable, "\(path) holds none of these queries: give a run of the same ones.")
        }
        let baseline = try SearchEvaluation.score(
            lists.map { Array($0.prefix(SearchEvaluation.cutoff)) }, of: queries, judgements: judgements)
        return try SearchEvaluation.Comparison(result, beside: baseline)
    }

    /// Opens the newest index, published or not.
    func newestIndex() throws -> SearchEngine {
        guard let version = try versions(in: folder.indexFolder).last else {
            throw LearningError(.missing, "There is no index yet: run `souk index --shop \(folder.path)`.")
        }
        return try SearchEngine(folder: "\(folder.indexFolder)/\(version)", language: config.language)
    }

    /// Every purchase line that counts, before and after the cut: for the truth alone.
    func basketLines(facts: ItemFacts) throws -> [BasketEvaluation.Line] {
        var lines: [BasketEvaluation.Line] = []
        let filter = EventFilter(names: [.purchase], includesSynthetic: false)
        try store.forEachInteraction(filter) { row in
            guard let user = row.user, row.quantity > 0, !facts.excluded.contains(row.item) else { return }
            lines.append(
                BasketEvaluation.Line(
                    household: Int32(bitPattern: user.rawValue), basket: row.sequence,
                    item: Int32(bitPattern: row.item.rawValue), time: row.time.milliseconds))
        }
        return lines
    }
}
