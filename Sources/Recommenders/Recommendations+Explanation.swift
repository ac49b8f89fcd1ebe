import Domain
import Features

extension Recommendations {
    /// The same list, with what each part of the hybrid added to the scores that it gave.
    func explained(
        _ list: [Recommendation], _ scenario: Scenario, for context: RecommendationContext
    ) -> [Recommendation] {
        var context = context
        if let anchor = context.anchor { context.eligibility.excluded.insert(anchor) }
        context.eligibility.excluded.formUnion(context.basket)
        let ranked = list.filter { $0.contributions.first?.model == RankedBasketModel.name }
        guard !ranked.isEmpty else { return list }
        let parts = models.hybrid.parts(
            of: Dictionary(ranked.map { ($0.item, $0.score) }, uniquingKeysWith: { first, _ in first }),
            isNew: scenario == .newForYou || scenario == .afterPurchase, for: context)
        return list.map { found in
            guard found.contributions.first?.model == RankedBasketModel.name, let own = parts[found.item] else {
                return found
            }
            var found = found
            found.contributions = own
            return found
        }
    }
}
