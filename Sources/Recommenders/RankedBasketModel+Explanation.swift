import Domain
import Features
import Foundation

extension RankedBasketModel {
    /// What stands in an explanation for the mean chance of the candidates that an item is compared with.
    static let basePart = "candidates"
    /// An explanation compares with so many of the person's candidates, spread over their order.
    private static let comparedCount = 64
    private static let players = BasketFeature.allCases.map(\.part.number)

    /// What each part of the hybrid's knowledge adds to the scores of items, beside the person's other candidates.
    ///
    /// For an item that a ranker scored: the mean chance of the candidates, and for each group of features its share of
    /// the ranker's log-odds beside each of them (`BasketRanker.attributions`), turned into chances in proportion (rescale
    /// rule: Chen, Lundberg and Lee, Nature Communications 2022), in the mean over them. For one that the blend ordered: the
    /// sums of its formula, scaled to the score. Parts of an item add up to its score.
    ///
    /// - Parameter isNew: Whether the ranker for new items scored them.
    /// - Returns: Nothing for items that neither explains.
    /// - Complexity: O(items · candidates · (nodes of the trees + weights of the network)): some milliseconds for ten items.
    func parts(
        of scores: [ItemNumber: Double], isNew: Bool, for context: RecommendationContext
    ) -> [ItemNumber: [Recommendation.Contribution]] {
        let person = PersonEvidence(context, blend: blend)
        let isRanked = !context.history.isEmpty && (isNew || context.history.count >= leastHistory)
        guard isRanked, let ranker = isNew ? newRanker : anyRanker else {
            return isNew ? [:] : blendParts(of: scores, person)
        }
        let candidates =
            isNew
            ? blend.newItems(for: context, person, limit: Self.newCandidates)
            : blend.candidates(for: context, person, limit: Self.anyCandidates)
        let step = max(1, candidates.count / Self.comparedCount)
        let compared = stride(from: 0, to: candidates.count, by: step).prefix(Self.comparedCount)
            .map { candidates[$0].item.rawValue }
        guard !compared.isEmpty else { return [:] }
        // Each item once: a row is made for an item, not for a place.
        let items = Set(scores.keys.map(\.rawValue)).union(compared).sorted()
        let places = Dictionary(
            items.enumerated().map { ($0.element, $0.offset) }, uniquingKeysWith: { first, _ in first })
        let rows = RowsWithScores(
            evidence.rows(
                of: items, proposals: proposals(of: items, candidates, isNew: isNew, person), for: context, person),
            ranker: ranker)
        let others = compared.compactMap { places[$0] }
        return scores.keys.reduce(into: [:]) { result, item in
            result[item] = places[item.rawValue].map { Self.parts(of: $0, beside: others, rows) }
        }
    }

    /// What the first stage did not propose among new items stands behind what it did.
    private func proposals(
        of items: [UInt32], _ candidates: [ScoredItem], isNew: Bool, _ person: PersonEvidence
    ) -> [Proposal] {
        guard isNew else { return blend.proposals(of: items, among: candidates, person) }
        let known = Proposal.byItem(candidates)
        return items.map { known[$0] ?? Proposal(score: candidates.last?.score ?? 0, place: candidates.count) }
    }

    /// The parts of one row's chance beside others.
    private static func parts(
        of place: Int, beside others: [Int], _ rows: RowsWithScores
    ) -> [Recommendation.Contribution] {
        var sums = [Double](repeating: 0, count: RankerPart.allCases.count)
        var base = 0.0
        let (row, score, chance) = (rows[place], rows.scores[place], rows.chance(place))
        let values = rows.ranker.attributions(
            of: row, beside: others.map { rows[$0] }, players: players, playerCount: sums.count)
        for (other, values) in zip(others, values) {
            let (otherScore, otherChance) = (rows.scores[other], rows.chance(other))
            base += otherChance
            let difference = score - otherScore
            // Where scores are the same, the slope of the chance.
            let scale = abs(difference) < 1e-6 ? chance * (1 - chance) : (chance - otherChance) / difference
            for (part, value) in values.enumerated() { sums[part] += scale * value }
        }
        let count = Double(others.count)
        return [.init(model: name, part: basePart, value: base / count)]
            + RankerPart.allCases.map { .init(model: name, part: $0.rawValue, value: sums[$0.number] / count) }
    }

    private func blendParts(
        of scores: [ItemNumber: Double], _ person: PersonEvidence
    ) -> [ItemNumber: [Recommendation.Contribution]] {
        blend.parts(of: scores.keys.sorted(), person).reduce(into: [:]) { result, found in
            let sum = found.parts.reduce(0) { $0 + $1.value }
            guard let score = scores[found.item], sum > 0 else { return }
            result[found.item] = found.parts.map {
                .init(model: NextBasketModel.name, part: $0.part.rawValue, value: $0.value * score / sum)
            }
        }
    }
}

/// Rows of the ranker's features with its log-odds.
private struct RowsWithScores {
    let ranker: BasketRanker
    let scores: [Double]
    private let values: [Float]

    init(_ values: [Float], ranker: BasketRanker) {
        (self.values, self.ranker) = (values, ranker)
        scores = ranker.scores(values).map { Double($0) }
    }

    subscript(place: Int) -> [Float] {
        Array(values[place * BasketFeature.count..<(place + 1) * BasketFeature.count])
    }

    func chance(_ place: Int) -> Double { 1 / (1 + exp(-scores[place])) }
}
