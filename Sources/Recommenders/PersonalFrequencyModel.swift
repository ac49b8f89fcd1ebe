import Domain
import Features
import Foundation
public import Storage

/// What this person buys again: decayed frequency, raised when an item is due by its own rhythm.
///
/// score = Σ 0.98^age · h(age of the last purchase / mean gap), h(x) = 1 / (1 + e^(-4(x - 0.5))): just bought counts
/// little, due counts fully. The trained part is how often each item is bought a second time; it breaks ties.
public struct PersonalFrequencyModel: Recommender {
    public static let name = "personal"
    public static let decayPerDay = 0.98

    /// Share of the item's buyers who bought it in more than one basket, by item number, drawn towards 0.2.
    let repeatRates: [Float]

    public static func train(_ set: TrainingSet) -> PersonalFrequencyModel {
        var buyers = [Int32](repeating: 0, count: set.itemLimit)
        var repeaters = buyers
        var lastBasket = [Int32](repeating: -1, count: set.itemLimit)
        var state = [UInt8](repeating: 0, count: set.itemLimit)
        for user in 0..<set.log.userLimit {
            let range = set.log.range(of: UserNumber(UInt32(user)), before: set.now)
            for place in range {
                let (item, basket) = (Int(set.log.items[place]), set.log.baskets[place])
                if state[item] == 0 {
                    buyers[item] += 1
                    state[item] = 1
                } else if state[item] == 1, lastBasket[item] != basket {
                    repeaters[item] += 1
                    state[item] = 2
                }
                lastBasket[item] = basket
            }
            for place in range { state[Int(set.log.items[place])] = 0 }
        }
        return PersonalFrequencyModel(
            repeatRates: zip(repeaters, buyers).map { (Float($0) + 2) / (Float($1) + 10) })
    }

    init(repeatRates: [Float]) { self.repeatRates = repeatRates }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        var best = TopItems(limit: limit)
        let counts = PersonalCounts(context.history, now: context.now, decay: Self.decayPerDay)
        for entry in counts.entries where context.eligibility.allows(ItemNumber(entry.item)) {
            best.insert(entry.item, score(entry))
        }
        let byItem = Dictionary(uniqueKeysWithValues: counts.entries.map { ($0.item, $0) })
        return best.sorted.map { item, score in
            ScoredItem(
                item: ItemNumber(item), score: score,
                reason: byItem[item].map { Self.reason($0) } ?? .boughtBefore(times: 1))
        }
    }

    func score(_ entry: PersonalCounts.Entry) -> Double {
        let rate = Int(entry.item) < repeatRates.count ? Double(repeatRates[Int(entry.item)]) : 0.2
        let gap = entry.meanGap ?? 30
        let due = 1 / (1 + exp(-4 * (entry.last / gap - 0.5)))
        return entry.decayed * due + 0.01 * rate
    }

    static func reason(_ entry: PersonalCounts.Entry) -> Reason {
        if entry.times >= 3, let gap = entry.meanGap {
            return .rhythm(everyDays: max(1, Int(gap.rounded())), times: entry.times)
        }
        return .boughtBefore(times: entry.times)
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        file.set("repeat_rates", repeatRates)
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) { repeatRates = try columns.floats("repeat_rates") }
}
