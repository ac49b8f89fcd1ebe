import Domain
import Evaluation
import Meaning
import SearchIndex
import Storage

extension Workbench {
    /// Measures ways to join words and meaning on judged queries, by cross-validation over the queries.
    ///
    /// - Returns: A table for people, and the result as one line of JSON.
    public func evaluateFusion(
        queries path: String, qrels: String, progress: (Int, Int) -> Void
    ) throws -> (table: String, json: String) {
        let report = try fusionTask(queries: path, qrels: qrels, usesLists: true).report(progress: progress)
        return (report.table, report.json)
    }

    /// The folders of learned fusions, below `models/`.
    var fusionFolder: String { "\(folder.modelsFolder)/\(FusionModel.kind)" }

    /// A fusion that needs no queries to learn from: the shop's own without a setting, the usual one where each query has its own.
    func fixed(_ setting: FusionSetting?) throws -> Fusion {
        switch setting {
        case .fixed(let fusion)?: return fusion
        case .learned?: return .additive()
        case nil:
            let newest = try versions(in: fusionFolder).last.map { "models/\(FusionModel.kind)/\($0)" }
            return try FusionModel.fusion(of: config, learned: newest, in: folder)
        }
    }

    /// Learns what the parts of a fusion weigh into `models/fusion/N`, for shops whose `config.json` asks for `learned`.
    ///
    /// - Parameters:
    ///   - queries: Judged queries with `qrels`; `nil` takes the shop's own in `judgements/`, or else what shoppers chose.
    ///   - includesSynthetic: Whether choices that `souk simulate` made count.
    ///   - allowsWorse: Whether weights are kept that do worse than the shipped ones on queries that they were not learned from.
    /// - Returns: What was learned, for people.
    /// - Throws: `worse`; `unusable` for too few queries; `missing` without vectors.
    public func learnFusion(
        queries path: String?, qrels: String?, includesSynthetic: Bool, allowsWorse: Bool
    ) throws -> String {
        let own = (folder.path + "/judgements/queries.tsv", folder.path + "/judgements/qrels.txt")
        let task: FusionTask
        let source: String
        if let path, let qrels {
            (task, source) = (try fusionTask(queries: path, qrels: qrels, usesLists: true), "judgements")
        } else if FileSystem.exists(own.0), FileSystem.exists(own.1) {
            (task, source) = (try fusionTask(queries: own.0, qrels: own.1, usesLists: true), "judgements")
        } else {
            task = try fusionTask(usesLists: true, judged: try clicked(includesSynthetic))
            source = includesSynthetic ? "clicks, synthetic ones among them" : "clicks"
        }
        let learned = task.learned()
        guard
            let difference = PairedBootstrap.interval(candidate: learned.ndcg, baseline: learned.shipped),
            let pValue = PairedPermutationTest.pValue(candidate: learned.ndcg, baseline: learned.shipped)
        else { throw LearningError(.unusable, "There are no queries to learn from.") }
        let words = FusionReport.words(difference, pValue, queries: learned.ndcg.count)
        guard allowsWorse || difference.mean >= 0 else {
            throw LearningError(
                .worse, "The learned fusion is not kept: \(words). Give --allow-worse to keep it all the same.")
        }
        try FileSystem.makeFolder(fusionFolder)
        let target = "\(fusionFolder)/\(try nextVersion(in: fusionFolder))"
        try FusionModel.save(
            learned.weights, to: target,
            metrics: [
                "queries": Double(learned.ndcg.count), "difference": difference.mean, "lower": difference.lower,
                "upper": difference.upper, "p_value": pValue,
            ], inputs: ["learned_from": source])
        return "\(target) from \(source): \(words)"
    }

    /// What shoppers chose among what they were shown.
    private func clicked(_ includesSynthetic: Bool) throws -> [FusionTask.Judged] {
        try ClickJudgements(store, includesSynthetic: includesSynthetic).graded.map { query, grades in
            let named = Dictionary(uniqueKeysWithValues: grades.map { ($0.key.rawValue, $0.value) })
            return FusionTask.Judged(
                text: query, grades: try numbered(named), judged: Array(grades.values), isPartial: true)
        }
    }

    func fusionTask(queries path: String, qrels: String, usesLists: Bool) throws -> FusionTask {
        let queries = try SearchEvaluation.readQueries(path: path)
        let judgements = try SearchEvaluation.readJudgements(path: qrels)
        return try fusionTask(
            usesLists: usesLists,
            judged: try queries.map { query in
                let grades = judgements.grades[query.id] ?? [:]
                return FusionTask.Judged(text: query.text, grades: try numbered(grades), judged: Array(grades.values))
            })
    }

    private func fusionTask(usesLists: Bool, judged: [FusionTask.Judged]) throws -> FusionTask {
        let search = try NewestSearch(self, usesLists: usesLists)
        guard search.hasMeaning else {
            throw LearningError(
                .missing, "The shop has no vectors, so there is nothing to join: run `souk index` with an encoder.")
        }
        return try FusionTask(search, queries: judged)
    }

    private func numbered(_ grades: [String: Int]) throws -> [ItemNumber: Int] {
        let ids = grades.keys.compactMap { ItemID($0) }
        return Dictionary(
            uniqueKeysWithValues: try store.numbers(of: ids).map { ($0.value, grades[$0.key.rawValue] ?? 0) })
    }
}
