import Foundation

/// What an item adds to a list that is put together one by one, greedily.
protocol ListObjective {
    /// What a candidate would add to the items that were taken.
    func gain(_ candidate: Int) -> Double
    /// Adds a candidate to the list.
    mutating func take(_ candidate: Int)
}

/// Relevance alone.
struct RelevanceObjective: ListObjective {
    let relevance: [Double]
    func gain(_ candidate: Int) -> Double { relevance[candidate] }
    mutating func take(_ candidate: Int) {}
}

/// Maximal marginal relevance (Carbonell and Goldstein, SIGIR 1998): (1 − w) · relevance − w · greatest likeness to the list.
struct MarginalRelevance: ListObjective {
    let relevance: [Double]
    let likeness: Likeness
    let weight: Double
    private var closest: [Double]

    init(relevance: [Double], likeness: Likeness, weight: Double) {
        (self.relevance, self.likeness, self.weight) = (relevance, likeness, weight)
        closest = Array(repeating: 0, count: relevance.count)
    }

    func gain(_ candidate: Int) -> Double { (1 - weight) * relevance[candidate] - weight * closest[candidate] }

    mutating func take(_ candidate: Int) {
        for other in closest.indices { closest[other] = max(closest[other], likeness.of(other, candidate)) }
    }
}

/// Calibration to the person's categories (Steck, RecSys 2018): (1 − w) · Σ relevance − w · KL(p ‖ 0.99 q + 0.01 p).
///
/// *p* are the shares of categories in what the person bought, *q* those of the list. Items without a category count
/// for relevance alone.
struct CalibratedList: ListObjective {
    private static let smoothing = 0.01
    let relevance: [Double]
    /// Place of each candidate's category among `target`; -1 for one that the person never bought from.
    let groups: [Int]
    /// The person's shares; they sum to 1.
    let target: [Double]
    let weight: Double
    private var counts: [Double]
    private var taken = 0.0

    init(relevance: [Double], groups: [Int], target: [Double], weight: Double) {
        (self.relevance, self.groups, self.target, self.weight) = (relevance, groups, target, weight)
        counts = Array(repeating: 0, count: target.count)
    }

    func gain(_ candidate: Int) -> Double {
        (1 - weight) * relevance[candidate] - weight * divergence(adding: groups[candidate])
    }

    mutating func take(_ candidate: Int) {
        if groups[candidate] >= 0 { counts[groups[candidate]] += 1 }
        taken += 1
    }

    /// KL(p ‖ q̃) of the list with one more item of a group. Complexity: O(categories of the person).
    private func divergence(adding group: Int) -> Double {
        Self.divergence(of: target) { (counts[$0] + ($0 == group ? 1 : 0)) / (taken + 1) }
    }

    /// KL(p ‖ (1 − 0.01) q + 0.01 p), in nats: 0 for a list in the person's proportions.
    static func divergence(of target: [Double], shares: (Int) -> Double) -> Double {
        target.indices.reduce(0) { sum, group in
            guard target[group] > 0 else { return sum }
            let share = (1 - smoothing) * shares(group) + smoothing * target[group]
            return sum + target[group] * log(target[group] / share)
        }
    }
}

/// Greedy maximum a posteriori of a determinantal point process (Chen, Zhang and Zhou, NeurIPS 2018, algorithm 1).
///
/// L = Diag(e^(α r)) · S · Diag(e^(α r)), α = θ / (2 (1 − θ)), θ = 1 − w (their equations 15 and 20): each step takes the
/// item with the largest part that the list does not span. Likeness below 1 is scaled by 0.9, so that two items of one
/// type can both be in the list. Complexity: O(candidates · list) an item.
struct DeterminantalList: ListObjective {
    private static let scale = 0.9
    private let likeness: Likeness
    private let quality: [Double]
    /// Squared length of what the list does not span, by candidate.
    private var rest: [Double]
    private var rows: [[Double]]

    init(relevance: [Double], likeness: Likeness, weight: Double) {
        self.likeness = likeness
        let theta = min(0.99, max(0, 1 - weight))
        let alpha = theta / (2 * (1 - theta))
        quality = relevance.map { exp(alpha * $0) }
        rest = quality.map { $0 * $0 }
        rows = Array(repeating: [], count: relevance.count)
    }

    func gain(_ candidate: Int) -> Double { log(max(1e-300, rest[candidate])) }

    mutating func take(_ candidate: Int) {
        let length = max(1e-12, rest[candidate]).squareRoot()
        let own = rows[candidate]
        for other in rest.indices where other != candidate {
            let kernel = Self.scale * likeness.of(other, candidate) * quality[other] * quality[candidate]
            let part = (kernel - zip(own, rows[other]).reduce(0) { $0 + $1.0 * $1.1 }) / length
            rows[other].append(part)
            rest[other] -= part * part
        }
        rows[candidate].append(length)
    }
}
