/// A rating by numbers: what models of ratings learn from.
public struct RatedPair: Hashable, Sendable {
    public var user: UInt32
    public var item: UInt32
    public var value: Float

    public init(user: UInt32, item: UInt32, value: Float) {
        (self.user, self.item, self.value) = (user, item, value)
    }
}

/// Ratings without tastes: r = μ + b_i + b_u, each part drawn to zero where few have spoken.
///
/// b_i = Σ (r - μ) / (25 + n_i), then b_u = Σ (r - μ - b_i) / (10 + n_u) (Koren, TKDD 2010, section 2.1).
public struct RatingBiases: Hashable, Sendable {
    static let (itemDamping, userDamping): (Double, Double) = (25, 10)

    public let mean: Double
    /// By number; zero for those without ratings.
    public let users: [Double]
    public let items: [Double]

    /// - Parameter pairs: At least one; users and items lie below their counts.
    public init(_ pairs: [RatedPair], userCount: Int, itemCount: Int) {
        precondition(!pairs.isEmpty, "biases need a rating")
        let mean = pairs.reduce(0) { $0 + Double($1.value) } / Double(pairs.count)
        var (sums, counts) = ([Double](repeating: 0, count: itemCount), [Double](repeating: 0, count: itemCount))
        for pair in pairs {
            sums[Int(pair.item)] += Double(pair.value) - mean
            counts[Int(pair.item)] += 1
        }
        let items = zip(sums, counts).map { $0 / (Self.itemDamping + $1) }
        (sums, counts) = ([Double](repeating: 0, count: userCount), [Double](repeating: 0, count: userCount))
        for pair in pairs {
            sums[Int(pair.user)] += Double(pair.value) - mean - items[Int(pair.item)]
            counts[Int(pair.user)] += 1
        }
        (self.mean, self.items) = (mean, items)
        users = zip(sums, counts).map { $0 / (Self.userDamping + $1) }
    }

    public func prediction(user: UInt32, item: UInt32) -> Double { mean + users[Int(user)] + items[Int(item)] }
}
