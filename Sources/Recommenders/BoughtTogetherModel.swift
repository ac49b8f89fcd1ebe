import Domain
import Features
import Foundation
public import Storage

/// Items that lie in one basket more often than chance explains.
///
/// A pair enters if it occurs in at least `minimumCount` baskets, its lift is above 1, and its log-likelihood ratio
/// (Dunning, Computational Linguistics 1993) is at least `significanceFloor` (10.83: p < 0.001 at one degree of
/// freedom). Its weight is log(lift) · n / (n + 10), so that rare pairs do not win by luck.
public struct BoughtTogetherModel: Recommender {
    public static let name = "bought_together"
    public static let minimumCount = 4
    public static let significanceFloor = 10.83
    static let neighbourLimit = 40

    let table: NeighbourTable

    public static func train(_ set: TrainingSet) -> BoughtTogetherModel {
        BoughtTogetherModel(table: PairCounter(set).table(limit: neighbourLimit))
    }

    init(table: NeighbourTable) { self.table = table }

    /// Complements of the basket, or of the page's item where there is no basket.
    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        let sources = context.basket.isEmpty ? context.anchor.map { [$0] } ?? [] : context.basket
        return table.answer(sources.suffix(100), context: context, limit: limit) { .oftenBoughtWith($0) }
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        table.store(in: &file)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) { table = try NeighbourTable(columns) }
}

extension NeighbourTable {
    /// Sums the rows of `sources`; the reason names the source with the largest part.
    func answer(
        _ sources: some Sequence<ItemNumber>, context: RecommendationContext, limit: Int,
        reason: (ItemNumber) -> Reason
    ) -> [ScoredItem] {
        let chosen = Set(sources)
        guard !chosen.isEmpty, limit > 0 else { return [] }
        var sums: [UInt32: (score: Double, best: Float, source: ItemNumber)] = [:]
        for source in chosen.sorted() {
            for place in row(source.rawValue) {
                let (other, weight) = (others[place], weights[place])
                var sum = sums[other] ?? (0, -1, source)
                sum.score += Double(weight)
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
