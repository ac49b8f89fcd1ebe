import Foundation

/// Neighbours by vectors of decayed personal frequency: TIFU-KNN (Hu et al., SIGIR 2020).
///
/// A history is cut into groups of seven events; an event weighs 0.9 to the power of its age within the group, a group 0.7
/// to the power of its age; the result is mixed with the mean of the 300 nearest histories by cosine, 0.7 of them to 0.3.
public struct TIFUModel: SequenceModel {
    public static let name = "tifu_knn"
    private static let (within, between, groupSize) = (0.9, 0.7, 7)
    private static let neighbourShare = 0.7
    private let histories: PersonalVectors

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> TIFUModel {
        TIFUModel(histories: PersonalVectors(sequences.map(vector), itemLimit: itemLimit))
    }

    static func vector(_ history: [UInt32]) -> [UInt32: Double] {
        var sums: [UInt32: Double] = [:]
        let groups = max(1, (history.count + groupSize - 1) / groupSize)
        for (age, item) in history.reversed().enumerated() {
            let size = min(groupSize, history.count)
            let weight = pow(within, Double(age % groupSize)) * pow(between, Double(age / groupSize))
            sums[item, default: 0] += weight / Double(size * groups)
        }
        return sums
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        let own = Self.vector(history)
        for (item, weight) in own where Int(item) < scores.count {
            scores[Int(item)] += (1 - Self.neighbourShare) * weight
        }
        let nearest = histories.nearest(to: own, limit: 300, asymmetry: 0.5)
        for (user, _) in nearest {
            histories.add(user, Self.neighbourShare / Double(max(1, nearest.count)), to: &scores)
        }
    }
}

/// User-wise popularity with recency, spread over similar people: UP-CF (Faggioli, Polato and Aiolli, UMAP 2020).
///
/// A vector is the share of the last 25 events that an item takes; people are compared by asymmetric cosine with exponent
/// 0.25, and speak with their similarity.
public struct UPCFModel: SequenceModel {
    public static let name = "up_cf"
    private static let window = 25
    private static let asymmetry = 0.25
    private let histories: PersonalVectors

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> UPCFModel {
        UPCFModel(histories: PersonalVectors(sequences.map(vector), itemLimit: itemLimit))
    }

    static func vector(_ history: [UInt32]) -> [UInt32: Double] {
        var sums: [UInt32: Double] = [:]
        let recent = history.suffix(window)
        for item in recent { sums[item, default: 0] += 1 / Double(recent.count) }
        return sums
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        for (user, similarity) in histories.nearest(to: Self.vector(history), limit: 600, asymmetry: Self.asymmetry) {
            histories.add(user, similarity, to: &scores)
        }
    }
}

/// People's sparse vectors, by person and by item.
private struct PersonalVectors: Sendable {
    private var rows: [[(item: UInt32, weight: Float)]] = []
    private var columns: [[(user: Int32, weight: Float)]]
    private var squares: [Double] = []

    init(_ vectors: [[UInt32: Double]], itemLimit: Int) {
        columns = Array(repeating: [], count: itemLimit)
        for (user, vector) in vectors.enumerated() {
            let row = vector.sorted { $0.key < $1.key }.map { (item: $0.key, weight: Float($0.value)) }
            for (item, weight) in row { columns[Int(item)].append((Int32(user), weight)) }
            squares.append(row.reduce(0) { $0 + Double($1.weight * $1.weight) })
            rows.append(row)
        }
    }

    /// The most similar people by x·y / (|x|^2a · |y|^2(1 - a)); *a* one half is the cosine.
    func nearest(to own: [UInt32: Double], limit: Int, asymmetry: Double) -> [(item: UInt32, score: Double)] {
        var dots = [Double](repeating: 0, count: rows.count)
        var square = 0.0
        for (item, weight) in own.sorted(by: { $0.key < $1.key }) {
            square += weight * weight
            guard Int(item) < columns.count else { continue }
            for (user, other) in columns[Int(item)] { dots[Int(user)] += weight * Double(other) }
        }
        var best = TopItems(limit: limit)
        for user in dots.indices where dots[user] > 0 {
            let norm = pow(square, asymmetry) * pow(squares[user], 1 - asymmetry)
            if norm > 0 { best.insert(UInt32(user), dots[user] / norm) }
        }
        return best.sorted
    }

    func add(_ user: UInt32, _ factor: Double, to scores: inout [Double]) {
        for (item, weight) in rows[Int(user)] { scores[Int(item)] += factor * Double(weight) }
    }
}
