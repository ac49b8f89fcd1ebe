import Domain

/// Where the first stage puts an item among what it proposes to a person.
struct Proposal: Hashable, Sendable {
    let score: Double
    /// How many items stand before it.
    let place: Int

    /// Those of a list of the first stage, best first.
    static func of(_ list: [ScoredItem]) -> [Proposal] {
        list.enumerated().map { Proposal(score: $1.score, place: $0) }
    }

    /// The same by item.
    static func byItem(_ list: [ScoredItem]) -> [UInt32: Proposal] {
        Dictionary(zip(list.map(\.item.rawValue), of(list)), uniquingKeysWith: { first, _ in first })
    }
}

extension NextBasketModel {
    /// Those of items for any place in the order asked for: what `candidates` lack stands behind them.
    ///
    /// - Parameter candidates: What the first stage proposes to the person, best first.
    func proposals(
        of items: [UInt32], among candidates: [ScoredItem], _ person: PersonEvidence
    ) -> [Proposal] {
        let known = Proposal.byItem(candidates)
        return zip(items, scores(of: items, person)).map {
            known[$0] ?? Proposal(score: $1, place: candidates.count)
        }
    }

    /// Those of a list that another model made, by the order of the first stage.
    func proposals(of list: [ScoredItem], _ person: PersonEvidence) -> [Proposal] {
        let scores = scores(of: list.map(\.item.rawValue), person)
        var places = [Int](repeating: 0, count: list.count)
        let order = scores.indices.sorted { (scores[$1], $0) < (scores[$0], $1) }
        for (place, index) in order.enumerated() { places[index] = place }
        return zip(scores, places).map { Proposal(score: $0, place: $1) }
    }
}
