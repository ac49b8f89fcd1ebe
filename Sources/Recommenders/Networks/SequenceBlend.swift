import Domain
import Foundation

/// The hybrid's order and the network's together.
///
/// score = (1 − w) · log(p / (1 − p)) + w · logit, with the ranker's chance p and the network's logit of the same candidate: both are
/// logarithms of odds up to a number that all items share (a product of opinions: Hinton, 2002). An item that the network does not know gets the
/// lowest of the list. Where the ranker gives no chances, or the network has nothing to say, the hybrid's order stands.
public struct SequenceBlend: Sendable {
    public static let name = "sequence_hybrid"
    public static let defaultWeight = 0.3
    let hybrid: RankedBasketModel
    let network: SequenceRecommender
    /// From 0, the hybrid alone, to 1.
    let weight: Double

    public init(hybrid: RankedBasketModel, network: SequenceRecommender, weight: Double = defaultWeight) {
        (self.hybrid, self.network, self.weight) = (hybrid, network, weight)
    }

    /// A candidate with what both gave; the parts sum to the item's score.
    struct Scored {
        var item: ScoredItem
        var hybrid: Double
        var network: Double
    }

    public func candidates(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        scored(any(context, limit), for: context, limit: limit).map(\.item)
    }

    /// Items that are not in the context's history.
    public func newItems(for context: RecommendationContext, limit: Int) -> [ScoredItem] {
        scored(new(context, limit), for: context, limit: limit).map(\.item)
    }

    func any(_ context: RecommendationContext, _ limit: Int) -> [ScoredItem] {
        hybrid.candidates(for: context, limit: max(limit, RankedBasketModel.anyCandidates))
    }

    func new(_ context: RecommendationContext, _ limit: Int) -> [ScoredItem] {
        hybrid.newItems(for: context, limit: max(limit, RankedBasketModel.newCandidates))
    }

    /// A list of the hybrid's in the order of both.
    func scored(_ list: [ScoredItem], for context: RecommendationContext, limit: Int) -> [Scored] {
        let isChance = list.allSatisfy { $0.score > 0 && $0.score < 1 }
        guard weight > 0, isChance, let logits = network.logits(of: list.map(\.item), for: context),
            let lowest = logits.compactMap(\.self).min()
        else { return list.prefix(max(0, limit)).map { Scored(item: $0, hybrid: $0.score, network: 0) } }
        let both = zip(list, logits).map { found, logit in
            let odds = (1 - weight) * log(found.score / (1 - found.score))
            let part = weight * (logit ?? lowest)
            return Scored(
                item: ScoredItem(item: found.item, score: odds + part, reason: found.reason), hybrid: odds,
                network: part)
        }
        return Array(both.sorted { ScoredItem.precedes($0.item, $1.item) }.prefix(max(0, limit)))
    }
}
