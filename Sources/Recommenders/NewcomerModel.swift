public import Domain
public import Features

/// What somebody may like of whom nothing is known but which categories they chose.
///
/// A person's shares of categories are drawn from a Dirichlet distribution around those of all, so that *m* chosen purchases beside
/// one of the crowd's make them q(c) + *m* · t(c), where t is an equal part for each choice. Within a category everybody buys what
/// the crowd does (Dirichlet smoothing: Zhai and Lafferty, SIGIR 2001; asking for tastes: Rashid et al., IUI 2002): score = share(i) · (1 + *m* · t(c) / q(c)). Without choices it is what sells. *m* was chosen on the households
/// of Complete Journey as if each were new at 2017-09-03.
public struct NewcomerModel: Sendable {
    public static let name = "newcomer"
    static let choiceWeight = 0.1
    /// Choosing a category multiplies what is in it by so much at most, however rarely it is bought.
    static let greatestGain = 3.0
    /// Of what is proposed, so many may come from one department (the first level of a category).
    private static let perDepartment = 4

    private let popularity: PopularityModel
    private let facts: ItemFacts
    /// q by category: its part of what sells now.
    private let shares: [Double]

    /// Complexity: O(items).
    public init(_ popularity: PopularityModel, facts: ItemFacts) {
        (self.popularity, self.facts) = (popularity, facts)
        var sums = [Double](repeating: 0, count: facts.categoryPaths.count)
        for item in popularity.ranking {
            if let category = facts.category(ItemNumber(item)) { sums[Int(category)] += popularity.weights[Int(item)] }
        }
        let total = sums.reduce(0, +)
        shares = total > 0 ? sums.map { $0 / total } : sums
    }

    /// The best items for somebody who chose `tastes`, categories by number; unknown ones and repetitions do not count.
    public func candidates(for context: RecommendationContext, tastes: [UInt32], limit: Int) -> [ScoredItem] {
        let chosen = Set(tastes.filter { Int($0) < shares.count && shares[Int($0)] > 0 })
        let total = popularity.weights.reduce(0, +)
        guard total > 0 else { return [] }
        let part = Self.choiceWeight / Double(max(1, chosen.count))
        var best = TopItems(limit: limit)
        for item in popularity.ranking {
            let category = facts.category(ItemNumber(item))
            var score = popularity.weights[Int(item)] / total
            // The rest sells less, and no choice lifts it far enough.
            guard best.mayEnter(item, score * (1 + Self.greatestGain)) else { break }
            if let category, chosen.contains(category) {
                score *= 1 + min(Self.greatestGain, part / shares[Int(category)])
            }
            guard best.mayEnter(item, score), context.eligibility.allows(ItemNumber(item)) else { continue }
            best.insert(item, score)
        }
        return best.sorted.map { item, score in
            let category = facts.category(ItemNumber(item))
            let reason = category.map { chosen.contains($0) ? Reason.favouriteCategory($0) : .popular } ?? .popular
            return ScoredItem(item: ItemNumber(item), score: score, reason: reason)
        }
    }

    /// A category to choose, and what sells best in it.
    public struct Proposal: Hashable, Sendable {
        public var category: UInt32
        public var item: ItemNumber
        public init(category: UInt32, item: ItemNumber) { (self.category, self.item) = (category, item) }
    }

    /// Categories that are bought much and say different things of a person, each with what sells best in it of what is eligible.
    ///
    /// One after the other, that with the greatest √share · (1 - largest cosine with one before it); vectors are the mean tastes of
    /// a category's buyers' items (`TasteFactors`), of which those of all are taken off. Maximal marginal relevance
    /// (Carbonell and Goldstein, SIGIR 1998) with a product in place of the difference. Fewer if the shop has no more.
    public func proposals(_ blend: NextBasketModel, eligibility: Eligibility, limit: Int) -> [Proposal] {
        var bestItems: [UInt32: ItemNumber] = [:]
        for item in popularity.ranking {
            let number = ItemNumber(item)
            guard let category = facts.category(number), bestItems[category] == nil, eligibility.allows(number) else {
                continue
            }
            bestItems[category] = number
        }
        let vectors = tastes(blend.newItemScorer.taste)
        var open = bestItems.keys.sorted()
        var nearest = [Float](repeating: 0, count: shares.count)
        var departments: [String: Int] = [:]
        var result: [Proposal] = []
        while result.count < limit {
            func value(_ category: UInt32) -> Double {
                shares[Int(category)].squareRoot() * Double(1 - max(0, nearest[Int(category)]))
            }
            let room = open.filter { departments[department($0), default: 0] < Self.perDepartment }
            guard let next = room.max(by: { (value($0), $1) < (value($1), $0) }), let item = bestItems[next] else {
                break
            }
            result.append(Proposal(category: next, item: item))
            open.removeAll { $0 == next }
            departments[department(next), default: 0] += 1
            for other in open {
                let cosine = (vectors[Int(other)] * vectors[Int(next)]).sum()
                nearest[Int(other)] = max(nearest[Int(other)], cosine)
            }
        }
        return result
    }

    private func department(_ category: UInt32) -> String { facts.path(ofCategory: category)?.first ?? "" }

    /// By category: the mean taste of its items, weighed by sales, of length one, without what all have in common.
    private func tastes(_ taste: TasteFactors) -> [TasteFactors.Row] {
        var sums = [TasteFactors.Row](repeating: .zero, count: shares.count)
        for item in popularity.ranking where Int(item) < taste.factors.count {
            guard let category = facts.category(ItemNumber(item)) else { continue }
            sums[Int(category)] += taste.factors[Int(item)] * Float(popularity.weights[Int(item)])
        }
        let all = sums.reduce(.zero, +)
        return zip(sums, shares).map { sum, share in
            let own = sum - all * Float(share)
            let length = (own * own).sum().squareRoot()
            return length > 0 ? own / length : .zero
        }
    }
}
