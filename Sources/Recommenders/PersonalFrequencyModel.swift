import Domain
import Features
import Foundation
public import Storage

/// What this person buys again: decayed frequency, raised when an item is due by its own rhythm.
///
/// Decayed personal counts are the personal part of TIFU-KNN (Hu et al., SIGIR 2020) and UP-CF (Faggioli et al., UMAP 2020). The raise stands
/// for a hazard of buying again, which grows with the time since the last purchase; it is a fixed logistic curve of that time over the mean
/// gap, the same for all items, and not estimated as in Bhagat et al. (Buy It Again, KDD 2018): the ranker of the hybrid learns it from
/// gaps and ages instead.
/// score = Σ 0.98^age · h(age of the last purchase / mean gap), h(x) = 1 / (1 + e^(-4(x - 0.5))): just bought counts
/// little, due counts fully; numbers are those of the shipped `Parameters`. The trained part is how often each item is bought a
/// second time; it breaks ties.
public struct PersonalFrequencyModel: Recommender {
    public static let name = "personal"

    /// `souk tune --shop` searches them.
    public struct Parameters: Hashable, Sendable {
        /// What a day leaves of a purchase, above 0 and at most 1.
        public var decay = 0.98
        /// How sharply an item becomes due.
        public var dueSlope = 4.0
        /// At which part of its mean gap an item is half due.
        public var dueCentre = 0.5
        /// Weight of how often the item is bought a second time.
        public var repeatWeight = 0.01
        public init() {}
    }

    let parameters: Parameters

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
            set.parameters.personal, repeatRates: zip(repeaters, buyers).map { (Float($0) + 2) / (Float($1) + 10) })
    }

    init(_ parameters: Parameters, repeatRates: [Float]) {
        (self.parameters, self.repeatRates) = (parameters, repeatRates)
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        var best = TopItems(limit: limit)
        let counts = PersonalCounts(context.history, now: context.now, decay: parameters.decay)
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
        let due = 1 / (1 + exp(-parameters.dueSlope * (entry.last / gap - parameters.dueCentre)))
        return entry.decayed * due + parameters.repeatWeight * rate
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
        file.set(
            Self.parameterColumn,
            [parameters.decay, parameters.dueSlope, parameters.dueCentre, parameters.repeatWeight])
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        var parameters = Parameters()
        // Models of earlier versions have those that are shipped.
        if columns.columns[Self.parameterColumn] != nil {
            let values = try columns.doubles(Self.parameterColumn)
            guard values.count == 4, values.allSatisfy({ $0.isFinite && $0 >= 0 }), values[0] > 0, values[0] <= 1
            else { throw columns.damaged("its parameters are out of range") }
            (parameters.decay, parameters.dueSlope) = (values[0], values[1])
            (parameters.dueCentre, parameters.repeatWeight) = (values[2], values[3])
        }
        self.init(parameters, repeatRates: try columns.floats("repeat_rates"))
    }

    private static let parameterColumn = "parameters"
}
