import Foundation

/// Neighbours by vectors of decayed personal frequency: TIFU-KNN (Hu et al., SIGIR 2020).
///
/// A history is cut into groups of seven baskets; a basket weighs 0.9 to the power of its age within the group, a group 0.7
/// to the power of its age; the result is mixed with the mean of the 300 nearest histories by cosine, 0.7 of them to 0.3.
/// Numbers are those of the shipped `Parameters`. Where nothing says what was bought together, an event is a basket.
public struct TIFUModel: BasketSequenceModel {
    public static let name = "tifu_knn"

    /// `souk tune` searches them.
    public struct Parameters: Hashable, Sendable {
        public var withinDecay = 0.9
        public var betweenDecay = 0.7
        /// Baskets of a group, at least one.
        public var groupSize = 7
        public var neighbourShare = 0.7
        public var neighbourCount = 300
        public init() {}

        func vector(_ history: [[UInt32]]) -> [UInt32: Double] {
            var sums: [UInt32: Double] = [:]
            let groups = max(1, (history.count + groupSize - 1) / groupSize)
            let size = min(groupSize, history.count)
            for (age, basket) in history.reversed().enumerated() {
                let weight = pow(withinDecay, Double(age % groupSize)) * pow(betweenDecay, Double(age / groupSize))
                for item in basket { sums[item, default: 0] += weight / Double(size * groups) }
            }
            return sums
        }
    }

    private let parameters: Parameters
    private let histories: PersonalVectors

    public static func train(baskets: [[[UInt32]]], itemLimit: Int) -> TIFUModel {
        train(baskets: baskets, itemLimit: itemLimit, parameters: .init())
    }

    public static func train(baskets: [[[UInt32]]], itemLimit: Int, parameters: Parameters) -> TIFUModel {
        TIFUModel(
            parameters: parameters,
            histories: PersonalVectors(baskets.map(parameters.vector), itemLimit: itemLimit))
    }

    public func addScores(afterBaskets history: [[UInt32]], to scores: inout [Double]) {
        let own = parameters.vector(history)
        let share = parameters.neighbourShare
        for (item, weight) in own where Int(item) < scores.count { scores[Int(item)] += (1 - share) * weight }
        let nearest = histories.nearest(to: own, limit: parameters.neighbourCount, asymmetry: 0.5)
        for (user, _) in nearest { histories.add(user, share / Double(max(1, nearest.count)), to: &scores) }
    }
}

/// User-wise popularity with recency, spread over similar people: UP-CF (Faggioli, Polato and Aiolli, UMAP 2020).
///
/// A vector is the share of the last 25 baskets that hold an item; people are compared by asymmetric cosine with exponent
/// 0.25, and the nearest 600 speak with their similarity to the power of the locality, which is 1. Numbers are those of the shipped
/// `Parameters`. Where nothing says what was bought together, an event is a basket.
public struct UPCFModel: BasketSequenceModel {
    public static let name = "up_cf"

    /// `souk tune` searches them.
    public struct Parameters: Hashable, Sendable {
        /// Newest baskets that count.
        public var window = 25
        public var asymmetry = 0.25
        public var locality = 1.0
        public var neighbourCount = 600
        public init() {}

        func vector(_ history: [[UInt32]]) -> [UInt32: Double] {
            var sums: [UInt32: Double] = [:]
            let recent = history.suffix(window)
            for item in recent.joined() { sums[item, default: 0] += 1 / Double(recent.count) }
            return sums
        }
    }

    private let parameters: Parameters
    private let histories: PersonalVectors

    public static func train(baskets: [[[UInt32]]], itemLimit: Int) -> UPCFModel {
        train(baskets: baskets, itemLimit: itemLimit, parameters: .init())
    }

    public static func train(baskets: [[[UInt32]]], itemLimit: Int, parameters: Parameters) -> UPCFModel {
        UPCFModel(
            parameters: parameters,
            histories: PersonalVectors(baskets.map(parameters.vector), itemLimit: itemLimit))
    }

    public func addScores(afterBaskets history: [[UInt32]], to scores: inout [Double]) {
        let nearest = histories.nearest(
            to: parameters.vector(history), limit: parameters.neighbourCount, asymmetry: parameters.asymmetry)
        for (user, similarity) in nearest {
            histories.add(user, pow(similarity, parameters.locality), to: &scores)
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
