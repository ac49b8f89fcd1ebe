import Domain
import Evaluation
import Features
import Foundation
import JSON
import Recommenders

/// Lists that were put together in several ways, measured on the same households.
struct RerankingReport {
    /// One way with its figures.
    struct Row {
        let name: String
        let accuracy: BasketEvaluation.Result
        /// Mean distance of two items of a list by their category paths.
        let diversity: Double
        /// Mean divergence from the person's shares of categories, nats: 0 is calibrated.
        let miscalibration: Double
        /// Gini coefficient of how often brands are shown.
        let brandGini: Double
        /// Share of attention, 1 / log2(1 + place), for brands outside the large ones.
        let smallBrands: Double
        /// Mean self-information of what is shown, bits.
        let novelty: Double
        /// Share of shown items that are new in the shop.
        let fresh: Double
        /// Share of the catalogue that somebody is shown.
        let coverage: Double
    }

    let people: [UserNumber]
    let truths: [Int32: BasketEvaluation.Truth]
    let set: TrainingSet
    let knowledge: ListKnowledge

    func row(_ name: String, _ lists: [[ItemNumber]]) throws -> Row {
        let facts = set.facts
        let numbers = lists.map { $0.map { Int32(bitPattern: $0.rawValue) } }
        let indices = lists.map { $0.map(\.index) }
        let shown = lists.flatMap(\.self)
        let exposures = CatalogueMetrics.exposures(lists: indices, itemCount: set.itemLimit)
        let brands = lists.map { $0.compactMap { facts.brand($0).map(Int.init) } }
        return Row(
            name: name,
            accuracy: try BasketEvaluation.score(
                households: people.map { Int32(bitPattern: $0.rawValue) }, lists: numbers,
                newLists: lists.map { _ in [] }, truths: truths),
            diversity: Self.mean(
                lists.compactMap { list in
                    ListMetrics.diversity(list.map(path), distance: ListMetrics.pathDistance)
                }),
            miscalibration: Self.mean(
                zip(people, lists).compactMap { user, list in
                    CategoryShares(set.context(of: user).history, facts: facts, now: set.now)
                        .divergence(of: list, facts: facts)
                }),
            brandGini: CatalogueMetrics.gini(
                exposures: CatalogueMetrics.exposures(lists: brands, itemCount: facts.brandNames.count)),
            smallBrands: ListMetrics.attentionShare(lists) { item in
                facts.brand(item).map { !knowledge.isLargeBrand[Int($0)] } ?? false
            },
            novelty: CatalogueMetrics.novelty(
                lists: indices, userCounts: set.log.userCounts(itemLimit: set.itemLimit),
                userTotal: max(1, set.log.activeUsers)) ?? 0,
            fresh: Double(shown.count { knowledge.ages[$0] != nil }) / Double(max(1, shown.count)),
            coverage: CatalogueMetrics.coverage(exposures: exposures))
    }

    private func path(_ item: ItemNumber) -> [String] {
        set.facts.type(item).map { set.facts.typePaths[Int($0)] } ?? []
    }

    /// A table in Markdown; *p* is that of the difference from the first row (paired permutation test).
    func table(_ rows: [Row]) -> String {
        var lines = [
            "| setting | NDCG@10 | p | Recall@10 | diversity | miscalibration | brand Gini | small brands | novelty | new | coverage |",
            "|---|---|---|---|---|---|---|---|---|---|---|",
        ]
        for row in rows {
            let figures = [row.diversity, row.miscalibration, row.brandGini, row.smallBrands, row.novelty, row.fresh]
            let cells =
                [
                    "`\(row.name)`", Self.figure(row.accuracy.ndcg), p(row, rows[0]),
                    Self.figure(row.accuracy.recall),
                ] + figures.map(Self.figure) + [Self.figure(row.coverage)]
            lines.append("| \(cells.joined(separator: " | ")) |")
        }
        return lines.joined(separator: "\n")
    }

    func json(_ rows: [Row]) -> String {
        let list = rows.map { row in
            JSONValue.object([
                .init("setting", .string(row.name)), .init("ndcg@10", .number(row.accuracy.ndcg)),
                .init("recall@10", .number(row.accuracy.recall)), .init("diversity", .number(row.diversity)),
                .init("miscalibration", .number(row.miscalibration)), .init("brand_gini", .number(row.brandGini)),
                .init("small_brands", .number(row.smallBrands)), .init("novelty", .number(row.novelty)),
                .init("new", .number(row.fresh)), .init("coverage", .number(row.coverage)),
            ])
        }
        return JSONLine.text(
            .object([.init("households", .integer(Int64(people.count))), .init("settings", .array(list))]))
    }

    private func p(_ row: Row, _ first: Row) -> String {
        let value = PairedPermutationTest.pValue(
            candidate: row.accuracy.ndcgByHousehold, baseline: first.accuracy.ndcgByHousehold)
        return row.name == first.name ? "" : value.map { String(format: "%.3f", $0) } ?? ""
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
