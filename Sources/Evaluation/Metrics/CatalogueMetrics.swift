import Foundation

/// Metrics of many lists together: how much of the catalogue they show, how evenly, and how little known it is.
public enum CatalogueMetrics {
    /// Returns the share of the catalogue that stands in at least one list: |∪ lists| / |catalogue|; 0 for an empty one.
    ///
    /// - Parameter exposures: How many lists show each item, shape `[itemCount]`.
    public static func coverage(exposures: [Int]) -> Double {
        exposures.isEmpty ? 0 : Double(exposures.count { $0 > 0 }) / Double(exposures.count)
    }

    /// Returns the Gini coefficient of exposure: G = Σ_i (2i − n − 1)·x_i / (n·Σ x), x ascending, i from 1.
    ///
    /// 0: every item is shown equally often; near 1: one item is shown always. 0 where nothing is shown. Items that are never
    /// shown count, so the value depends on the catalogue that is given.
    /// - Complexity: O(*n* log *n*).
    public static func gini(exposures: [Int]) -> Double {
        let total = exposures.reduce(0.0) { $0 + Double($1) }
        guard total > 0 else { return 0 }
        let count = Double(exposures.count)
        var sum = 0.0
        for (index, value) in exposures.sorted().enumerated() {
            sum += (2 * Double(index + 1) - count - 1) * Double(value)
        }
        return sum / (count * total)
    }

    /// Returns the mean self-information of what is shown, in bits: (1/|shown|)·Σ −log2 p(i), p(i) = users of i / users.
    ///
    /// Zhou et al., PNAS 2010. An item without users counts as if it had one, so that the value stays finite.
    /// - Parameter lists: Item numbers, each below `userCounts.count`; `nil` comes back if all lists are empty.
    /// - Parameter userCounts: How many users had each item before the cut.
    public static func novelty(lists: [[Int]], userCounts: [Int], userTotal: Int) -> Double? {
        precondition(userTotal > 0, "novelty needs at least one user")
        var (sum, shown) = (0.0, 0)
        for list in lists {
            for item in list {
                let share = min(1, Double(max(1, userCounts[item])) / Double(userTotal))
                sum -= log2(share)
            }
            shown += list.count
        }
        return shown > 0 ? sum / Double(shown) : nil
    }

    /// Returns how many of `lists` show each item, shape `[itemCount]`; every item number must be below `itemCount`.
    public static func exposures(lists: [[Int]], itemCount: Int) -> [Int] {
        var counts = Array(repeating: 0, count: itemCount)
        for list in lists { for item in list { counts[item] += 1 } }
        return counts
    }
}
