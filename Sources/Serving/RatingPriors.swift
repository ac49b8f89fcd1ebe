/// What an item's stars are drawn to while it has few: its category's mean, which is drawn to the shop's.
///
/// A one-way model with random effects on two levels: a rating varies around its item by σ², an item around its category by τ²,
/// a category around the shop by γ². The best linear prediction of an item's level is then (sum + *k* · prior) / (count + *k*)
/// with *k* = σ²/τ² (Bühlmann and Straub, 1970; Efron and Morris, JASA 1975). All three are estimated from the ratings by the
/// method of moments: σ² and τ² from the sums of squares within and between items (Searle, Casella and McCulloch,
/// *Variance Components*, 1992, section 3.6), γ² as between studies of unequal weight (DerSimonian and Laird, 1986).
public struct RatingPriors: Hashable, Sendable {
    /// The stars of one item.
    public struct Observation: Hashable, Sendable {
        /// Category's number; `nil` without one: drawn to the shop's mean.
        public var category: UInt32?
        /// Greater than zero, or the observation is left out.
        public var count: Int
        public var sum: Double
        public var sumOfSquares: Double

        public init(category: UInt32?, count: Int, sum: Double, sumOfSquares: Double) {
            (self.category, self.count, self.sum, self.sumOfSquares) = (category, count, sum, sumOfSquares)
        }

        fileprivate var mean: Double { sum / Double(count) }
    }

    /// Ratings that a prior counts for where there are too few to estimate it.
    public static let defaultStrength = 10.0
    /// Where items differ less than chance alone would have it, their mean is the category's but for many ratings.
    public static let maximumStrength = 1000.0
    /// Degrees of freedom that both variances need.
    private static let leastFreedom = 10.0

    /// The mean of categories, each by what is known of it; 3 where nothing is rated.
    public let shopMean: Double
    /// By category's number, drawn to the shop's mean.
    public let categoryMeans: [UInt32: Double]
    /// How many ratings a prior counts for: σ²/τ².
    public let strength: Double
    /// σ², τ² and γ²; `nil` where there were too few ratings to estimate them.
    public let variances: Variances?

    public struct Variances: Hashable, Sendable {
        public var withinItems: Double
        public var betweenItems: Double
        public var betweenCategories: Double
    }

    /// Complexity: O(*n* log *n*). Deterministic in the order of `observations`.
    public init(_ observations: [Observation]) {
        let rated = observations.filter { $0.count > 0 && $0.sum.isFinite && $0.sumOfSquares.isFinite }
        let known = Dictionary(grouping: rated.filter { $0.category != nil }, by: { $0.category ?? 0 })
            .sorted { $0.key < $1.key }
        let loose = rated.filter { $0.category == nil }
        let groups = known.map(\.value) + (loose.isEmpty ? [] : [loose])
        let moments = Self.moments(groups)
        let strength = moments.map { moments in
            moments.between * Self.maximumStrength > moments.within
                ? moments.within / moments.between : Self.maximumStrength
        }
        let weight = max(1e-6, strength ?? Self.defaultStrength)
        self.strength = weight
        // In units of σ² where it is known: weights alone matter.
        let within = moments.map { max($0.within, 1e-9) } ?? 1
        let levels = groups.map { Self.level($0, within: within, strength: weight) }
        let spread = moments == nil ? 0 : Self.spread(levels)
        let weights = levels.map { 1 / (1 / $0.weight + spread) }
        let total = weights.reduce(0, +)
        let shopMean = total > 0 ? zip(levels, weights).reduce(0) { $0 + $1.0.mean * $1.1 } / total : 3
        self.shopMean = shopMean
        categoryMeans = Dictionary(
            uniqueKeysWithValues: zip(known, levels).map { group, level in
                let trust = spread / (spread + 1 / level.weight)
                return (group.key, shopMean + trust * (level.mean - shopMean))
            })
        variances = moments.map {
            Variances(withinItems: $0.within, betweenItems: $0.between, betweenCategories: spread)
        }
    }

    /// An item's stars, drawn to its category's mean: the sum of its ratings and of `strength` more at that mean.
    public func mean(category: UInt32?, count: Int, sum: Double) -> Double {
        let prior = category.flatMap { categoryMeans[$0] } ?? shopMean
        return (sum + strength * prior) / (Double(max(0, count)) + strength)
    }

    /// σ² and τ² by equating the sums of squares with what is expected of them; `nil` for too few ratings.
    private static func moments(_ groups: [[Observation]]) -> (within: Double, between: Double)? {
        var (ratings, items, squaresWithin, squaresBetween, unevenness) = (0.0, 0.0, 0.0, 0.0, 0.0)
        for group in groups {
            let count = group.reduce(0.0) { $0 + Double($1.count) }
            let mean = group.reduce(0) { $0 + $1.sum } / count
            for item in group {
                let itemCount = Double(item.count)
                squaresWithin += max(0, item.sumOfSquares - item.sum * item.mean)
                squaresBetween += itemCount * (item.mean - mean) * (item.mean - mean)
                unevenness += itemCount * itemCount / count
            }
            (ratings, items) = (ratings + count, items + Double(group.count))
        }
        let freedom = items - Double(groups.count)
        guard ratings - items >= leastFreedom, freedom >= leastFreedom, ratings > unevenness else { return nil }
        let within = squaresWithin / (ratings - items)
        return (within, max(0, (squaresBetween - freedom * within) / (ratings - unevenness)))
    }

    /// A category's mean, its items weighed by what is known of each, and the inverse of that mean's variance.
    private static func level(
        _ group: [Observation], within: Double, strength: Double
    ) -> (mean: Double, weight: Double) {
        var (sum, weight) = (0.0, 0.0)
        for item in group {
            // 1 / (τ² + σ²/n)
            let own = 1 / (within / strength + within / Double(item.count))
            (sum, weight) = (sum + own * item.mean, weight + own)
        }
        return (sum / weight, weight)
    }

    /// γ²: by how much categories differ beyond what chance explains.
    private static func spread(_ levels: [(mean: Double, weight: Double)]) -> Double {
        let total = levels.reduce(0) { $0 + $1.weight }
        let squares = levels.reduce(0) { $0 + $1.weight * $1.weight }
        guard levels.count > 1, total > squares / total else { return 0 }
        let mean = levels.reduce(0) { $0 + $1.weight * $1.mean } / total
        let heterogeneity = levels.reduce(0) { $0 + $1.weight * ($1.mean - mean) * ($1.mean - mean) }
        return max(0, (heterogeneity - Double(levels.count - 1)) / (total - squares / total))
    }
}
