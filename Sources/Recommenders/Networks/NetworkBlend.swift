import Domain
import Foundation

/// The order of the hybrid and of a shop's networks together.
///
/// score = (1 − Σ wₖ) · log(p / (1 − p)) + Σ wₖ · logitₖ, with the ranker's chance p and the logits of the same candidate by each network
/// that has something to say: all are logarithms of odds up to a number that all items share (a product of opinions: Hinton, 2002). An item
/// that a network does not know gets the lowest of its list. Where the ranker gives no chances, or no network has anything to say,
/// the hybrid's order stands.
public struct NetworkBlend: Sendable {
    /// As the command line names it with one of the networks.
    public static let (sequenceName, purchaseName) = ("sequence_hybrid", "purchase_hybrid")
    /// What explanations name it.
    static let name = "network_hybrid"
    public static let defaultWeight = 0.3

    /// A network with its weight, above 0.
    struct Part: Sendable {
        let voice: any NetworkVoice
        let weight: Double
        var name: String { type(of: voice).name }
    }

    let hybrid: RankedBasketModel
    let parts: [Part]

    /// - Parameter weights: Those of networks that are `nil` do not count.
    public init(
        hybrid: RankedBasketModel, sequence: SequenceRecommender? = nil, purchase: PurchaseScorer? = nil,
        weights: NetworkWeights
    ) {
        self.hybrid = hybrid
        let all: [((any NetworkVoice)?, Double)] = [(sequence, weights.sequence), (purchase, weights.purchase)]
        parts = all.compactMap { voice, weight in voice.flatMap { weight > 0 ? Part(voice: $0, weight: weight) : nil } }
    }

    /// A candidate with what each gave; the parts sum to the item's score.
    struct Scored {
        var item: ScoredItem
        var hybrid: Double
        /// By network, those alone that had something to say.
        var networks: [(name: String, value: Double)] = []
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

    /// A list of the hybrid's in the order of all.
    func scored(_ list: [ScoredItem], for context: RecommendationContext, limit: Int) -> [Scored] {
        let areChances = list.allSatisfy { $0.score > 0 && $0.score < 1 }
        let speaking: [(part: Part, logits: [Double])] =
            areChances ? parts.compactMap { part in logits(part, list, context).map { (part, $0) } } : []
        guard !speaking.isEmpty else {
            return list.prefix(max(0, limit)).map { Scored(item: $0, hybrid: $0.score) }
        }
        let own = 1 - speaking.reduce(0) { $0 + $1.part.weight }
        let all = list.enumerated().map { place, found in
            let odds = own * log(found.score / (1 - found.score))
            let networks = speaking.map { (name: $0.part.name, value: $0.part.weight * $0.logits[place]) }
            let score = networks.reduce(odds) { $0 + $1.value }
            return Scored(
                item: ScoredItem(item: found.item, score: score, reason: found.reason), hybrid: odds, networks: networks
            )
        }
        return Array(all.sorted { ScoredItem.precedes($0.item, $1.item) }.prefix(max(0, limit)))
    }

    /// A network's logits of a list, the lowest of them where it does not know an item; `nil` if it has nothing to say.
    private func logits(_ part: Part, _ list: [ScoredItem], _ context: RecommendationContext) -> [Double]? {
        guard let logits = part.voice.logits(of: list.map(\.item), for: context, beside: hybrid),
            let lowest = logits.compactMap(\.self).min()
        else { return nil }
        return logits.map { $0 ?? lowest }
    }
}
