import Domain
import Foundation
import Recommenders

/// What each branch sells: purchases by branch and item, recent ones more; counts alone, nobody's name.
///
/// score = n · log(1 + lift), *n* the decayed count at the branch and *lift* the item's share there over its share in all
/// branches: what everybody buys everywhere does not hide what is special. Items with fewer than `leastSales` purchases at
/// the branch are left out, so that nobody's single purchase shows.
struct BranchSales: Sendable {
    static let days = 56.0
    static let leastSales: Int32 = 3
    static let mostProposed = 300
    /// Pairs of branch and item that are kept in memory.
    private static let mostPairs = 2_000_000
    private static let halfLifeDays = 28.0

    private struct Count: Sendable {
        var weight: Float = 0
        var sales: Int32 = 0
    }

    private var branches: [String: [UInt32: Count]] = [:]
    private var branchTotals: [String: Float] = [:]
    private var totals: [UInt32: Float] = [:]
    private var total: Float = 0
    private var pairs = 0

    /// Counts a purchase at a branch; one older than `days` says nothing.
    mutating func sold(_ item: ItemNumber, at branch: String, time: Timestamp, now: Timestamp) {
        let age = now.days(since: time)
        guard age < Self.days else { return }
        let isNew = branches[branch]?[item.rawValue] == nil
        guard !isNew || pairs < Self.mostPairs else { return }
        if isNew { pairs += 1 }
        let weight = Float(exp2(-max(0, age) / Self.halfLifeDays))
        branches[branch, default: [:]][item.rawValue, default: Count()].weight += weight
        branches[branch, default: [:]][item.rawValue, default: Count()].sales += 1
        branchTotals[branch, default: 0] += weight
        totals[item.rawValue, default: 0] += weight
        total += weight
    }

    /// Decayed counts of a branch; `nil` for one that sold nothing lately.
    func weights(of branch: String) -> BranchWeights? {
        branches[branch].map { BranchWeights(weights: $0.mapValues { Double($0.weight) }) }
    }

    /// What sells at a branch, best first.
    ///
    /// - Complexity: O(items of the branch).
    func proposals(of branch: String, named name: String, allows: (ItemNumber) -> Bool) -> [ScoredItem] {
        guard let counts = branches[branch] else { return [] }
        let sum = max(1e-6, branchTotals[branch] ?? 0)
        var found: [ScoredItem] = []
        for (item, count) in counts where count.sales >= Self.leastSales && allows(ItemNumber(item)) {
            let lift = (count.weight / sum) / max(1e-9, (totals[item] ?? count.weight) / max(1e-6, total))
            found.append(
                ScoredItem(
                    item: ItemNumber(item), score: Double(count.weight) * log(1 + Double(lift)), reason: .nearYou(name))
            )
        }
        return Array(found.sorted(by: ScoredItem.precedes).prefix(Self.mostProposed))
    }
}
