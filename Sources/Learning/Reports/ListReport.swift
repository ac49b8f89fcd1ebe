import Evaluation
import Foundation

/// What lists are like beyond their accuracy, for a report: right and wrong, and what of the catalogue they show.
struct ListReport {
    /// Lists of scored users, best first.
    let lists: [[Int]]
    /// What each of them wanted.
    let truths: [Set<Int>]
    /// What a plain recommender shows to each; empty without one.
    let plain: [Set<Int>]
    let itemCount: Int
    /// How many users had each item before, shape `[itemCount]`.
    let userCounts: [Int]
    let userTotal: Int
    /// Category path of an item; empty for data without categories.
    let path: (Int) -> [String]
    private let cutoff = 10

    var blocks: [ReportBlock] {
        guard !lists.isEmpty else { return [] }
        return [
            .table(caption: "All figures of the lists of ten", columns: ["Metric", "Value"], rows: accuracy + variety),
            .table(
                caption: "Shown or not, wanted or not, over users and the whole catalogue",
                columns: ["", "Wanted", "Not wanted"],
                rows: [
                    ["Shown", String(confusion.truePositives), String(confusion.falsePositives)],
                    ["Not shown", String(confusion.falseNegatives), String(confusion.trueNegatives)],
                ]),
        ]
    }

    private var accuracy: [[String]] {
        let hits = zip(lists, truths).map { list, truth in list.prefix(cutoff).map(truth.contains) }
        let counts = truths.map(\.count)
        func mean(_ body: ([Bool], Int) -> Double?) -> String {
            let values = zip(hits, counts).compactMap { body($0.0, $0.1) }
            return values.isEmpty ? "–" : Self.figure(values.reduce(0, +) / Double(values.count))
        }
        return [
            ["Precision@10", mean { hits, _ in RankingMetrics.precision(hits, at: cutoff) }],
            ["Recall@10", mean { RankingMetrics.recall($0, relevantCount: $1, at: cutoff) }],
            ["F1@10", mean { RankingMetrics.f1($0, relevantCount: $1, at: cutoff) }],
            ["Hit rate@10", mean { hits, _ in RankingMetrics.hitRate(hits, at: cutoff) }],
            ["NDCG@10", mean { RankingMetrics.ndcg(hits: $0, relevantCount: $1, at: cutoff) }],
            ["MRR@10", mean { hits, _ in RankingMetrics.reciprocalRank(hits, at: cutoff) }],
            ["MAP@10", mean { RankingMetrics.averagePrecision($0, relevantCount: $1, at: cutoff) }],
            ["Matthews' correlation", confusion.matthewsCorrelation.map(Self.figure) ?? "–"],
        ]
    }

    private var variety: [[String]] {
        let exposures = CatalogueMetrics.exposures(lists: lists, itemCount: itemCount)
        let novelty = CatalogueMetrics.novelty(lists: lists, userCounts: userCounts, userTotal: max(1, userTotal))
        var rows = [
            ["Catalogue coverage", Self.figure(CatalogueMetrics.coverage(exposures: exposures))],
            ["Gini of exposure", Self.figure(CatalogueMetrics.gini(exposures: exposures))],
            ["Novelty, bits", novelty.map(Self.figure) ?? "–"],
        ]
        let diversities = lists.compactMap { list in
            ListMetrics.diversity(list.map(path), distance: ListMetrics.pathDistance)
        }
        if let mean = Self.mean(diversities), lists.contains(where: { !$0.allSatisfy { path($0).isEmpty } }) {
            rows.append(["Diversity by category", Self.figure(mean)])
        }
        let serendipities = zip(zip(lists, truths), plain).compactMap { pair, expected in
            ListMetrics.serendipity(pair.0, relevant: pair.1, expected: expected)
        }
        if let mean = Self.mean(serendipities) { rows.append(["Serendipity beside popularity", Self.figure(mean)]) }
        return rows
    }

    private var confusion: ConfusionMatrix {
        ConfusionMatrix(lists: lists, truths: truths, itemCount: itemCount)
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
