public import Domain
import Features
import Recommenders
public import Storage

/// Categories that somebody unknown may choose from.
public struct OnboardingAnswer: Sendable {
    public struct Taste: Sendable {
        /// Widest level first.
        public var path: [String]
        /// What sells best in it.
        public var card: Card

        /// What `RecommendCall.tastes` takes.
        public var id: String { OnboardingAnswer.id(of: path) }
    }

    public var generation: Int
    public var tastes: [Taste]
    public var currency: Currency

    /// How many a page asks for.
    public static let choiceCount = 3

    public static func id(of path: [String]) -> String { path.joined(separator: " > ") }
}

extension ShopService {
    /// Proposes categories by which somebody unknown can say what they like; throws `notPublished` before the first models.
    public func onboarding(
        limit: Int, language: String? = nil, priceList: PriceListName = .everybody
    ) throws -> OnboardingAnswer {
        let snapshot = try snapshot(priceList)
        guard let backend = snapshot.backends.recommendation else {
            throw ServingError(.notPublished, "No models are published yet: run `souk train` and `souk publish`.")
        }
        var facts = snapshot.facts
        for number in try hiddenItems("", priceList) { facts.hide(number) }
        let proposals = backend.tastes(limit: limit, offers: snapshot.offers, facts: facts)
        let items = Dictionary(
            try storedItems(proposals.map(\.item)).map { ($0.number, $0) }, uniquingKeysWith: { first, _ in first })
        let tastes = proposals.compactMap { proposal -> OnboardingAnswer.Taste? in
            guard let path = facts.path(ofCategory: proposal.category), let item = items[proposal.item] else {
                return nil
            }
            return OnboardingAnswer.Taste(path: path, card: snapshot.card(item.translated(to: language)))
        }
        return OnboardingAnswer(
            generation: snapshot.generation, tastes: tastes, currency: snapshot.offers.currency)
    }

    /// The categories' numbers of chosen tastes; those that the catalogue does not have (any more) are left out.
    func categories(ofTastes tastes: [String], _ snapshot: Snapshot) -> [UInt32] {
        guard !tastes.isEmpty else { return [] }
        let wanted = Set(tastes)
        return snapshot.facts.categoryPaths.enumerated()
            .filter { wanted.contains(OnboardingAnswer.id(of: $0.element)) }.map { UInt32($0.offset) }
    }
}
