import Foundation

/// Where an item stands if items of equal score are put in random order.
///
/// Measures are then expected values over these orders, in closed form (McSherry and Najork, ECIR 2008).
public struct TiedPlace: Hashable, Sendable {
    /// How many score higher.
    public let above: Int
    /// How many have the same score, the item itself among them; at least one.
    public let tied: Int

    public init(above: Int, tied: Int) {
        precondition(above >= 0 && tied > 0, "an item ties at least with itself")
        (self.above, self.tied) = (above, tied)
    }

    /// - Parameter scores: Of everything that competes; the item itself must be among it.
    public init(of score: Double, among scores: some Sequence<Double>) {
        var (above, tied) = (0, 0)
        for other in scores {
            if other > score { above += 1 } else if other == score { tied += 1 }
        }
        self.init(above: above, tied: max(1, tied))
    }

    /// The chance to stand among the first `cutoff`.
    public func chance(at cutoff: Int) -> Double { min(1, max(0, Double(cutoff - above) / Double(tied))) }

    /// The expected 1 / log2(rank + 1), zero behind `cutoff`.
    public func discount(at cutoff: Int) -> Double {
        let last = min(cutoff, above + tied)
        guard above < last else { return 0 }
        return (above + 1...last).reduce(0.0) { $0 + 1 / log2(Double($1 + 1)) } / Double(tied)
    }

    /// Whether some of those that tie stand among the first `cutoff` and some do not: the tie rule decides which.
    public func isCut(at cutoff: Int) -> Bool { above < cutoff && above + tied > cutoff }

    /// Returns the expected NDCG@k of the relevant items with these places, with binary gain; `nil` if nothing is relevant.
    public static func ndcg(_ relevant: [TiedPlace], relevantCount: Int, at cutoff: Int) -> Double? {
        guard relevantCount > 0 else { return nil }
        let ideal = (1...min(cutoff, relevantCount)).reduce(0.0) { $0 + 1 / log2(Double($1 + 1)) }
        return relevant.reduce(0) { $0 + $1.discount(at: cutoff) } / ideal
    }
}
