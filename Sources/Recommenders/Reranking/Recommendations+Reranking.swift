public import Domain
import Features

extension Recommendations {
    /// Puts a list together from the best candidates, by the context's settings.
    func reranked(
        _ pool: [Recommendation], for context: RecommendationContext, limit: Int
    ) -> [Recommendation] {
        var knowledge = context.knowledge
        if context.reranking.brands > 0 {
            knowledge.isLargeBrand = LargeBrands.among(models.popularity.weights, facts: facts)
        }
        let reranker = Reranker(context.reranking, facts: facts, knowledge: knowledge)
        let found = reranker.list(
            Self.candidates(pool), history: context.history, now: context.now,
            seed: Reranker.seed(user: context.user, day: context.now.day), limit: limit)
        return found.places.map { place in
            var recommendation = pool[place]
            if found.explored.contains(place) { recommendation.reason = .littleKnown }
            return recommendation
        }
    }

    /// Scores of several models made one scale: each by the best of its own model, never above an earlier place.
    private static func candidates(_ pool: [Recommendation]) -> [Reranker.Candidate] {
        var best: [String: Double] = [:]
        for found in pool {
            let model = found.contributions.first?.model ?? ""
            best[model] = max(best[model] ?? 0, found.score)
        }
        var last = 1.0
        return pool.map { found in
            let most = best[found.contributions.first?.model ?? ""] ?? 0
            last = min(last, most > 0 ? max(0, found.score / most) : last)
            return Reranker.Candidate(item: found.item, relevance: last)
        }
    }
}

extension Reranker {
    /// Candidates of one model: relevance is the score by the best of them.
    public static func candidates(_ scored: [ScoredItem]) -> [Candidate] {
        let best = scored.map(\.score).max() ?? 0
        return scored.map { Candidate(item: $0.item, relevance: best > 0 ? max(0, $0.score / best) : 1) }
    }

    /// The seed of a person's lists on one day.
    public static func seed(user: UserNumber?, day: Int) -> UInt64 {
        UInt64(user?.rawValue ?? .max) << 32 | UInt64(UInt32(truncatingIfNeeded: day))
    }
}
