public import Domain
public import Features
import Foundation
import Numerics

/// What a list may know beside its candidates and the person.
public struct ListKnowledge: Sendable {
    /// Days in the shop of items that are new; others are old.
    public var ages: [ItemNumber: Double] = [:]
    /// How often each item was shown, by number; beyond the end never.
    public var impressions: [Int32] = []
    /// By brand: 1 for the large ones, which together make half of what sells.
    public var isLargeBrand: [Bool] = []

    public init() {}
}

/// Puts a list together from candidates: relevance, variety, the person's proportions, new items, unseen items, small brands.
public struct Reranker: Sendable {
    /// A candidate with its relevance, the best 1.
    public struct Candidate: Hashable, Sendable {
        public var item: ItemNumber
        public var relevance: Double
        public init(item: ItemNumber, relevance: Double) { (self.item, self.relevance) = (item, relevance) }
    }

    /// Days after which freshness counts half.
    static let freshDays = 14.0
    /// Days after which a purchase counts half in the person's proportions.
    static let profileDays = 90.0

    let settings: Reranking
    let facts: ItemFacts
    let knowledge: ListKnowledge

    public init(_ settings: Reranking, facts: ItemFacts, knowledge: ListKnowledge = ListKnowledge()) {
        (self.settings, self.facts, self.knowledge) = (settings, facts, knowledge)
    }

    /// How many candidates are looked at for a list: the hybrid orders as many anyway.
    public static func poolSize(_ limit: Int) -> Int { max(limit, min(100, max(5 * limit, 50))) }

    /// The places of the candidates that make the list, in its order, and which of them explore.
    ///
    /// - Parameter candidates: The most relevant first.
    /// - Parameter seed: Of the person and the day: the same list all day, another one tomorrow.
    /// - Complexity: O(limit · candidates), times the list's length with `dpp`.
    public func list(
        _ candidates: [Candidate], history: [Interaction], now: Timestamp, seed: UInt64, limit: Int
    ) -> (places: [Int], explored: Set<Int>) {
        let limit = min(limit, candidates.count)
        guard limit > 0 else { return ([], []) }
        let open = min(limit - 1, Int((settings.exploration * Double(limit)).rounded()))
        var places = greedy(candidates, history: history, now: now, limit: limit - open)
        guard open > 0 else { return (places, []) }
        let explored = explore(candidates, without: Set(places), count: open, seed: seed)
        places += explored
        return (places, Set(explored))
    }

    private func greedy(
        _ candidates: [Candidate], history: [Interaction], now: Timestamp, limit: Int
    ) -> [Int] {
        let relevance = candidates.map { candidate in
            let age = knowledge.ages[candidate.item]
            return candidate.relevance * (1 + settings.freshness * (age.map { exp2(-$0 / Self.freshDays) } ?? 0))
        }
        let items = candidates.map(\.item)
        switch settings.method {
        case .relevance: return taken(RelevanceObjective(relevance: relevance), items, limit)
        case .mmr(let weight):
            let likeness = Likeness(items, facts: facts)
            return taken(MarginalRelevance(relevance: relevance, likeness: likeness, weight: weight), items, limit)
        case .dpp(let weight):
            let likeness = Likeness(items, facts: facts)
            return taken(DeterminantalList(relevance: relevance, likeness: likeness, weight: weight), items, limit)
        case .calibration(let weight):
            let profile = CategoryShares(history, facts: facts, now: now)
            guard !profile.shares.isEmpty else {
                return taken(RelevanceObjective(relevance: relevance), items, limit)
            }
            let groups = items.map { facts.category($0).flatMap { profile.places[$0] } ?? -1 }
            return taken(
                CalibratedList(relevance: relevance, groups: groups, target: profile.shares, weight: weight), items,
                limit)
        }
    }

