/// How much lists lean to what many have anyway.
public struct PopularityBias: Sendable {
    /// What users are grouped by: how much of their own past is of the best sellers.
    public enum Taste: String, CaseIterable, Sendable { case niche, mixed, bestsellers }

    /// How many users had each item, or how often it was bought, shape `[itemCount]`.
    public let counts: [Int]
    /// Items of the long tail: all but the fewest best sellers that make 80 % of `counts`; those with no count too.
    public let isTail: [Bool]
    /// What part of all counts the best sellers make (Pareto's share, as in Abdollahpouri et al., FLAIRS 2019).
    public static let headShare = 0.8

    /// - Complexity: O(*n* log *n*). Of items with equal counts the lower number sells better.
    public init(counts: [Int]) {
        self.counts = counts
        var isTail = Array(repeating: true, count: counts.count)
        let wanted = Self.headShare * Double(counts.reduce(0, +))
        var sum = 0.0
        for item in counts.indices.sorted(by: { (counts[$1], $0) < (counts[$0], $1) }) where sum < wanted {
            isTail[item] = false
            sum += Double(counts[item])
        }
        self.isTail = isTail
    }

    /// Returns ARP, the average recommendation popularity: the mean over lists of the mean count of what they show.
    ///
    /// Yin et al., PVLDB 2012; Abdollahpouri et al., FLAIRS 2019. `nil` if all lists are empty; empty ones are left out.
    public func averagePopularity(_ lists: [[Int]]) -> Double? { Self.mean(lists.compactMap(popularity)) }

    /// Returns APLT, the average percentage of long-tail items, as a share: the mean over lists of |list ∩ tail| / |list|.
    ///
    /// Abdollahpouri et al., FLAIRS 2019. `nil` if all lists are empty; empty ones are left out.
    public func longTailShare(_ lists: [[Int]]) -> Double? { Self.mean(lists.compactMap(tailShare)) }

    /// Returns the popularity lift of a group of users: (GAP(lists) − GAP(profiles)) / GAP(profiles).
    ///
    /// GAP is the mean over users of the mean count of their items. 0: as popular as what these users had; 1: twice as popular
    /// (Abdollahpouri et al., RMSE workshop at RecSys 2019, equations 1 and 2).
    /// - Parameter profiles: What each user had, parallel to `lists`; users without either are left out.
    public func lift(profiles: [[Int]], lists: [[Int]]) -> Double? {
        precondition(profiles.count == lists.count, "one list for each profile")
        let pairs = zip(profiles, lists).filter { !$0.0.isEmpty && !$0.1.isEmpty }
        guard let before = averagePopularity(pairs.map(\.0)), let after = averagePopularity(pairs.map(\.1)), before > 0
        else { return nil }
        return (after - before) / before
    }

    /// The group of each user: the fifth with most of the long tail in their past, the fifth with least, and those between.
    ///
    /// Groups as in Abdollahpouri et al., RecSys 2019 workshop, by the share of best sellers; of users with equal shares the
    /// earlier one counts as having less. Users without a past are `mixed`.
    public func tastes(_ profiles: [[Int]]) -> [Taste] {
        let shares = profiles.map { tailShare($0) }
        let order = profiles.indices.filter { shares[$0] != nil }
            .sorted { (shares[$0] ?? 0, $1) > (shares[$1] ?? 0, $0) }
        var tastes = Array(repeating: Taste.mixed, count: profiles.count)
        let fifth = order.count / 5
        for user in order.prefix(fifth) { tastes[user] = .niche }
        for user in order.suffix(fifth) { tastes[user] = .bestsellers }
        return tastes
    }

    private func popularity(_ list: [Int]) -> Double? { Self.mean(list.map { Double(counts[$0]) }) }

    private func tailShare(_ list: [Int]) -> Double? {
        list.isEmpty ? nil : Double(list.count { isTail[$0] }) / Double(list.count)
    }

    private static func mean(_ values: [Double]) -> Double? {
        values.isEmpty ? nil : values.reduce(0, +) / Double(values.count)
    }
}
