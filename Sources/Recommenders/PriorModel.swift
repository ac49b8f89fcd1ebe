import Domain
import Features
import Foundation
public import Storage

/// What somebody may buy next of whom few events are known: their shares of categories and price levels are drawn to the crowd's.
///
/// Kinds are categories at price levels. A person's shares of kinds are a draw from a Dirichlet distribution around those of what sells now,
/// and the shares of items within a kind one around the crowd's, so after *n* purchases, of them n(c) of kind *c* and n(i) of item *i*,
/// the next one is *i* with the chance
/// (k q(c) + n(c)) / (k + n) · (h q(i|c) + n(i)) / (h + n(c)).
/// *k* and *h* are the values under which what people bought in the last 28 days, twenty things at most, was most likely: Dirichlet-multinomial
/// distributions with a known mean (Minka, Estimating a Dirichlet distribution, 2000). Purchases count 0.98^age.
/// Complexity of an answer: O(items that sell).
public struct PriorModel: Recommender {
    public static let name = "priors"
    private static let decay = 0.98
    private static let (learningDays, learningLines) = (28.0, 20)
    private static let strengths = 0.01...10_000.0

    private let popularity: PopularityModel
    /// By item: number of its kind.
    private let kinds: [UInt32]
    /// By kind: its category, `ItemFacts.unknown` without one.
    private let categories: [UInt32]
    /// By kind: its part of what sells now.
    private let shares: [Double]
    /// *k* and *h*: how many purchases the crowd counts for among kinds, and among the items of one.
    let strength: (kinds: Double, items: Double)

    public static func train(_ set: TrainingSet) -> PriorModel {
        let levels = PriceLevels(set)
        var numbers: [UInt64: UInt32] = [:]
        var (kinds, categories): ([UInt32], [UInt32]) = ([], [])
        for item in 0..<set.itemLimit {
            let category = set.facts.category(ItemNumber(UInt32(item))) ?? ItemFacts.unknown
            let level = levels[item] ?? .middle
            let key = UInt64(category) << 8 | UInt64(level.rawValue)
            if numbers[key] == nil {
                numbers[key] = UInt32(categories.count)
                categories.append(category)
            }
            kinds.append(numbers[key] ?? 0)
        }
        let model = PriorModel(
            popularity: PopularityModel.train(set), kinds: kinds, categories: categories, strength: (1, 1))
        return PriorModel(
            popularity: model.popularity, kinds: kinds, categories: categories, strength: model.strengths(set))
    }

    private init(
        popularity: PopularityModel, kinds: [UInt32], categories: [UInt32], strength: (kinds: Double, items: Double)
    ) {
        (self.popularity, self.kinds, self.categories) = (popularity, kinds, categories)
        self.strength = strength
        var sums = [Double](repeating: 0, count: categories.count)
        for item in popularity.ranking { sums[Int(kinds[Int(item)])] += popularity.weights[Int(item)] }
        let total = sums.reduce(0, +)
        shares = total > 0 ? sums.map { $0 / total } : sums
    }

