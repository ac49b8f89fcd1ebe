public import Domain
import Features

/// Rows of the stacked ranker's features (`BasketFeature`) as they stand at one moment, computed by the code that serves.
public struct RankerRows: Sendable {
    public let moment: Timestamp
    let set: TrainingSet
    let evidence: BasketEvidence

    /// - Parameter set: Nothing at or after the moment is seen of it.
    /// - Complexity: That of the ranker's evidence.
    public init(at moment: Timestamp, from set: TrainingSet) {
        var past = set
        past.now = moment
        (self.moment, self.set, evidence) = (moment, set, BasketEvidence(past))
    }

    /// Rows of pairs of one person and items, shape `[items.count, PurchaseExamples.features.count]`; NaN stands for what does not exist.
    ///
    /// - Parameter user: `nil` for somebody unknown, of whom all is missing but what an item has for everybody.
    public func rows(of items: [UInt32], for user: UserNumber?) -> [Float] {
        guard let user else {
            var row = FeatureRow()
            return items.flatMap { item in
                row.setItem(item, items: evidence.items)
                return row.values
            }
        }
        return evidence.rows(of: items, asked(by: user))
    }

    func asked(by user: UserNumber) -> BasketEvidence.Asked {
        evidence.asked(
            RecommendationContext(
                now: moment, user: user, history: set.log.history(of: user, before: moment),
                eligibility: Eligibility(hidden: set.facts.hidden)))
    }
}

extension BasketEvidence {
    /// A person's context with what the first stage makes of it: examples and answers of networks come from it alike.
    struct Asked {
        let context: RecommendationContext
        let person: PersonEvidence
        let candidates: [ScoredItem]
    }

    func asked(_ context: RecommendationContext) -> Asked {
        let person = PersonEvidence(context, blend: blend)
        return Asked(
            context: context, person: person,
            candidates: blend.candidates(for: context, person, limit: RankedBasketModel.anyCandidates))
    }

    /// Rows of any items, whether the first stage proposes them or not.
    func rows(of items: [UInt32], _ asked: Asked) -> [Float] {
        rows(
            of: items, proposals: blend.proposals(of: items, among: asked.candidates, asked.person),
            for: asked.context, asked.person)
    }
}
