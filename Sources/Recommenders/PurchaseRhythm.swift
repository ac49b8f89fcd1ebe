public import Domain
public import Features
import Foundation

/// How long a person usually waits before buying an item again.
enum PurchaseRhythm {
    /// The geometric mean of the person's own gaps, in days, with the item's typical gap as one observation beside them.
    ///
    /// - Parameter times: Baskets of the person that held the item, one or more.
    /// - Parameter gap: The person's mean gap; it does not count for one basket.
    /// - Parameter typical: The item's mean gap among all; `nil` or missing stands for 30 days.
    static func expectedGap(times: Float, gap: Float, typical: Float?) -> Float {
        let typical = typical.flatMap { $0.isNaN ? nil : $0 } ?? 30
        return exp((log(max(1, gap)) * (times - 1) + log(typical)) / times)
    }
}

extension RankedBasketModel {
    /// What the person bought a shorter time ago than `fraction` of the gap after which they usually buy it again.
    ///
    /// The gap is that of `PurchaseRhythm`: the person's own gaps, drawn to the item's among all. Lines at or after `now` do not
    /// count.
    /// - Complexity: O(*n* log *n*) for *n* purchases.
    public func notDue(_ history: [Interaction], now: Timestamp, fraction: Double) -> Set<ItemNumber> {
        guard fraction > 0 else { return [] }
        let counts = PersonalCounts(history, now: now, decay: blend.parameters.decay)
        let recent = counts.entries.filter { entry in
            let expected = PurchaseRhythm.expectedGap(
                times: Float(entry.times), gap: Float(entry.meanGap ?? 0),
                typical: evidence.items.typicalGap(entry.item))
            return entry.last < fraction * Double(expected)
        }
        return Set(recent.map { ItemNumber($0.item) })
    }
}
