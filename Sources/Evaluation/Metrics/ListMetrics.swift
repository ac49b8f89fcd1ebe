import Foundation

/// Metrics of shown lists beyond their accuracy.
public enum ListMetrics {
    /// Returns the mean distance of two items of the list: (2 / n(n − 1))·Σ_{i<j} d(i, j); `nil` for fewer than two.
    ///
    /// Intra-list diversity (Smyth and McClave, ICCBR 2001). Complexity: O(*n*²).
    /// - Parameter distance: Symmetric, 0 for the same and 1 for items that share nothing.
    public static func diversity<Item>(_ list: [Item], distance: (Item, Item) -> Double) -> Double? {
        guard list.count > 1 else { return nil }
        var sum = 0.0
        for (index, one) in list.enumerated() {
            for other in list[..<index] { sum += distance(one, other) }
        }
        return 2 * sum / (Double(list.count) * Double(list.count - 1))
    }

    /// Returns the distance of two paths of categories: 1 − shared levels from the top / levels of the longer.
    public static func pathDistance(_ one: [String], _ other: [String]) -> Double {
        let longer = max(one.count, other.count)
        guard longer > 0 else { return 0 }
        let shared = zip(one, other).prefix { $0 == $1 }.count
        return 1 - Double(shared) / Double(longer)
    }

    /// Returns the share of the list that is relevant and that a plain recommender would not have shown; `nil` if it is empty.
    ///
    /// Ge et al., RecSys 2010, with relevance for usefulness.
    /// - Parameter expected: What a plain recommender, such as popularity, shows to the same person.
    public static func serendipity<Item: Hashable>(
        _ list: [Item], relevant: Set<Item>, expected: Set<Item>
    ) -> Double? {
        guard !list.isEmpty else { return nil }
        return Double(list.count { relevant.contains($0) && !expected.contains($0) }) / Double(list.count)
    }

    /// Returns the share of all attention that goes to some of the items, attention being 1 / log2(rank + 1); 0 for empty lists.
    ///
    /// Exposure with NDCG's discount, as in Singh and Joachims, KDD 2018, over all lists together.
    public static func attentionShare<Item>(_ lists: [[Item]], of isCounted: (Item) -> Bool) -> Double {
        var (own, all) = (0.0, 0.0)
        for list in lists {
            for (place, item) in list.enumerated() {
                let attention = 1 / log2(Double(place + 2))
                all += attention
                if isCounted(item) { own += attention }
            }
        }
        return all > 0 ? own / all : 0
    }
}