    /// Takes the best candidate again and again; one of a small brand where the first *k* places would else hold fewer than
    /// ⌊share · k⌋ of those.
    ///
    /// DetGreedy (Geyik, Ambler and Kenthapadi, KDD 2019) for one group. Ties go to the candidate that was more relevant.
    private func taken(_ start: some ListObjective, _ items: [ItemNumber], _ limit: Int) -> [Int] {
        var objective = start
        let isSmall = items.map(isOfSmallBrand)
        var isLeft = Array(repeating: true, count: items.count)
        var smallLeft = isSmall.count { $0 }
        var places: [Int] = []
        var smallTaken = 0
        while places.count < limit {
            let least = Int(settings.brands * Double(places.count + 1) + 1e-9)
            let mustBeSmall = smallLeft > 0 && smallTaken < least
            var best: (place: Int, gain: Double)?
            for place in items.indices where isLeft[place] && (isSmall[place] || !mustBeSmall) {
                let gain = objective.gain(place)
                if gain > best?.gain ?? -.infinity { best = (place, gain) }
            }
            guard let place = best?.place else { break }
            objective.take(place)
            isLeft[place] = false
            if isSmall[place] {
                smallTaken += 1
                smallLeft -= 1
            }
            places.append(place)
        }
        return places
    }

    private func isOfSmallBrand(_ item: ItemNumber) -> Bool {
        guard settings.brands > 0, let brand = facts.brand(item) else { return false }
        return Int(brand) >= knowledge.isLargeBrand.count || !knowledge.isLargeBrand[Int(brand)]
    }

    /// Draws from what is left, without replacement, with weights relevance / (1 + times shown).
    ///
    /// Exponential keys u^(1/weight) (Efraimidis and Spirakis, 2006).
    private func explore(_ candidates: [Candidate], without taken: Set<Int>, count: Int, seed: UInt64) -> [Int] {
        var random = SeededGenerator(seed: seed)
        let keys = candidates.indices.map { place -> (place: Int, key: Double) in
            let (item, draw) = (candidates[place].item, max(1e-12, random.unit()))
            let shown = item.index < knowledge.impressions.count ? Double(knowledge.impressions[item.index]) : 0
            let weight = max(1e-6, candidates[place].relevance) / (1 + shown)
            return (place, log(draw) / weight)
        }
        let left = keys.filter { !taken.contains($0.place) }
        return left.sorted { ($1.key, $0.place) < ($0.key, $1.place) }.prefix(count).map(\.place)
    }
}

/// The shares of categories in what somebody bought, recent purchases more.
public struct CategoryShares: Sendable {
    /// By place; they sum to 1. Empty without purchases of known categories.
    public let shares: [Double]
    /// The place of each category.
    public let places: [UInt32: Int]

    public init(_ history: [Interaction], facts: ItemFacts, now: Timestamp) {
        var sums: [UInt32: Double] = [:]
        for line in history where line.name == .purchase && line.time < now {
            guard let category = facts.category(line.item) else { continue }
            sums[category, default: 0] += exp2(-now.days(since: line.time) / Reranker.profileDays)
        }
        let categories = sums.keys.sorted()
        let total = categories.reduce(0) { $0 + (sums[$1] ?? 0) }
        shares = categories.map { (sums[$0] ?? 0) / total }
        places = Dictionary(uniqueKeysWithValues: categories.enumerated().map { ($1, $0) })
    }

    /// How far a list is from these shares: KL(p ‖ 0.99 q + 0.01 p) in nats; `nil` without shares or items.
    public func divergence(of items: [ItemNumber], facts: ItemFacts) -> Double? {
        guard !shares.isEmpty, !items.isEmpty else { return nil }
        var counts = [Double](repeating: 0, count: shares.count)
        for item in items {
            if let place = facts.category(item).flatMap({ places[$0] }) { counts[place] += 1 }
        }
        return CalibratedList.divergence(of: shares) { counts[$0] / Double(items.count) }
    }
}

/// The brands that make half of what sells.
public enum LargeBrands {
    /// - Parameter weights: What each item sells, by number.
    /// - Returns: By brand; the fewest brands that together make half.
    public static func among(_ weights: [Double], facts: ItemFacts) -> [Bool] {
        var sums = [Double](repeating: 0, count: facts.brandNames.count)
        for (index, weight) in weights.enumerated() where weight > 0 {
            if let brand = facts.brand(ItemNumber(UInt32(index))) { sums[Int(brand)] += weight }
        }
        var isLarge = [Bool](repeating: false, count: sums.count)
        var left = sums.reduce(0, +) / 2
        for brand in sums.indices.sorted(by: { (sums[$1], $0) < (sums[$0], $1) }) where left > 0 && sums[brand] > 0 {
            isLarge[brand] = true
            left -= sums[brand]
        }
        return isLarge
    }
}
