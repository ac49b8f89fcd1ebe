public import Domain
import Evaluation
import Features
import Foundation
import JSON
import Meaning
import Recommenders
import SearchIndex
import Storage

extension Workbench {
    /// Runs every query, writes the TREC run, and only then reads the judgements and scores it.
    ///
    /// - Parameter usesLists: Whether stop words and the phrases that are understood, which people wrote, take part.
    /// - Parameter usesMeaning: Whether items join whose texts mean something near, if the shop has vectors.
    /// - Parameter reranker: A folder of `souk-train cross-encoder` that puts the first `depth` in order; none for `nil`.
    /// - Parameter other: A run of the same queries that this one is compared with.
    /// - Returns: The result as one line of JSON.
    public func evaluateSearch(
        queries path: String, qrels: String, run: String, comparedWith other: String? = nil, report: String?,
        usesLists: Bool = true, usesMeaning: Bool = true, reranker: String? = nil, depth: Int? = nil,
        progress: (Int, Int) -> Void
    ) throws -> String {
        let queries = try SearchEvaluation.readQueries(path: path)
        let reranking = try reranker.map {
            NewestSearch.Reranking(reranker: try PairReranker(artefact: $0), depth: depth ?? PairReranker.usualDepth)
        }
        let search = try NewestSearch(self, usesLists: usesLists, usesMeaning: usesMeaning, reranking: reranking)
        var lists: [[SearchEvaluation.Hit]] = []
        for query in queries {
            let hits = try search.hits(query.text, limit: SearchEvaluation.depth)
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

    /// Predicts each household's first basket at or after `cut` from what lies before it, and scores the prediction.
    ///
    /// Models are trained here, on events before the cut alone; the truth is read after both runs are written.
    /// - Parameter users: A file whose lines begin with the caller's identifiers, written back as they are; without it,
    ///   everybody who bought before the cut is predicted for, by pseudonym.
    /// - Parameter parameters: What is not as shipped.
    /// - Parameter windows: How many cuts a report measures: this one, and earlier ones that lie four weeks apart.
    public func evaluateBaskets(
        cut: Timestamp, users: String?, run: String, runNew: String, model: String?, parameters: ParameterFile? = nil,
        report: String?, windows: Int = 1, progress: (Int, Int) -> Void
    ) throws -> String {
        let set = try trainingSet(before: cut, for: [model].compactMap(\.self))
        if let end = set.log.end, end >= cut {
            throw LearningError(.unusable, "The training part reaches beyond the cut: the figures would be worthless.")
        }
        let people = try people(named: users, in: set.log)
        let names = people.map(\.name)
        let predictor = try BasketPredictor(model: model, set: set, parameters: parameters)
        let lists = predictBaskets(people, set: set, by: predictor, progress: progress)
        try write(lists.any, of: names, to: run)
        try write(lists.new, of: names, to: runNew)
        let lines = try basketLines(facts: set.facts)
        let truths = BasketEvaluation.truths(lines: lines, cut: cut.milliseconds)
        let result = try BasketEvaluation.score(
            households: lists.numbers, lists: lists.any.map { $0.map { Int32($0.rawValue) } },
            newLists: lists.new.map { $0.map { Int32($0.rawValue) } }, truths: truths)
        if let report {
            var details = try basketDetails(
                lists, people, set: set, predictor: predictor, truths: truths, result: result)
            let earlier = try basketWindows(
                before: cut, count: windows - 1, users: users, model: model, parameters: parameters, lines: lines)
            if !earlier.isEmpty { details.windows = WindowReport(windows: earlier + [.init(cut: cut, result: result)]) }
            try EvaluationReports.baskets(result, cut: cut, details: details).write(to: report)
        }
        return JSONLine.text(result.json)
    }

    struct BasketLists {
        /// User numbers; -1 for identifiers that the shop does not know.
        var numbers: [Int32] = []
        var any: [[ItemNumber]] = []
        var new: [[ItemNumber]] = []
    }

    typealias Person = (name: String, number: UserNumber?)

    func people(named path: String?, in log: InteractionLog) throws -> [Person] {
        if let path {
            return try BasketEvaluation.readHouseholds(path: path).map { name in
                (name, try store.userNumber(of: pseudonymiser.pseudonym(of: name)))
            }
        }
        return try (0..<log.userLimit).compactMap { index in
            let number = UserNumber(UInt32(index))
            guard !log.range(of: number).isEmpty, let pseudonym = try store.pseudonym(of: number) else { return nil }
            return (pseudonym.rawValue, number)
        }
    }

    func predictBaskets(
        _ people: [Person], set: TrainingSet, by predictor: BasketPredictor, progress: (Int, Int) -> Void
    ) -> BasketLists {
        var lists = BasketLists()
        for (_, user) in people {
            lists.numbers.append(user.map { Int32(bitPattern: $0.rawValue) } ?? -1)
            let context = set.context(of: user)
            lists.any.append(predictor.any(context))
            lists.new.append(predictor.new(context))
            if lists.numbers.count % 50 == 0 { progress(lists.numbers.count, people.count) }
        }
        return lists
    }

    private func write(_ lists: [[ItemNumber]], of names: [String], to path: String) throws {
        let wanted = Array(Set(lists.flatMap(\.self)))
        var ids: [ItemNumber: String] = [:]
        for item in try store.items(wanted) { ids[item.number] = item.item.id.rawValue }
        let rows = zip(names, lists).map { name, list in
            RunWriter.Row(owner: name, items: list.compactMap { ids[$0] })
        }
        try RunWriter.writeTopTen(rows, to: path)
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
