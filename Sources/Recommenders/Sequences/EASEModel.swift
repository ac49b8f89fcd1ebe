import Numerics

/// A linear autoencoder over items, in closed form (Steck, WWW 2019): B = I - P · diag(1 / P), P = (XᵀX + λI)^-1.
///
/// Published for whole histories; here the *j*-th newest item weighs 0.6^j, which did better on the validation item. Items
/// beyond the `itemCap` most frequent have no part: the inverse costs O(items³) time and O(items²) memory.
public struct EASEModel: SequenceModel {
    public static let name = "ease"

    /// `souk tune` searches the first two.
    public struct Parameters: Hashable, Sendable {
        /// λ.
        public var regularisation: Float = 500
        public var historyDecay = 0.6
        public var itemCap = 15_000
        public init() {}
    }

    private let historyDecay: Double

    /// Items by row of `weights`, and rows by item; -1 for an item without one.
    private let items: [UInt32]
    private let rows: [Int32]
    private let weights: SymmetricMatrix
    /// 1 / diagonal of the inverse, by row.
    private let scales: [Float]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> EASEModel {
        train(sequences, itemLimit: itemLimit, parameters: .init())
    }

    public static func train(_ sequences: [[UInt32]], itemLimit: Int, parameters: Parameters) -> EASEModel {
        let itemCap = parameters.itemCap
        var counts = [Double](repeating: 0, count: itemLimit)
        let sets = sequences.map { Array(Set($0)).sorted() }
        for items in sets {
            for item in items { counts[Int(item)] += 1 }
        }
        var best = TopItems(limit: itemCap)
        let known = (0..<itemLimit).filter { counts[$0] > 0 }
        if known.count > itemCap { for item in known { best.insert(UInt32(item), counts[item]) } }
        let items = known.count > itemCap ? best.sorted.map(\.item).sorted() : known.map { UInt32($0) }
        var rows = [Int32](repeating: -1, count: itemLimit)
        for (row, item) in items.enumerated() { rows[Int(item)] = Int32(row) }
        var gram = SymmetricMatrix(size: items.count)
        for set in sets {
            let places = set.compactMap { rows[Int($0)] >= 0 ? Int(rows[Int($0)]) : nil }
            for first in places {
                for second in places { gram[first, second] += 1 }
            }
        }
        for row in items.indices { gram[row, row] += parameters.regularisation }
        // XᵀX + λI is positive definite; were rounding to break that, the model would know nothing.
        let isInverted = gram.invert()
        let scales = items.indices.map { isInverted ? 1 / gram[$0, $0] : 0 }
        return EASEModel(
            historyDecay: parameters.historyDecay, items: items, rows: rows, weights: gram, scales: scales)
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        var sums = [Float](repeating: 0, count: items.count)
        var weight = 1.0
        for item in history.reversed().prefix(40) {
            let row = Int(item) < rows.count ? Int(rows[Int(item)]) : -1
            if row >= 0 {
                // B_ij = -P_ij / P_jj for i ≠ j, 0 on the diagonal.
                let diagonal = sums[row]
                weights.addRow(row, times: -Float(weight), to: &sums)
                sums[row] = diagonal
            }
            weight *= historyDecay
        }
        for (row, item) in items.enumerated() { scores[Int(item)] += Double(sums[row] * scales[row]) }
    }
}
