import Domain
import Features

/// One person before a moment, as the next-basket models see them: computed once for candidates and features.
struct PersonEvidence {
    let own: PersonalCounts
    /// The users with the most similar decayed counts, nearest first; at most `NewItemScorer.neighbourCount`.
    let nearest: [UInt32]

    let taste: TasteFactors.Row

    init(_ context: RecommendationContext, blend: NextBasketModel) {
        own = PersonalCounts(context.history, now: context.now, decay: blend.parameters.decay)
        nearest = blend.neighbours(of: own, user: context.user, limit: NewItemScorer.neighbourCount)
        taste = blend.newItemScorer.taste.person(own)
    }
}
