/// What a shop's networks weigh beside the ranker, each from 0 to 1 and together at most 1: what is left is the ranker's.
public struct NetworkWeights: Sendable, Hashable {
    /// Scenarios in which networks can take part.
    public static let scenarios: [Scenario] = [.home, .category, .newForYou, .newArrivals]
    public static let none = NetworkWeights()

    /// Of the network of people's histories, `SequenceRecommender`.
    public var sequence: Double
    /// Of the network of purchases, `PurchaseScorer`.
    public var purchase: Double

    public init(sequence: Double = 0, purchase: Double = 0) { (self.sequence, self.purchase) = (sequence, purchase) }

    public var sum: Double { sequence + purchase }

    public var isValid: Bool { sequence >= 0 && purchase >= 0 && sum <= 1 }
}
