import Domain
import Features
import Foundation
public import Storage

/// Popularity-corrected transitions: what comes after what a person had, from causal counts (Petrov et al., RecSys 2026).
///
/// C_ba = Σ_d γ_d N_ba(d) counts *a* at distance *d* after *b*, γ_d = d^-power within a window; P(a|b) = (C_ba + τ/|I|) /
/// (C_b + τ); S(a|h) = Σ_j w_j log P(a|h_j) + λ log p_pop(a), w_j = 0.6^j from the newest. The terms that do not depend
/// on *a* are left out: S differs by a constant for each history.
public struct PCTMModel: Recommender {
    public static let name = "pctm"

    /// Defaults are the paper's values for Amazon Beauty, but for γ: 1/d^0.7 over 20 items did better there than 1/d over
    /// 10, on the validation item.
    public struct Parameters: Hashable, Sendable {
        public var window = 20
        public var distancePower = 0.7
        public var smoothing = 11_250.0
        public var historyDecay = 0.6
        public var popularityWeight = -0.04
        /// Successors kept for each item, the most frequent first.
        public var successorLimit = Int.max
        public init() {}
    }

    public let parameters: Parameters
    /// Rows hold log(1 + C_ba |I| / τ).
    let table: NeighbourTable
    /// λ log p_pop(a) by item number, zero for an item that never occurred; `isKnown` tells them apart.
    let base: [Double]
    let isKnown: [UInt8]

    public static func train(_ set: TrainingSet) -> PCTMModel {
        var sequences: [[UInt32]] = []
        for user in 0..<set.log.userLimit {
            sequences.append(Array(set.log.items[set.log.range(of: UserNumber(UInt32(user)), before: set.now)]))
        }
        return train(sequences, itemLimit: set.itemLimit, parameters: set.parameters.transitions)
    }

    /// Those of a shop, whose catalogue is large.
    static var basketParameters: Parameters {
        var parameters = Parameters()
        parameters.successorLimit = 64
        return parameters
    }

    /// Trains on one sequence a user, oldest first.
    public static func train(_ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters) -> PCTMModel {
        var counts = [Double](repeating: 0, count: itemLimit)
        var offsets = [Int](repeating: 0, count: itemLimit + 1)
        for sequence in sequences {
            for item in sequence {
                counts[Int(item)] += 1
                offsets[Int(item) + 1] += 1
            }
        }
        for item in 0..<itemLimit { offsets[item + 1] += offsets[item] }
        var places = [(sequence: Int32, position: Int32)](repeating: (0, 0), count: offsets[itemLimit])
        var next = offsets
        for (number, sequence) in sequences.enumerated() {
            for (position, item) in sequence.enumerated() {
                places[next[Int(item)]] = (Int32(number), Int32(position))
                next[Int(item)] += 1
            }
        }
        let known = Double(max(1, counts.count { $0 > 0 }))
        let gammas = (0...max(1, parameters.window)).map { pow(Double(max(1, $0)), -parameters.distancePower) }
        var table = NeighbourTable()
        var board = ScoreBoard(itemLimit: itemLimit)
        for item in 0..<itemLimit {
            board.clear()
            for place in places[offsets[item]..<offsets[item + 1]] {
                let sequence = sequences[Int(place.sequence)]
                let start = Int(place.position)
                for distance in 1...max(1, parameters.window) where start + distance < sequence.count {
                    board.add(sequence[start + distance], gammas[distance])
                }
            }
            let row = board.top(min(parameters.successorLimit, board.touched.count)) { $0 != UInt32(item) }
            table.append(row.map { ($0.item, log(1 + $0.score * known / parameters.smoothing)) })
        }
        let total = max(1, counts.reduce(0, +))
        let base = counts.map { $0 > 0 ? parameters.popularityWeight * log($0 / total) : 0 }
        return PCTMModel(parameters, table, base: base, isKnown: counts.map { $0 > 0 ? 1 : 0 })
    }

    init(_ parameters: Parameters, _ table: NeighbourTable, base: [Double], isKnown: [UInt8]) {
        (self.parameters, self.table, self.base, self.isKnown) = (parameters, table, base, isKnown)
    }

    /// The best items after `history`, without those in it: all known items are ranked.
    public func top(after history: [UInt32], limit: Int) -> [UInt32] {
        var scores = base
        addTransitions(history, to: &scores)
        var best = TopItems(limit: limit + history.count)
        for item in scores.indices where isKnown[item] == 1 && best.mayEnter(UInt32(item), scores[item]) {
            best.insert(UInt32(item), scores[item])
        }
        let owned = Set(history)
        return Array(best.sorted.lazy.map(\.item).filter { !owned.contains($0) }.prefix(limit))
    }

    func addTransitions(_ history: [UInt32], to scores: inout [Double]) {
        var weight = 1.0
        for item in history.reversed().prefix(40) {
            for place in table.row(item) { scores[Int(table.others[place])] += weight * Double(table.weights[place]) }
            weight *= parameters.historyDecay
        }
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        let seen = (context.history + context.session).suffix(40).map(\.item.rawValue) + context.basket.map(\.rawValue)
        guard !seen.isEmpty else { return [] }
        var board = ScoreBoard(itemLimit: base.count)
        var sources: [UInt32: UInt32] = [:]
        var weight = 1.0
        for item in seen.reversed().prefix(40) {
            for place in table.row(item) {
                board.add(table.others[place], weight * Double(table.weights[place]))
                if sources[table.others[place]] == nil { sources[table.others[place]] = item }
            }
            weight *= parameters.historyDecay
        }
        for item in board.touched { board.add(item, base[Int(item)]) }
        let owned = Set(seen)
        let top = board.top(limit) { !owned.contains($0) && context.eligibility.allows(ItemNumber($0)) }
        return top.map { item, score in
            ScoredItem(
                item: ItemNumber(item), score: score, reason: .oftenBoughtAfter(ItemNumber(sources[item] ?? item)))
        }
    }

    public func columns() -> ColumnFile {
        var file = ColumnFile(kind: Self.name)
        table.store(in: &file)
        file.set("base", base)
        file.set("known", isKnown)
        file.set("history_decay", [parameters.historyDecay])
        return file
    }

    public init(_ columns: ColumnFile) throws(StorageError) {
        var parameters = Parameters()
        parameters.historyDecay = try columns.number("history_decay")
        let table = try NeighbourTable(columns)
        let base = try columns.doubles("base")
        let known = try columns.bytes("known")
        guard base.count == known.count, table.rowCount == base.count,
            table.others.allSatisfy({ Int($0) < base.count })
        else { throw columns.damaged("its items do not fit together") }
        self.init(parameters, table, base: base, isKnown: known)
    }
}
