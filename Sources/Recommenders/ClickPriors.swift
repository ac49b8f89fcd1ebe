public import Numerics

/// How often something was shown, chosen and bought.
public struct Exposure: Hashable, Sendable {
    public var impressions = 0
    public var clicks = 0
    public var purchases = 0
    public init(impressions: Int = 0, clicks: Int = 0, purchases: Int = 0) {
        (self.impressions, self.clicks, self.purchases) = (impressions, clicks, purchases)
    }

    public static func + (left: Exposure, right: Exposure) -> Exposure {
        Exposure(
            impressions: left.impressions + right.impressions, clicks: left.clicks + right.clicks,
            purchases: left.purchases + right.purchases)
    }
}

/// What an item's clicks per impression may be before anybody saw it: by its category and price level.
///
/// Rates of items vary around that of their kind as a beta distribution; how far is estimated from all items by the method of
/// moments for unequal counts (Kleinman, JASA 1973, with impressions as weights). The rate of a kind is drawn to its
/// category's, that to the shop's, by as many impressions as an item's prior counts for.
public struct ClickPriors: Hashable, Sendable {
    /// Where an item's price lies in its category: below three quarters of the median, about there, above five quarters.
    public enum PriceLevel: UInt8, Sendable, CaseIterable {
        case low, middle, high

        /// Prices in equal units, such as minor ones; `middle` where either is unknown.
        public init(price: Int64?, median: Int64?) {
            guard let price, let median, price > 0, median > 0 else {
                self = .middle
                return
            }
            let ratio = Double(price) / Double(median)
            self = ratio < 0.75 ? .low : ratio > 1.25 ? .high : .middle
        }
    }

    /// The kind of an item.
    public struct Kind: Hashable, Sendable {
        public var category: UInt32?
        public var level: PriceLevel
        public init(category: UInt32?, level: PriceLevel) { (self.category, self.level) = (category, level) }
    }

    /// Impressions that a prior counts for where there are too few items to estimate it, and its bounds.
    public static let defaultStrength = 50.0
    public static let strengthRange = 10.0...1000.0
    /// The rate that is assumed before anything was shown.
    public static let defaultRate = 0.05
    private static let fewestItems = 10

    /// Of a shop that never showed anything.
    public static let none = ClickPriors([(kind: Kind, seen: Exposure)]())

    /// Clicks per impression of all items.
    public let rate: Double
    /// How many impressions a prior counts for.
    public let strength: Double
    private let categories: [UInt32: Exposure]
    private let kinds: [Kind: Exposure]

    /// - Parameter items: What was seen of each item; more clicks than impressions count as all.
    public init(_ items: some Sequence<(kind: Kind, seen: Exposure)>) {
        var (all, categories, kinds) = (Exposure(), [UInt32: Exposure](), [Kind: Exposure]())
        var shown: [(trials: Double, rate: Double)] = []
        for (kind, seen) in items where seen.impressions > 0 {
            let own = Exposure(impressions: seen.impressions, clicks: min(max(0, seen.clicks), seen.impressions))
            all = all + own
            if let category = kind.category { categories[category] = (categories[category] ?? Exposure()) + own }
            kinds[kind] = (kinds[kind] ?? Exposure()) + own
            shown.append((Double(own.impressions), Double(own.clicks) / Double(own.impressions)))
        }
        (self.categories, self.kinds) = (categories, kinds)
        rate = Self.drawn(all, to: Self.defaultRate, by: 20)
        strength = Self.strength(shown)
    }

    /// What is known of an item of a kind before it was shown.
    public func prior(_ kind: Kind) -> BetaDistribution {
        let category = kind.category.flatMap { categories[$0] }.map { Self.drawn($0, to: rate, by: strength) } ?? rate
        let mean = kinds[kind].map { Self.drawn($0, to: category, by: strength) } ?? category
        return BetaDistribution(alpha: strength * mean, beta: strength * (1 - mean))
    }

    /// What is known of it after it was.
    public func posterior(_ kind: Kind, _ seen: Exposure) -> BetaDistribution {
        prior(kind).updated(successes: seen.clicks, trials: seen.impressions)
    }

    /// Strictly between 0 and 1.
    private static func drawn(_ seen: Exposure, to mean: Double, by strength: Double) -> Double {
        (Double(seen.clicks) + strength * mean) / (Double(seen.impressions) + strength)
    }

    private static func strength(_ items: [(trials: Double, rate: Double)]) -> Double {
        let trials = items.reduce(0) { $0 + $1.trials }
        let squares = items.reduce(0) { $0 + $1.trials * $1.trials }
        guard items.count >= fewestItems, trials > squares / trials else { return defaultStrength }
        let mean = items.reduce(0) { $0 + $1.trials * $1.rate } / trials
        let noise = mean * (1 - mean)
        guard noise > 0 else { return defaultStrength }
        let spread = items.reduce(0) { $0 + $1.trials * ($1.rate - mean) * ($1.rate - mean) }
        let between = (spread - noise * Double(items.count - 1)) / (trials - squares / trials)
        guard between > 0 else { return strengthRange.upperBound }
        return min(strengthRange.upperBound, max(strengthRange.lowerBound, noise / between - 1))
    }
}
