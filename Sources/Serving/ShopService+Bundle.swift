public import Domain
import Features
import Recommenders
public import Storage

/// A set of items that are bought together, with what they cost at this moment.
public struct BundleAnswer: Sendable {
    public struct Entry: Sendable {
        public var card: Card
        /// Why it belongs to the set; `nil` for the page's own item.
        public var reason: String?
    }

    public var generation: Int
    public var impressionID: String
    /// The page's item first; empty where there is no set.
    public var entries: [Entry]
    public var currency: Currency
    /// The sum of the items' prices; `nil` for no set.
    public var sum: Money?
    /// What the shop takes off a set; `nil` where it grants nothing.
    public var saving: Money?

    /// What the set costs.
    public var price: Money? {
        sum.map { Money(minorUnits: $0.minorUnits - (saving?.minorUnits ?? 0), currency: $0.currency) }
    }
}

extension ShopService {
    /// The set that an item is bought in, all of it in stock at known prices; an item that cannot be had now has none.
    ///
    /// - Parameter size: How many items at most, the page's own included.
    /// - Throws: `notPublished` before the first models, `unknownItem` for an unknown item, `invalid` for an unknown branch.
    public func bundle(
        with id: ItemID, size: Int, at branch: String? = nil, language: String? = nil,
        priceList: PriceListName = .everybody
    ) throws -> BundleAnswer {
        var conditions = ShelfConditions()
        conditions.store = branch
        var call = RecommendCall(scenario: .boughtTogether)
        call.conditions = conditions
        try check(call)
        var snapshot = try snapshot(conditions.priceList(priceList))
        snapshot.offers = try offers(of: snapshot, at: branch, priceList)
        guard let backend = snapshot.backends.recommendation else {
            throw ServingError(.notPublished, "No models are published yet: run `souk train` and `souk publish`.")
        }
        guard let anchor = try store.numbers(of: [id])[id] else { throw unknown() }
        var facts = snapshot.facts
        for number in try hiddenItems("", priceList) { facts.hide(number) }
        var answer = BundleAnswer(
            generation: snapshot.generation, impressionID: nextImpressionID(), entries: [],
            currency: snapshot.offers.currency)
        guard snapshot.offers.isSellable(anchor), !facts.hidden.contains(anchor) else { return answer }
        let found = backend.bundle(with: anchor, size: size, offers: snapshot.offers, facts: facts)
        let items = Dictionary(
            try storedItems([anchor] + found.map(\.item)).map { ($0.number, $0) },
            uniquingKeysWith: { first, _ in first })
        let wanted = [(item: anchor, reason: Reason?.none)] + found.map { ($0.item, $0.reason) }
        let entries = wanted.compactMap { item, reason -> BundleAnswer.Entry? in
            guard let stored = items[item], !stored.isWithdrawn, !stored.item.isExcluded else { return nil }
            let sentence = reason?.sentence(language: reasonLanguage(language)) { items[$0]?.item.title }
            return BundleAnswer.Entry(card: snapshot.card(stored.translated(to: language)), reason: sentence)
        }
        // A set is whole or none.
        guard !found.isEmpty, entries.count == wanted.count else { return answer }
        answer.entries = entries
        let sum = entries.reduce(Int64(0)) { $0 + ($1.card.price?.minorUnits ?? 0) }
        answer.sum = Money(minorUnits: sum, currency: answer.currency)
        // Rounded down, but not where a tenth has no exact binary form.
        let saving = Int64((Double(sum) * config.bundleDiscount + 1e-6).rounded(.down))
        if saving > 0 { answer.saving = Money(minorUnits: saving, currency: answer.currency) }
        return answer
    }
}
