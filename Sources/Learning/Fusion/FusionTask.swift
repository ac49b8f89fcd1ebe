import Domain
import Evaluation
import Numerics
import SearchIndex
import Storage

/// Measures ways to join words and meaning on judged queries, each query with what the other queries chose.
struct FusionTask {
    static let folds = 10
    static let repetitions = 5
    /// So many come first by each part that items are learned from.
    private static let learnedDepth = 60
    /// So many where only some items are graded.
    private static let partialDepth = 1000
    /// Fewer judged queries teach nothing.
    static let fewestQueries = 20

    /// The settings that each family chooses among, the usual one first.
    private static let families: [(name: String, settings: [Fusion])] = [
        ("additive", [0.3, 0.1, 0.2, 0.4, 0.5, 0.7, 1].map { .additive(share: $0) }),
        ("rrf", [60, 1, 5, 10, 20, 40, 100, 200].map { .reciprocalRank(constant: $0) }),
        ("convex", [0.5, 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, 0.8, 0.9].map { .convex(weight: $0) }),
    ]

    /// One judged query, ready to be run.
    struct Judged {
        let text: String
        let grades: [ItemNumber: Int]
        /// All grades, also of items that the shop lacks.
        let judged: [Int]
        /// Whether only graded items are told apart: of the others nobody knows whether they would have been chosen.
        var isPartial = false
    }

    /// One of them, ready to be run.
    private struct Prepared {
        let search: PreparedSearch
        let query: Judged
    }

    private let offers: OfferColumns
    private let queries: [Prepared]

    /// - Throws: `unusable` for fewer queries than teach anything.
    init(_ search: NewestSearch, queries: [Judged]) throws {
        guard queries.count >= Self.fewestQueries else {
            throw LearningError(
                .unusable,
                "There are \(queries.count) judged queries; choosing between fusions takes \(Self.fewestQueries).")
        }
        offers = search.offers
        self.queries = try queries.map { query in
            // Where only some items are known, they are looked for further down.
            let depth = query.isPartial ? Self.partialDepth : SearchEvaluation.cutoff
            return Prepared(search: try search.prepared(query.text, limit: depth), query: query)
        }
    }

    private func ndcg(_ prepared: Prepared, _ fusion: Fusion?) -> Double {
        var search = prepared.search
        let query = prepared.query
        if let fusion { search.fusion = fusion } else { search.neighbours = nil }
        let hits = search.run(offers: offers).hits
        let found =
            query.isPartial ? hits.compactMap { query.grades[$0.number] } : hits.map { query.grades[$0.number] ?? 0 }
        return RankingMetrics.ndcg(
            grades: Array(found.prefix(SearchEvaluation.cutoff)), judged: query.judged, at: SearchEvaluation.cutoff)
            ?? 0
    }

    /// What a learner sees of each query; read once.
    private func examples() -> [FusionLearner.Example] {
        queries.map { query in
            let (own, depth) = (query.query, query.query.isPartial ? Self.partialDepth : Self.learnedDepth)
            let parts = query.search.fusionParts(first: depth, offers: offers).filter {
                !own.isPartial || own.grades[$0.item] != nil
            }
            return FusionLearner.Example(
                parts: parts.map(\.parts), grades: parts.map { own.grades[$0.item] ?? 0 }, judged: own.judged)
        }
    }

    /// - Parameter progress: How many of the steps are done.
    func report(progress: (Int, Int) -> Void) -> FusionReport {
        let steps = Self.families.count + 1 + Self.repetitions
        var done = 0
        func step() {
            done += 1
            progress(done, steps)
        }
        let words = queries.map { ndcg($0, nil) }
        var rows = [FusionReport.Row(name: "words alone", setting: "", ndcg: words)]
        var measured: [[[Double]]] = []
        for family in Self.families {
            measured.append(family.settings.map { setting in queries.map { ndcg($0, setting) } })
            step()
        }
        for (family, table) in zip(Self.families, measured) {
            rows.append(.init(name: "\(FusionSetting.fixed(family.settings[0]))", setting: "fixed", ndcg: table[0]))
        }
        let examples = examples()
        step()
        let all = Array(queries.indices)
        var held = [[Double]](repeating: [Double](repeating: 0, count: queries.count), count: Self.families.count + 1)
        for repetition in 0..<Self.repetitions {
            for fold in folds(seed: UInt64(repetition + 1)) {
                let others = Set(fold)
                let training = all.filter { !others.contains($0) }
                for (family, table) in measured.enumerated() {
                    let best = Self.best(table, of: training)
                    for query in fold { held[family][query] += table[best][query] / Double(Self.repetitions) }
                }
                let fusion = Fusion.learned(FusionLearner.weights(training.map { examples[$0] }))
                for query in fold {
                    held[measured.count][query] += ndcg(queries[query], fusion) / Double(Self.repetitions)
                }
            }
            step()
        }
        for (number, family) in Self.families.enumerated() {
            let best = family.settings[Self.best(measured[number], of: all)]
            rows.append(
                .init(name: "\(family.name), chosen", setting: "\(FusionSetting.fixed(best))", ndcg: held[number]))
        }
        let weights = FusionLearner.weights(examples).list.map { "\(Double(($0 * 1000).rounded()) / 1000)" }
        rows.append(.init(name: "learned", setting: weights.joined(separator: " "), ndcg: held[measured.count]))
        return FusionReport(rows: rows, folds: Self.folds, repetitions: Self.repetitions)
    }

    /// What all queries teach, and how it does on queries that it was not learned from: NDCG@10 of the learned and of the shipped way.
    func learned() -> (weights: Fusion.Weights, ndcg: [Double], shipped: [Double]) {
        let fusions = crossLearned()
        return (
            FusionLearner.weights(examples()), queries.indices.map { ndcg(queries[$0], fusions[$0]) },
            queries.map { ndcg($0, .additive()) }
        )
    }

    /// Each query answered with weights that the other folds taught, for a run.
    func crossLearned() -> [Fusion] {
        let examples = examples()
        var fusions = [Fusion](repeating: .additive(), count: queries.count)
        for fold in folds(seed: 1) {
            let others = Set(fold)
            let fusion = Fusion.learned(
                FusionLearner.weights(queries.indices.filter { !others.contains($0) }.map { examples[$0] }))
            for query in fold { fusions[query] = fusion }
        }
        return fusions
    }

    /// The queries in disjoint parts.
    private func folds(seed: UInt64) -> [[Int]] {
        var random = SeededGenerator(seed: seed)
        let order = queries.indices.shuffled(using: &random)
        return (0..<min(Self.folds, order.count)).map { part in
            stride(from: part, to: order.count, by: Self.folds).map { order[$0] }
        }
    }

    /// The setting that is best on some queries, the earlier of equal ones.
    private static func best(_ table: [[Double]], of queries: [Int]) -> Int {
        let sums = table.map { row in queries.reduce(0) { $0 + row[$1] } }
        return sums.indices.reduce(0) { sums[$1] > sums[$0] + 1e-9 ? $1 : $0 }
    }
}
