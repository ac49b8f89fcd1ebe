import Domain
import Features
import Foundation
public import Storage

/// What a branch sold lately, decayed, by item.
public struct BranchWeights: Sendable {
    public var weights: [UInt32: Double]
    public var total: Double { weights.values.reduce(0, +) }

    public init(weights: [UInt32: Double]) { self.weights = weights }
}

/// What many people buy now: each line counts `2^(-age / halfLife)` (`DecayPop` of Ji, Sun, Zhang and Li, SIGIR 2020).
///
/// Where a branch is known, its own share of an item is drawn to that of all, as a Dirichlet prior of `branchStrength` lines would
/// have it (Zhai and Lafferty, SIGIR 2001): share = (n(i) + k · share of all) / (n + k). Half-lives from 5 days to a year tell the next basket
/// equally well, and counting the same day of the week twice or thrice gains nothing (docs/recommendations.md). Where the log holds more than
/// a year, types of product follow their season (`SeasonFactors`).
public struct PopularityModel: Recommender {
    public static let name = "popularity"
    public static let halfLifeDays = 14.0
    /// How many lines of all shoppers count beside a branch's own; chosen on cuts up to 2017-10-04.
    static let branchStrength = 1000.0

    /// Decayed count by item number.
    let weights: [Double]
    /// Items with a weight, best first.
    let ranking: [UInt32]

    init(weights: [Double]) {
        self.weights = weights
        ranking = weights.indices.filter { weights[$0] > 0 }.map { UInt32($0) }
            .sorted { (weights[Int($1)], $0) < (weights[Int($0)], $1) }
    }

    /// - Parameter ranking: Items with a weight, best first.
    init(weights: [Double], ranking: [UInt32]) { (self.weights, self.ranking) = (weights, ranking) }

    public static func train(_ set: TrainingSet) -> PopularityModel {
        var weights = [Double](repeating: 0, count: set.itemLimit)
        let log = set.log
        for user in 0..<log.userLimit {
            for place in log.range(of: UserNumber(UInt32(user)), before: set.now) {
                let age = set.now.days(since: Timestamp(milliseconds: log.times[place]))
                weights[Int(log.items[place])] += exp2(-age / halfLifeDays)
            }
        }
        if let season = SeasonFactors(set) {
            for item in weights.indices where weights[item] > 0 { weights[item] *= season.factor(of: UInt32(item)) }
        }
        return PopularityModel(weights: weights)
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        if let branch = context.branch { return candidates(at: branch, for: context, limit: limit) }
        var result: [ScoredItem] = []
        for item in ranking where result.count < limit {
            guard context.eligibility.allows(ItemNumber(item)) else { continue }
            result.append(ScoredItem(item: ItemNumber(item), score: weights[Int(item)], reason: .popular))
        }
        return result
    }

    /// Scores in the units of the weights.
    ///
    /// Complexity: O(items of the branch + limit).
    private func candidates(
        at branch: BranchWeights, for context: RecommendationContext, limit: Int
    ) -> [ScoredItem] {
        let total = weights.reduce(0, +)
        let share = total / (branch.total + Self.branchStrength)
        func score(_ item: UInt32) -> Double {
            let ofAll = Int(item) < weights.count && total > 0 ? weights[Int(item)] / total : 0
            return share * ((branch.weights[item] ?? 0) + Self.branchStrength * ofAll)
        }
        var best = TopItems(limit: limit)
        for item in branch.weights.keys where best.mayEnter(item, score(item)) {
            if context.eligibility.allows(ItemNumber(item)) { best.insert(item, score(item)) }
        }
        for item in ranking where branch.weights[item] == nil {
            // The rest sells less everywhere.
            guard best.mayEnter(item, score(item)) else { break }
            if context.eligibility.allows(ItemNumber(item)) { best.insert(item, score(item)) }
        }
        return best.sorted.map { ScoredItem(item: ItemNumber($0.item), score: $0.score, reason: .popular) }
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        file.set("weights", weights)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) { self.init(weights: try columns.doubles("weights")) }
}
