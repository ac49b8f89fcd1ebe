public import Domain
public import Numerics
public import Recommenders
import Storage
import Synchronization

/// How items that came lately were received.
public struct NewItemReport: Sendable {
    public struct Day: Hashable, Sendable {
        /// Midnight in UTC.
        public var start: Timestamp
        public var seen: Exposure
    }

    public struct Entry: Sendable {
        public var card: Card
        public var arrived: Timestamp
        public var total: Exposure
        /// Days on which something happened, oldest first.
        public var days: [Day]
        /// Of its clicks per impression, from its category and price level on.
        public var posterior: BetaDistribution
        /// The posterior's mean.
        public var rate: Double { posterior.mean }
        /// What holds 90 % of it.
        public var interval: ClosedRange<Double>
        /// How many days after its arrival it had found its level; `nil` if it has not yet. See `NewItemLevel`.
        public var levelDays: Int?
    }

    /// Most often seen first.
    public var entries: [Entry]
    public var currency: Currency
    /// Clicks per impression in the whole shop, and how many impressions a prior counts for.
    public var rate: Double
    public var priorStrength: Double
    /// The shop's `exploration`, and what was seen in the last days of shelves and of new items on them.
    public var exploration: Double
    public var places: Int
    public var explored: Int
    /// Whether simulated impressions are among what was counted.
    public var isSynthetic: Bool
}

/// When an item had found its level.
public enum NewItemLevel {
    /// The first day at whose end both ends of the 90 % interval lay within a part of the level that the item has at last.
    ///
    /// - Parameter within: Such as .5: the ends lie between half and one and a half of the later level.
    /// - Returns: Its place among `days`; `nil` if there is none, or nobody saw the item.
    public static func day(_ days: [Exposure], prior: BetaDistribution, within: Double) -> Int? {
        let total = days.reduce(Exposure(), +)
        guard total.impressions > 0 else { return nil }
        let level = prior.updated(successes: total.clicks, trials: total.impressions).mean
        var seen = Exposure()
        for (place, day) in days.enumerated() {
            seen = seen + day
            let interval = prior.updated(successes: seen.clicks, trials: seen.impressions).interval(0.9)
            if max(level - interval.lowerBound, interval.upperBound - level) <= within * level { return place }
        }
        return nil
    }
}

extension ShopService {
    private static let reportLimit = 200

    /// Items that arrived in the last `days` days, with what shoppers did with them since.
    ///
    /// - Parameter within: How near the 90 % interval must be to an item's later level; see `NewItemLevel`.
    /// - Complexity: reads the log once.
    public func newItemReport(days: Int = 30, within: Double = 0.5) throws -> NewItemReport {
        let snapshot = try snapshot()
        try renewExploration(snapshot.offers, snapshot.facts)
        let now = now()
        let arrived = try withShelfCounts { $0.arrivals.arrived(since: now.adding(days: -Double(days)), until: now) }
        let times = Dictionary(arrived.map { ($0.item, $0.time) }, uniquingKeysWith: { first, _ in first })
        var byItem: [ItemNumber: [Int64: Exposure]] = [:]
        var isSynthetic = false
        if let first = times.values.min() {
            try store.forEachExposure(
                of: [.viewItemList, .selectItem, .purchase], since: first, includesSynthetic: config.isDemo
            ) { row in
                guard let time = times[row.item], row.day >= time.milliseconds / 86_400_000 else { return }
                var own = byItem[row.item, default: [:]][row.day] ?? Exposure()
                switch row.name {
                case .viewItemList: own.impressions += row.count
                case .selectItem: own.clicks += row.count
                default: own.purchases += row.count
                }
                byItem[row.item, default: [:]][row.day] = own
                isSynthetic = isSynthetic || row.isSynthetic
            }
        }
        let (priors, spent) = exploration.withLock { state in
            (state?.priors ?? ClickPriors.none, state?.budget.window(clock()) ?? (places: 0, explored: 0))
        }
        let chosen = times.keys.map { item in
            (item: item, total: byItem[item, default: [:]].values.reduce(Exposure(), +))
        }.sorted {
            ($1.total.impressions, $1.total.purchases, $0.item) < ($0.total.impressions, $0.total.purchases, $1.item)
        }.prefix(Self.reportLimit)
        let kinds = try kinds(of: chosen.map(\.item), snapshot.offers, snapshot.facts)
        let items = Dictionary(
            try storedItems(chosen.map(\.item)).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let entries = zip(chosen, kinds).compactMap { found, kind -> NewItemReport.Entry? in
            guard let stored = items[found.item], let time = times[found.item] else { return nil }
            let list = (byItem[found.item] ?? [:]).sorted { $0.key < $1.key }.map {
                NewItemReport.Day(start: Timestamp(milliseconds: $0.key * 86_400_000), seen: $0.value)
            }
            let prior = priors.prior(kind)
            let posterior = priors.posterior(kind, found.total)
            let level = NewItemLevel.day(list.map(\.seen), prior: prior, within: within)
            return NewItemReport.Entry(
                card: snapshot.card(stored), arrived: time, total: found.total, days: list, posterior: posterior,
                interval: posterior.interval(0.9),
                levelDays: level.map { max(0, Int(list[$0].start.days(since: time))) })
        }
        return NewItemReport(
            entries: entries, currency: snapshot.offers.currency, rate: priors.rate, priorStrength: priors.strength,
            exploration: config.exploration, places: spent.places, explored: spent.explored, isSynthetic: isSynthetic)
    }
}
