import Domain
import Features
import Foundation
public import Storage

/// Items that lie in one basket more often than chance, and than people's own habits, explain.
///
/// A pair enters if it occurs in at least `minimumBaskets` baskets of at least `minimumPeople` people, its lift is above 1, and two tests find it
/// at p < 0.001 (`significanceFloor`, chi-squared with one degree of freedom): Dunning's log-likelihood ratio G² of independence over all baskets
/// (Computational Linguistics 1993), and conditionally on the person the Cochran-Mantel-Haenszel test (`ConditionalTest`), for what one household
/// buys again and again lies in its baskets together by habit alone. Its weight is log(lift) · h / (h + 10) for *h* people. On Complete Journey
/// these pairs hold more often among other households than pairs weighed by baskets alone: see docs/recommendations.md.
public struct BoughtTogetherModel: Recommender {
    public static let name = "bought_together"
    public static let minimumBaskets = 4
    public static let minimumPeople = 3
    public static let significanceFloor = 10.83
    static let neighbourLimit = 40

    let table: NeighbourTable
    /// Baskets with both, and people of whom they are, by entry of the table; empty in models of before, which do not follow the day.
    private let pairBaskets: [UInt32]
    private let pairPeople: [UInt32]
    /// Baskets with an item, and all.
    private let itemBaskets: [UInt32]
    private let basketCount: Int
    /// Rows in place of the table's, for items that were bought since.
    private var rows: [UInt32: [(item: UInt32, score: Double)]] = [:]

    public static func train(_ set: TrainingSet) -> BoughtTogetherModel {
        let counter = PairCounter(set)
        let (table, baskets, people) = counter.table(limit: neighbourLimit)
        return BoughtTogetherModel(
            table: table, pairBaskets: baskets, pairPeople: people, itemBaskets: counter.itemCounts,
            basketCount: counter.basketCount)
    }

    init(
        table: NeighbourTable, pairBaskets: [UInt32] = [], pairPeople: [UInt32] = [], itemBaskets: [UInt32] = [],
        basketCount: Int = 0
    ) {
        (self.table, self.pairBaskets, self.pairPeople) = (table, pairBaskets, pairPeople)
        (self.itemBaskets, self.basketCount) = (itemBaskets, basketCount)
    }

    /// log(lift) · h / (h + 10) of a pair, or `nil` for one that chance explains.
    ///
    /// - Parameter together: Baskets with both; `people`: whose they are; `first`, `second`: with either; `total`: all.
    static func weight(together: Double, people: Double, first: Double, second: Double, total: Double) -> Double? {
        let lift = together * total / (first * second)
        guard together >= Double(minimumBaskets), people >= Double(minimumPeople), lift > 1,
            likelihoodRatio(together, first, second, total) >= significanceFloor
        else { return nil }
        return log(lift) * people / (people + 10)
    }

    /// What goes with an item, best first.
    func row(_ item: UInt32) -> [(item: UInt32, score: Double)] {
        rows[item] ?? table.row(item).map { (table.others[$0], Double(table.weights[$0])) }
    }

    /// Counts an item's pairs anew with what was bought since training; a pair that training did not keep counts from nothing, and
    /// without the conditional test, which would need everybody's baskets.
    ///
    /// - Complexity: O(pairs of the item).
    mutating func follow(_ sales: LiveSales, of item: UInt32) {
        guard !itemBaskets.isEmpty else { return }
        var together = sales.partners(of: item).mapValues { (baskets: $0.baskets, people: $0.people) }
        for place in table.row(item) {
            // Who bought both before and since counts once; who of them is who, only the log knows.
            let later = together[table.others[place]] ?? (0, 0)
            together[table.others[place]] = (
                later.baskets + Int(pairBaskets[place]), max(later.people, Int(pairPeople[place]))
            )
        }
        func baskets(_ item: UInt32) -> Double {
            let known = Int(item) < itemBaskets.count ? Int(itemBaskets[Int(item)]) : 0
            return Double(known + (sales.baskets[item] ?? 0))
        }
        let total = Double(basketCount + sales.basketCount)
        var best = TopItems(limit: Self.neighbourLimit)
        for (other, pair) in together {
            let weight = Self.weight(
                together: Double(pair.baskets), people: Double(pair.people), first: baskets(item),
                second: baskets(other), total: total)
            if let weight { best.insert(other, weight) }
        }
        rows[item] = best.sorted
    }

    /// Complements of the basket, or of the page's item where there is no basket.
    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        let sources = context.basket.isEmpty ? context.anchor.map { [$0] } ?? [] : context.basket
        return NeighbourTable.answer(sources.suffix(100), context: context, limit: limit, row: row) {
            .oftenBoughtWith($0)
        }
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        table.store(in: &file)
        file.set("pair_baskets", pairBaskets)
        file.set("pair_people", pairPeople)
        file.set("item_baskets", itemBaskets)
        file.set("baskets", [UInt32(clamping: basketCount)])
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        let table = try NeighbourTable(columns)
        guard columns.columns["pair_baskets"] != nil else {
            self.init(table: table)
            return
        }
        let (baskets, people) = (try columns.uint32s("pair_baskets"), try columns.uint32s("pair_people"))
        let (items, total) = (try columns.uint32s("item_baskets"), try columns.uint32s("baskets"))
        guard baskets.count == table.others.count, people.count == baskets.count,
            items.isEmpty || items.count == table.rowCount, total.count == 1
        else { throw columns.damaged("its counts do not fit together") }
        self.init(
            table: table, pairBaskets: baskets, pairPeople: people, itemBaskets: items, basketCount: Int(total[0]))
    }
}

extension NeighbourTable {
    /// Sums the rows of `sources`; the reason names the source with the largest part.
    func answer(
        _ sources: some Sequence<ItemNumber>, context: RecommendationContext, limit: Int,
        reason: (ItemNumber) -> Reason
    ) -> [ScoredItem] {
        Self.answer(
            sources, context: context, limit: limit,
            row: { row($0).map { (others[$0], Double(weights[$0])) } }, reason: reason)
    }

    /// The same for rows from elsewhere.
    static func answer(
        _ sources: some Sequence<ItemNumber>, context: RecommendationContext, limit: Int,
        row: (UInt32) -> [(item: UInt32, score: Double)], reason: (ItemNumber) -> Reason
    ) -> [ScoredItem] {
        let chosen = Set(sources)
        guard !chosen.isEmpty, limit > 0 else { return [] }
        var sums: [UInt32: (score: Double, best: Double, source: ItemNumber)] = [:]
        for source in chosen.sorted() {
            for (other, weight) in row(source.rawValue) {
                var sum = sums[other] ?? (0, -1, source)
                sum.score += weight
                if weight > sum.best { (sum.best, sum.source) = (weight, source) }
                sums[other] = sum
            }
        }
        var best = TopItems(limit: limit)
        for (item, sum) in sums where best.mayEnter(item, sum.score) {
            let number = ItemNumber(item)
            if !chosen.contains(number), context.eligibility.allows(number) { best.insert(item, sum.score) }
        }
        return best.sorted.map { item, score in
            ScoredItem(item: ItemNumber(item), score: score, reason: reason(sums[item]?.source ?? ItemNumber(item)))
        }
    }
}