    /// The most likely strengths, from the purchases of the last days before the moment of training.
    private func strengths(_ set: TrainingSet) -> (kinds: Double, items: Double) {
        var (byKind, byItem): ([DirichletSample], [DirichletSample]) = ([], [])
        let total = popularity.weights.reduce(0, +)
        guard total > 0 else { return (1, 1) }
        for user in 0..<set.log.userLimit {
            let lines = set.log.history(of: UserNumber(UInt32(user)), before: set.now)
                .filter { set.now.days(since: $0.time) < Self.learningDays }.prefix(Self.learningLines)
            var (kindCounts, itemCounts): ([UInt32: Int], [UInt32: [UInt32: Int]]) = ([:], [:])
            for line in lines {
                let kind = kinds[line.item.index]
                kindCounts[kind, default: 0] += 1
                itemCounts[kind, default: [:]][line.item.rawValue, default: 0] += 1
            }
            byKind.append(
                DirichletSample(
                    kindCounts.sorted { $0.key < $1.key }.map { (shares[Int($0.key)], $0.value) }))
            for (kind, counts) in itemCounts.sorted(by: { $0.key < $1.key }) {
                byItem.append(
                    DirichletSample(
                        counts.sorted { $0.key < $1.key }.map { item, count in
                            (popularity.weights[Int(item)] / total / shares[Int(kind)], count)
                        }))
            }
        }
        return (
            DirichletSample.strength(of: byKind, within: Self.strengths),
            DirichletSample.strength(of: byItem, within: Self.strengths)
        )
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        let total = popularity.weights.reduce(0, +)
        guard total > 0 else { return [] }
        let own = PersonalCounts(context.history, now: context.now, decay: Self.decay)
        var (ofKind, ofItem): ([UInt32: Double], [UInt32: PersonalCounts.Entry]) = ([:], [:])
        var events = 0.0
        for entry in own.entries where Int(entry.item) < kinds.count {
            ofKind[kinds[Int(entry.item)], default: 0] += entry.decayed
            ofItem[entry.item] = entry
            events += entry.decayed
        }
        // By kind: what its chance is to its share, and how many items of it were bought.
        let factors = shares.indices.map { kind -> (lift: Double, count: Double) in
            let count = ofKind[UInt32(kind)] ?? 0
            let chance = (strength.kinds * shares[kind] + count) / (strength.kinds + events)
            return (chance / (strength.items + count), count)
        }
        var best = TopItems(limit: limit)
        func consider(_ item: UInt32) {
            let kind = Int(kinds[Int(item)])
            let within = shares[kind] > 0 ? popularity.weights[Int(item)] / total / shares[kind] : 0
            let score = factors[kind].lift * (strength.items * within + (ofItem[item]?.decayed ?? 0))
            guard best.mayEnter(item, score), context.eligibility.allows(ItemNumber(item)) else { return }
            best.insert(item, score)
        }
        for item in popularity.ranking { consider(item) }
        for entry in own.entries where ofItem[entry.item] != nil && popularity.weights[Int(entry.item)] == 0 {
            consider(entry.item)
        }
        return best.sorted.map { item, score in
            let kind = Int(kinds[Int(item)])
            let reason: Reason =
                if let entry = ofItem[item] {
                    PersonalFrequencyModel.reason(entry)
                } else if factors[kind].count > 0, categories[kind] != ItemFacts.unknown {
                    .favouriteCategory(categories[kind])
                } else {
                    .popular
                }
            return ScoredItem(item: ItemNumber(item), score: score, reason: reason)
        }
    }

    public func columns() -> ColumnFile {
        var file = popularity.columns()
        file.kind = Self.name
        file.set("kinds", kinds)
        file.set("categories", categories)
        file.set("strengths", [strength.kinds, strength.items])
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        let (kinds, categories) = (try columns.uint32s("kinds"), try columns.uint32s("categories"))
        let (weights, strengths) = (try columns.doubles("weights"), try columns.doubles("strengths"))
        guard kinds.count == weights.count, kinds.allSatisfy({ Int($0) < categories.count }), strengths.count == 2,
            strengths.allSatisfy({ $0 > 0 }), weights.allSatisfy({ $0 >= 0 })
        else { throw columns.damaged("its kinds do not fit together") }
        self.init(
            popularity: PopularityModel(weights: weights), kinds: kinds, categories: categories,
            strength: (strengths[0], strengths[1]))
    }
}

/// How often one person had each of several things, with the crowd's shares of them.
struct DirichletSample {
    private let counts: [(share: Double, count: Int)]
    private let total: Int

    init(_ counts: [(share: Double, count: Int)]) {
        self.counts = counts.filter { $0.share > 0 && $0.count > 0 }
        total = self.counts.reduce(0) { $0 + $1.count }
    }

    /// The *k* under which samples are most likely as draws from Dirichlet distributions with parameters k · share.
    ///
    /// Differences of digamma functions at whole distances are sums of fractions.
    static func strength(of samples: [DirichletSample], within range: ClosedRange<Double>) -> Double {
        // One thing says nothing of how much people differ.
        let samples = samples.filter { $0.total > 1 }
        guard !samples.isEmpty else { return 1 }
        var (low, high) = (log(range.lowerBound), log(range.upperBound))
        // The sign of the likelihood's slope, by halves: sixty of them are exact to the last digits that matter.
        for _ in 0..<60 {
            let strength = exp((low + high) / 2)
            var slope = 0.0
            for sample in samples {
                for (share, count) in sample.counts {
                    for step in 0..<count { slope += share / (strength * share + Double(step)) }
                }
                for step in 0..<sample.total { slope -= 1 / (strength + Double(step)) }
            }
            if slope > 0 { low = log(strength) } else { high = log(strength) }
        }
        return exp((low + high) / 2)
    }
}
