import Domain
import Features
import Foundation
import Storage

/// Ranks items that somebody never had: what neighbours buy, and buy now, of the types that this person buys.
///
/// log score = 0.73 · log(n + 0.012) + 0.41 · log(r + 0.003) + 0.48 · log(t + 0.38) + 0.5 · log(max(0, f) + 0.003). *n* is the mean of (decayed count)^0.2
/// over the 100 nearest users; *r* the share of the 300 nearest who bought the item in the last 28 days of training; *t*
/// how much more of the type this person buys than all did in those days, drawn towards 1 for rare types; *f* the score of
/// `TasteFactors`. The first three exponents are those of a conditional logit fitted to the next baskets of 2017-09-01 and
/// 2017-10-01, the last was chosen on 2017-08-06, 2017-09-03 and 2017-10-01.
struct NewItemScorer: Hashable, Sendable {
    static let neighbourCount = 300
    static let closeCount = 100
    private static let candidateCount = 3000
    private static let recentDays = 28.0
    private static let exponents = (bought: 0.73, recent: 0.41, type: 0.48, taste: 0.5)
    private static let offsets = (bought: 0.012, recent: 0.003, type: 0.38, taste: 0.003)
    /// What the crowd's share weighs beside a person's own share of a type.
    private static let typeSmoothing = 0.3

    /// By place in the user vectors: whether the purchase is recent, and (decayed count)^0.2.
    let isRecent: [UInt8]
    let powers: [Float]
    /// By item: 1 if it is among the `candidateCount` that sold most in the last 56 days: rare items of rare types would
    /// win by their type alone.
    let isCandidate: [UInt8]
    let taste: TasteFactors
    /// By item: number of its type, `ItemFacts.unknown` without one. Empty without facts.
    private let types: [UInt32]
    /// By type: share of the lines of the last days.
    private let typeShares: [Double]

    init(_ set: TrainingSet, vectors: UserVectors, decay: Double) {
        var isRecent: [UInt8] = []
        isRecent.reserveCapacity(vectors.items.count)
        let types = set.facts.types
        var counts = [Double](repeating: 0, count: set.facts.typePaths.count)
        var sales = [Double](repeating: 0, count: set.itemLimit)
        for user in 0..<set.log.userLimit {
            let history = set.log.history(of: UserNumber(UInt32(user)), before: set.now)
            for entry in PersonalCounts(history, now: set.now, decay: decay).entries {
                isRecent.append(entry.last < Self.recentDays ? 1 : 0)
            }
            for line in history where set.now.days(since: line.time) < Self.recentDays {
                if let type = set.facts.type(line.item) { counts[Int(type)] += 1 }
            }
            for line in history where set.now.days(since: line.time) < 2 * Self.recentDays {
                sales[line.item.index] += 1
            }
        }
        var best = TopItems(limit: Self.candidateCount)
        for (item, count) in sales.enumerated() where count > 0 { best.insert(UInt32(item), count) }
        var isCandidate = [UInt8](repeating: 0, count: set.itemLimit)
        for (item, _) in best.sorted { isCandidate[Int(item)] = 1 }
        let total = max(1, counts.reduce(0, +))
        self.init(
            isRecent: isRecent, isCandidate: isCandidate, types: types, typeShares: counts.map { $0 / total },
            taste: TasteFactors(vectors, seed: set.seed), vectors: vectors)
    }

    private init(
        isRecent: [UInt8], isCandidate: [UInt8], types: [UInt32], typeShares: [Double], taste: TasteFactors,
        vectors: UserVectors
    ) {
        (self.isRecent, self.isCandidate) = (isRecent, isCandidate)
        (self.types, self.typeShares, self.taste) = (types, typeShares, taste)
        powers = vectors.weights().map { Float(pow(Double($0), 0.2)) }
    }

    /// Adds the score of each item of the neighbours, nearest first, to an empty board.
    func addScores(
        _ nearest: [UInt32], own: PersonalCounts, taste person: TasteFactors.Row, vectors: UserVectors,
        to board: inout ScoreBoard
    ) {
        var recent = ScoreBoard(itemLimit: vectors.itemLimit)
        for (rank, other) in nearest.enumerated() {
            for place in vectors.row(of: other) where isCandidate[Int(vectors.items[place])] == 1 {
                if rank < Self.closeCount {
                    board.add(vectors.items[place], Double(powers[place]) / Double(Self.closeCount))
                }
                if isRecent[place] == 1 { recent.add(vectors.items[place], 1 / Double(Self.neighbourCount)) }
            }
        }
        for item in recent.touched { board.add(item, 0) }
        let lifts = typeLifts(own)
        let (exponents, offsets) = (Self.exponents, Self.offsets)
        for item in board.touched {
            let bought = board.scores[Int(item)]
            let sum =
                exponents.bought * log(bought + offsets.bought)
                + exponents.recent * log(recent.scores[Int(item)] + offsets.recent)
                + exponents.type * log((type(item).map { lifts[$0] } ?? 1) + offsets.type)
                + exponents.taste * log(Double(max(0, taste.score(item, person))) + offsets.taste)
            board.add(item, exp(sum) - bought)
        }
    }

    /// How much more of each type a person buys than the crowd, from decayed counts.
    private func typeLifts(_ own: PersonalCounts) -> [Double] {
        var sums = [Double](repeating: 0, count: typeShares.count)
        var total = 0.0
        for entry in own.entries {
            total += entry.decayed
            if let type = type(entry.item) { sums[type] += entry.decayed }
        }
        return zip(sums, typeShares).map { sum, share in
            (sum / max(1e-9, total) + Self.typeSmoothing * share) / ((1 + Self.typeSmoothing) * share + 1e-6)
        }
    }

    private func type(_ item: UInt32) -> Int? {
        guard Int(item) < types.count, types[Int(item)] != ItemFacts.unknown else { return nil }
        return Int(types[Int(item)])
    }

    func store(in file: inout ColumnFile) {
        file.set("recent", isRecent)
        file.set("candidates", isCandidate)
        file.set("types", types)
        file.set("type_shares", typeShares)
        taste.store(in: &file)
    }

    init(_ file: ColumnFile, vectors: UserVectors) throws(StorageError) {
        let (recent, types) = (try file.bytes("recent"), try file.uint32s("types"))
        let (candidates, shares) = (try file.bytes("candidates"), try file.doubles("type_shares"))
        guard candidates.count == vectors.itemLimit, recent.count == vectors.items.count,
            types.allSatisfy({ $0 == ItemFacts.unknown || Int($0) < shares.count }), shares.allSatisfy({ $0 >= 0 })
        else { throw file.damaged("its types do not fit together") }
        self.init(
            isRecent: recent, isCandidate: candidates, types: types, typeShares: shares,
            taste: try TasteFactors(file, vectors: vectors), vectors: vectors)
    }
}
