import Domain
import Features
import Foundation
public import Storage

/// What many people buy now: each basket counts `2^(-age / halfLife)`.
public struct PopularityModel: Recommender {
    public static let name = "popularity"
    public static let halfLifeDays = 14.0

    /// Decayed count by item number.
    let weights: [Double]
    /// Items with a weight, best first.
    let ranking: [UInt32]

    init(weights: [Double]) {
        self.weights = weights
        ranking = weights.indices.filter { weights[$0] > 0 }.map { UInt32($0) }
            .sorted { (weights[Int($1)], $0) < (weights[Int($0)], $1) }
    }

    public static func train(_ set: TrainingSet) -> PopularityModel {
        var weights = [Double](repeating: 0, count: set.itemLimit)
        let log = set.log
        for user in 0..<log.userLimit {
            for place in log.range(of: UserNumber(UInt32(user)), before: set.now) {
                let age = set.now.days(since: Timestamp(milliseconds: log.times[place]))
                weights[Int(log.items[place])] += exp2(-age / halfLifeDays)
            }
        }
        return PopularityModel(weights: weights)
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        var result: [ScoredItem] = []
        for item in ranking where result.count < limit {
            guard context.eligibility.allows(ItemNumber(item)) else { continue }
            result.append(ScoredItem(item: ItemNumber(item), score: weights[Int(item)], reason: .popular))
        }
        return result
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        file.set("weights", weights)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) { self.init(weights: try columns.doubles("weights")) }
}
