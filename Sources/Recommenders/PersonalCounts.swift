import Domain
import Features
import Foundation

/// How often and when one person bought each item, decayed: computed from the history at query time.
struct PersonalCounts {
    struct Entry {
        var item: UInt32
        /// Baskets that held it.
        var times = 0
        /// Sum of `decay^age` over those baskets, ages in days.
        var decayed = 0.0
        var first = 0.0
        var last = 0.0
        /// Mean days between two baskets that held it, or `nil` for fewer than two.
        var meanGap: Double? { times > 1 ? max(0.5, (first - last) / Double(times - 1)) : nil }
    }

    /// In the order of item numbers.
    let entries: [Entry]

    /// - Parameter decay: What a day leaves of a purchase, such as 0.98.
    init(_ history: [Interaction], now: Timestamp, decay: Double) {
        var sorted: [(item: UInt32, basket: Int32, age: Double)] = []
        sorted.reserveCapacity(history.count)
        for line in history where line.name == .purchase && line.time < now {
            sorted.append((line.item.rawValue, line.basket, now.days(since: line.time)))
        }
        sorted.sort { ($0.item, $0.basket, $0.age) < ($1.item, $1.basket, $1.age) }
        var entries: [Entry] = []
        let logDecay = log(decay)
        for (place, line) in sorted.enumerated() {
            if place > 0, sorted[place - 1].item == line.item, sorted[place - 1].basket == line.basket { continue }
            if entries.last?.item != line.item {
                entries.append(Entry(item: line.item, first: line.age, last: line.age))
            }
            let end = entries.count - 1
            entries[end].times += 1
            entries[end].decayed += exp(logDecay * line.age)
            entries[end].first = max(entries[end].first, line.age)
            entries[end].last = min(entries[end].last, line.age)
        }
        self.entries = entries
    }
}
