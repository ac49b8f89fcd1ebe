import Foundation

/// What the 200 most similar histories hold: cosine of items weighted by recency and rarity.
///
/// Vector multiplication session-based kNN (Ludewig and Jannach, UMUAI 2018) over whole histories: the *j*-th newest item
/// weighs 0.8^j · log(users / (1 + its users)). A score is the similarity of the neighbours with the item / that of all.
public struct UserNeighbourModel: SequenceModel {
    public static let name = "user_knn"
    private static let neighbourCount = 200
    private static let historyDecay: Float = 0.8
    private static let historyLimit = 40

    private let sequences: [[UInt32]]
    /// By item: people who have it, and its weight in their normalised history.
    private let users: [[Int32]]
    private let weights: [[Float]]
    private let rarity: [Float]

    public static func train(_ sequences: [[UInt32]], itemLimit: Int) -> UserNeighbourModel {
        var counts = [Float](repeating: 0, count: itemLimit)
        for sequence in sequences {
            for item in Set(sequence) { counts[Int(item)] += 1 }
        }
        let rarity = counts.map { max(0.1, log(Float(max(1, sequences.count)) / (1 + $0))) }
        var users = [[Int32]](repeating: [], count: itemLimit)
        var weights = [[Float]](repeating: [], count: itemLimit)
        for (user, sequence) in sequences.enumerated() {
            for (item, weight) in vector(of: sequence, rarity: rarity) {
                users[Int(item)].append(Int32(user))
                weights[Int(item)].append(weight)
            }
        }
        return UserNeighbourModel(
            sequences: sequences.map { Array(Set($0)).sorted() }, users: users, weights: weights, rarity: rarity)
    }

    /// Items in rising order with weights, of length one; unknown items have none.
    private static func vector(of history: [UInt32], rarity: [Float]) -> [(item: UInt32, weight: Float)] {
        var sums: [UInt32: Float] = [:]
        var weight: Float = 1
        for item in history.reversed().prefix(historyLimit) {
            if Int(item) < rarity.count { sums[item, default: 0] += weight * rarity[Int(item)] }
            weight *= historyDecay
        }
        let sorted = sums.sorted { $0.key < $1.key }
        let norm = max(1e-9, sorted.reduce(0) { $0 + $1.value * $1.value }.squareRoot())
        return sorted.map { ($0.key, $0.value / norm) }
    }

    public func addScores(after history: [UInt32], to scores: inout [Double]) {
        var dots = [Float](repeating: 0, count: sequences.count)
        for (item, weight) in Self.vector(of: history, rarity: rarity) {
            let (others, values) = (users[Int(item)], weights[Int(item)])
            for place in others.indices { dots[Int(others[place])] += weight * values[place] }
        }
        var nearest = TopItems(limit: Self.neighbourCount)
        // The same history has nothing new to say: it is the asking person's own.
        for user in dots.indices where dots[user] > 0 && dots[user] < 0.99999 {
            nearest.insert(UInt32(user), Double(dots[user]))
        }
        let total = max(1e-9, nearest.sorted.reduce(0) { $0 + $1.score })
        for (user, similarity) in nearest.sorted {
            for item in sequences[Int(user)] { scores[Int(item)] += similarity / total }
        }
    }
}
