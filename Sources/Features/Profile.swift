public import Domain
import Foundation

/// What the shop knows of one person's habits, computed from their events and facts of items.
public struct Profile: Hashable, Sendable {
    public struct CategoryShare: Hashable, Sendable {
        public var category: UInt32
        /// Part of the decayed spend (or lines, where no price is known), 0...1.
        public var share: Double
    }

    public struct Rhythm: Hashable, Sendable {
        public var item: ItemNumber
        /// Baskets that held it.
        public var times: Int
        public var meanGapDays: Double
        public var last: Timestamp
        public var daysSinceLast: Double
        /// The mean gap has passed, and not more than three of them.
        public var isDue: Bool
    }

    public var first: Timestamp?
    public var last: Timestamp?
    /// Days since the last purchase; `nil` without one.
    public var recencyDays: Double?
    /// Lines bought, and baskets.
    public var purchases = 0
    public var baskets = 0
    /// What was paid, discounts taken off.
    public var spendMinorUnits: Int64 = 0
    /// Largest first; a purchase loses half its weight in 90 days.
    public var favouriteCategories: [CategoryShare] = []
    /// Part of purchases whose brand class is known that went to the shop's own brands.
    public var privateBrandShare: Double?
    /// Mean of price paid / median price of the category: above 1 means dearer than most.
    public var priceLevel: Double?
    /// Items bought in three or more baskets: those due first, then the most frequent.
    public var rhythm: [Rhythm] = []
    /// Categories of this session's views and choices, with a half-life of ten minutes; shares, largest first.
    public var sessionInterest: [CategoryShare] = []

    /// - Parameter history: All interactions, oldest first; only purchases before `now` count.
    /// - Parameter session: What was seen or chosen in the running session.
    /// - Parameter categoryPrices: Median price in minor units by category; empty if unknown.
    public init(
        history: [Interaction], session: [Interaction] = [], facts: ItemFacts, categoryPrices: [Int64] = [],
        now: Timestamp
    ) {
        let bought = history.filter { $0.name == .purchase && $0.time < now }
        (first, last, purchases) = (bought.first?.time, bought.last?.time, bought.count)
        recencyDays = last.map { now.days(since: $0) }
        baskets = Set(bought.map(\.basket)).count
        for line in bought {
            let (product, overflows) = (line.priceMinorUnits ?? 0).multipliedReportingOverflow(by: Int64(line.quantity))
            if !overflows { spendMinorUnits &+= product &- line.discountMinorUnits }
        }
        favouriteCategories = Self.shares(bought, facts, now: now, halfLifeDays: 90)
        sessionInterest = Self.shares(session, facts, now: now, halfLifeDays: 10.0 / 1440)
        let classes = bought.map { facts.brandClass($0.item) }.filter { $0 != .unknown }
        if !classes.isEmpty {
            privateBrandShare = Double(classes.count { $0 == .privateLabel }) / Double(classes.count)
        }
        priceLevel = Self.level(bought, facts, categoryPrices)
        rhythm = Self.rhythms(bought, now: now)
    }

    /// Median price of each category, from a log: what `priceLevel` compares with.
    public static func categoryPrices(_ log: InteractionLog, facts: ItemFacts) -> [Int64] {
        var prices = [[Int32]](repeating: [], count: facts.categoryPaths.count)
        for (item, price) in zip(log.items, log.prices) where price > 0 {
            if let category = facts.category(ItemNumber(item)) { prices[Int(category)].append(price) }
        }
        return prices.map { $0.isEmpty ? 0 : Int64($0.sorted()[$0.count / 2]) }
    }

    /// Median price of each category among what is on offer, in minor units; zero where nothing has a price.
    public static func categoryPrices(_ offers: OfferColumns, facts: ItemFacts) -> [Int64] {
        var prices = [[Int64]](repeating: [], count: facts.categoryPaths.count)
        for (index, price) in offers.prices.enumerated() where price > 0 {
            let number = ItemNumber(UInt32(index))
            guard let category = facts.category(number), !facts.hidden.contains(number) else { continue }
            prices[Int(category)].append(price)
        }
        return prices.map { $0.isEmpty ? 0 : $0.sorted()[$0.count / 2] }
    }

    private static func shares(
        _ lines: [Interaction], _ facts: ItemFacts, now: Timestamp, halfLifeDays: Double
    ) -> [CategoryShare] {
        var sums: [UInt32: Double] = [:]
        for line in lines where line.time <= now {
            guard let category = facts.category(line.item) else { continue }
            sums[category, default: 0] += exp2(-now.days(since: line.time) / halfLifeDays)
        }
        let total = sums.keys.sorted().reduce(0.0) { $0 + (sums[$1] ?? 0) }
        guard total > 0 else { return [] }
        return sums.map { CategoryShare(category: $0.key, share: $0.value / total) }
            .sorted { ($1.share, $0.category) < ($0.share, $1.category) }
    }

    private static func level(_ lines: [Interaction], _ facts: ItemFacts, _ medians: [Int64]) -> Double? {
        var (sum, count) = (0.0, 0)
        for line in lines {
            guard let price = line.priceMinorUnits, price > 0, let category = facts.category(line.item),
                Int(category) < medians.count, medians[Int(category)] > 0
            else { continue }
            sum += Double(price) / Double(medians[Int(category)])
            count += 1
        }
        return count > 0 ? sum / Double(count) : nil
    }

    private static func rhythms(_ lines: [Interaction], now: Timestamp) -> [Rhythm] {
        var times: [ItemNumber: [Int32: Timestamp]] = [:]
        for line in lines { times[line.item, default: [:]][line.basket] = line.time }
        let all: [Rhythm] = times.compactMap { item, baskets in
            guard baskets.count >= 3, let first = baskets.values.min(), let last = baskets.values.max() else {
                return nil
            }
            let gap = last.days(since: first) / Double(baskets.count - 1)
            guard gap > 0 else { return nil }
            let since = now.days(since: last)
            return Rhythm(
                item: item, times: baskets.count, meanGapDays: gap, last: last, daysSinceLast: since,
                isDue: since >= gap && since <= 3 * gap)
        }
        return all.sorted { ($0.isDue ? 0 : 1, $1.times, $0.item) < ($1.isDue ? 0 : 1, $0.times, $1.item) }
    }
}
