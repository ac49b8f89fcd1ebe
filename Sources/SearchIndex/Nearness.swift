/// What a document gains for holding neighbouring words of a query side by side, in their order: up to an eighth of its score.
struct Nearness {
    private let text: TextColumns
    /// By pair of neighbouring words: the terms that may stand first, and those that may follow.
    private let pairs: [(first: [UInt32], second: [UInt32])]

    /// Returns `nil` for a query of one word.
    init?(_ plan: QueryPlan, _ segment: Segment) {
        guard plan.groups.count > 1, let text = segment.text else { return nil }
        self.text = text
        func terms(_ group: TermGroup, _ term: (Variant) -> [UInt8]?) -> [UInt32] {
            group.variants.compactMap { term($0).flatMap { segment.terms.find($0) } }.map { UInt32($0) }
        }
        pairs = zip(plan.groups, plan.groups.dropFirst()).map { left, right in
            (terms(left) { $0.terms.last }, terms(right) { $0.terms.first })
        }
    }

    /// The most that a score can become.
    @inline(__always) static func highest(_ score: UInt32) -> UInt32 { score &+ score >> 3 }

    /// What is added to a score: whole numbers, never more than `highest` allows.
    func bonus(_ score: UInt32, _ document: Int) -> UInt32 {
        UInt32(UInt64(score) * UInt64(count(document)) / UInt64(8 * pairs.count))
    }

    /// How many pairs of neighbouring words stand side by side somewhere. Complexity: O(words of the document · pairs).
    private func count(_ document: Int) -> Int {
        var met: UInt64 = 0
        text.forEachPair(of: document) { first, second in
            for index in 0..<min(64, pairs.count) where pairs[index].first.contains(first) {
                if pairs[index].second.contains(second) { met |= 1 << UInt64(index) }
            }
        }
        return met.nonzeroBitCount
    }
}
