import Features

/// What two kinds of neighbours say of items: five features of the stacked ranker, asked item by item.
///
/// The buyers of a candidate lie side by side, so a few hundred candidates cost less than the whole baskets of six hundred
/// neighbours would.
struct NeighbourVoices: Sendable {
    /// By posting of the user vectors: (decayed count)^0.2, and 1 for a recent purchase.
    private let powers: [Float]
    private let isRecent: [UInt8]

    init(_ vectors: UserVectors, scorer: NewItemScorer) {
        let places = vectors.postingPlaces()
        powers = places.map { scorer.powers[Int($0)] }
        isRecent = places.map { scorer.isRecent[Int($0)] }
    }

    /// For each candidate the five features from `BasketFeature.neighbours` on, in their order.
    ///
    /// - Parameter plain: Neighbours by decayed counts, nearest first.
    /// - Parameter weighted: Neighbours by weighted counts with their similarity, nearest first.
    /// - Complexity: O(users + buyers of the candidates).
    func features(
        of candidates: [UInt32], plain: [UInt32], weighted: [(item: UInt32, score: Double)], vectors: UserVectors
    ) -> [SIMD8<Float>] {
        // By user: what a root, a recent purchase, a recent one of weighted neighbours, and their root weigh.
        var shares = [SIMD4<Float>](repeating: .zero, count: vectors.userCount)
        let close = NewItemScorer.closeCount
        for (rank, user) in plain.enumerated() {
            shares[Int(user)][0] = rank < close ? 1 / Float(close) : 0
            shares[Int(user)][1] = 1 / Float(NewItemScorer.neighbourCount)
        }
        let all = Float(max(1e-9, weighted.reduce(0.0) { $0 + $1.score }))
        let few = Float(max(1e-9, weighted.prefix(close).reduce(0.0) { $0 + $1.score }))
        for (rank, other) in weighted.enumerated() {
            shares[Int(other.item)][2] = Float(other.score) / all
            shares[Int(other.item)][3] = rank < close ? Float(other.score) / few : 0
        }
        // Safe: users of postings lie below their count, and each posting has its values here.
        return unsafe shares.withUnsafeBufferPointer { shares in
            unsafe vectors.postingUsers.withUnsafeBufferPointer { users in
                candidates.map { item in
                    var sums = SIMD4<Float>.zero
                    var weightedRoots: Float = 0
                    for place in vectors.postings(of: Int(item)) {
                        let share = unsafe shares[Int(users[place])]
                        guard share[1] > 0 || share[2] > 0 else { continue }
                        let (root, recent) = (vectors.postingWeights[place].squareRoot(), Float(isRecent[place]))
                        sums +=
                            SIMD4(root, powers[place], recent, recent) * SIMD4(share[0], share[0], share[1], share[2])
                        weightedRoots += root * share[3]
                    }
                    return SIMD8(sums[0], sums[1], sums[2], sums[3], weightedRoots, 0, 0, 0)
                }
            }
        }
    }
}
