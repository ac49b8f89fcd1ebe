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

    /// A table in Markdown; *p* is that of the difference from the first row (paired permutation test), as it is and after Holm.
    func table(_ rows: [Row], _ contest: Contest) -> String {
        let columns = ["setting"] + Self.columns
        let head = ["| \(columns.joined(separator: " | ")) |", String(repeating: "|---", count: columns.count) + "|"]
        let lines = rows.indices.map { place in
            "| `\(rows[place].name)` | \(cells(rows[place], contest, place).joined(separator: " | ")) |"
        }
        return (head + lines).joined(separator: "\n")
    }

    func json(_ rows: [Row], _ contest: Contest) -> [JSONValue.Member] {
        let tests = contest.json
        let list = rows.map { row in
            JSONValue.object(
                [.init("setting", .string(row.name))] + (tests[row.name]?.objectValue ?? []) + [
                    .init("diversity", .number(row.diversity)), .init("miscalibration", .number(row.miscalibration)),
                    .init("brand_gini", .number(row.brandGini)), .init("small_brands", .number(row.smallBrands)),
                    .init("novelty", .number(row.novelty)), .init("new", .number(row.fresh)),
                    .init("coverage", .number(row.coverage)),
                ])
        }
        return [.init("households", .integer(Int64(people.count))), .init("settings", .array(list))]
    }

    func html(_ rows: [Row], _ contest: Contest, _ checks: CheckList, cut: Timestamp) -> HTMLReport {
        func plot(_ caption: String, _ label: String, _ cost: (Row) -> Double) -> ReportBlock {
            .scatter(
                caption: "NDCG@10 against \(caption)", xLabel: label, yLabel: "NDCG@10",
                points: rows.map { .init(label: $0.name, x: cost($0), y: $0.accuracy.ndcg) }, isLogarithmic: false)
        }
        return EvaluationReports.contests(
            "Ways to put a list together", "First basket from \(cut.dateDescription) on",
            limits:
                "All lists are of the same hundred candidates. What people would make of more variety is not in the past, where "
                + "they were shown something else.", checks: checks, [("Settings", contest)],
            more: [
                .table(
                    caption: "All figures by setting", columns: ["Setting"] + Self.columns,
                    rows: rows.indices.map { [rows[$0].name] + cells(rows[$0], contest, $0) }),
                plot("diversity: mean distance of two items", "diversity by category") { $0.diversity },
                plot("miscalibration: 0 is in the person's proportions", "miscalibration, nats") { $0.miscalibration },
            ])
    }

    private static let columns = [
        "NDCG@10", "p", "p after Holm", "Recall@10", "diversity", "miscalibration", "brand Gini", "small brands",
        "novelty", "new", "coverage",
    ]

    /// - Parameter place: Of the row; the first has no test.
    private func cells(_ row: Row, _ contest: Contest, _ place: Int) -> [String] {
        let outcome = place > 0 ? contest.comparison.outcomes[place - 1] : nil
        let chance = [outcome?.pValue, outcome?.adjusted].map { $0.map { String(format: "%.3f", $0) } ?? "" }
        let figures = [
            row.accuracy.recall, row.diversity, row.miscalibration, row.brandGini, row.smallBrands, row.novelty,
            row.fresh, row.coverage,
        ]
        return [Self.figure(row.accuracy.ndcg)] + chance + figures.map(Self.figure)
    }

    private static func mean(_ values: [Double]) -> Double {
        values.isEmpty ? 0 : values.reduce(0, +) / Double(values.count)
    }

    private static func figure(_ value: Double) -> String { String(format: "%.4f", value) }
}
