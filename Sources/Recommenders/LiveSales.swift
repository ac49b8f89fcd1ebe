public import Domain
import Foundation

/// What was bought since models were trained, in one basket.
public struct LiveBasket: Hashable, Sendable {
    public var items: [ItemNumber]
    public var time: Timestamp
    /// `nil` for somebody unknown.
    public var user: UserNumber?

    public init(items: [ItemNumber], time: Timestamp, user: UserNumber? = nil) {
        (self.items, self.time, self.user) = (items, time, user)
    }
}

/// Counts of the purchases since models were trained, so that what is popular and what is bought together follow the day
/// without training; counts alone, nobody's name.
///
/// Items that nobody bought at training count from nothing. Memory is bounded: once `mostPairs` are known, new pairs wait for the
/// next training.
struct LiveSales: Sendable {
    static let mostPairs = 500_000
    /// Larger baskets are cut for pairs, as in training.
    private static let basketLimit = 150

    /// Baskets with two items, and how many people they are of; beyond `mostUsers` nobody is counted any more.
    struct Pair: Sendable {
        static let mostUsers = 32

        private(set) var baskets = 0
        private var strangers = 0
        private var users: Set<UserNumber> = []

        var people: Int { strangers + users.count }

        mutating func add(_ user: UserNumber?) {
            baskets += 1
            guard people < Self.mostUsers else { return }
            if let user { users.insert(user) } else { strangers += 1 }
        }
    }

    /// The moment of training: what sold then has the weight 1.
    let start: Timestamp
    /// By item: Σ 2^(age of training at the purchase / half-life), in the units of `PopularityModel`'s weights.
    private(set) var weights: [UInt32: Double] = [:]
    /// Baskets, all and by item, and by item those with another.
    private(set) var basketCount = 0
    private(set) var baskets: [UInt32: Int] = [:]
    private var pairs: [UInt32: [UInt32: Pair]] = [:]
    private var pairCount = 0

    init(start: Timestamp) { self.start = start }

    /// Items that were bought in one basket with an item, by number.
    func partners(of item: UInt32) -> [UInt32: Pair] { pairs[item] ?? [:] }

    /// Counts a basket; an item counts once for pairs, and once a line for popularity.
    ///
    /// - Returns: The items whose pairs changed.
    /// - Complexity: O(items²).
    mutating func add(_ basket: LiveBasket) -> [UInt32] {
        let weight = exp2(max(0, basket.time.days(since: start)) / PopularityModel.halfLifeDays)
        for item in basket.items { weights[item.rawValue, default: 0] += weight }
        let items = Set(basket.items.map(\.rawValue)).sorted().prefix(Self.basketLimit)
        basketCount += 1
        for item in items { baskets[item, default: 0] += 1 }
        for item in items {
            for other in items where other != item { count(item, other, of: basket.user) }
        }
        return Array(items)
    }

    private mutating func count(_ item: UInt32, _ other: UInt32, of user: UserNumber?) {
        if pairs[item]?[other] == nil {
            guard pairCount < Self.mostPairs else { return }
            pairCount += 1
        }
        pairs[item, default: [:]][other, default: Pair()].add(user)
    }
}

extension PopularityModel {
    /// The same with weights of later purchases added: what sold before and after training decays at one rate, so both compare in
    /// units of the moment of training.
    ///
    /// - Complexity: O(items + *k* log *k*) for *k* items with later purchases.
    func adding(_ later: [UInt32: Double]) -> PopularityModel {
        guard !later.isEmpty else { return self }
        var weights = weights
        if let most = later.keys.max(), Int(most) >= weights.count {
            weights.append(contentsOf: repeatElement(0, count: Int(most) + 1 - weights.count))
        }
        for (item, weight) in later { weights[Int(item)] += weight }
        func precedes(_ left: UInt32, _ right: UInt32) -> Bool {
            (weights[Int(right)], left) < (weights[Int(left)], right)
        }
        let changed = later.keys.sorted(by: precedes)
        var merged: [UInt32] = []
        merged.reserveCapacity(ranking.count + changed.count)
        var next = 0
        for item in ranking where later[item] == nil {
            while next < changed.count, precedes(changed[next], item) {
                merged.append(changed[next])
                next += 1
            }
            merged.append(item)
        }
        merged += changed[next...]
        return PopularityModel(weights: weights, ranking: merged)
    }
}

/// Models of one generation with what was bought since they were trained.
public struct LiveModels: Sendable {
    /// As they answer now.
    public private(set) var models: RecommenderModels
    private let trained: PopularityModel
    private var sales: LiveSales?

    public init(_ models: RecommenderModels) { (self.models, trained) = (models, models.popularity) }

    /// Counts baskets into popularity and co-purchase. What lies before the first basket counts as the moment of training where
    /// `start` does not say it.
    ///
    /// - Complexity: O(items of the catalogue + items² of each basket).
    public mutating func learn(_ baskets: [LiveBasket], trainedAt start: Timestamp?) {
        guard let first = baskets.first else { return }
        var sales = sales ?? LiveSales(start: start ?? first.time)
        self.sales = nil
        var changed: Set<UInt32> = []
        for basket in baskets { changed.formUnion(sales.add(basket)) }
        models.popularity = trained.adding(sales.weights)
        for item in changed { models.together.follow(sales, of: item) }
        self.sales = sales
    }
}
