import Domain
import Features
import JSON
import Storage

/// How much habits may weigh in the order of a search: each raises what fits them, and nothing is left out.
enum PersonalOrder {
    /// What was bought before, and what was bought in three or more baskets.
    static let boughtFactor = 1.15
    static let regularFactor = 1.3
    /// The favourite category; others have their part of it.
    static let categoryGain = 0.3
    static let categoryLimit = 8
    /// A person who buys nothing but one class of brands.
    static let brandGain = 0.2
    /// Prices about as far from the middle of a category as the person usually is.
    static let priceFactor = 1.1
    static let priceSpread = 0.35
    static let fewestPurchases = 5

    /// What a profile makes of scores; empty for somebody without purchases.
    static func weights(_ profile: Profile, bought: Set<ItemNumber>, facts: ItemFacts, prices: [Int64])
        -> [SearchCall.Weight]
    {
        var weights: [SearchCall.Weight] = []
        if !bought.isEmpty {
            let regular = Set(profile.rhythm.map(\.item))
            let once = bought.subtracting(regular)
            if !once.isEmpty { weights.append(.init(label: "bought before", factor: boughtFactor, items: once)) }
            if !regular.isEmpty {
                weights.append(.init(label: "bought regularly", factor: regularFactor, items: regular))
            }
        }
        weights += categories(profile, facts, prices)
        if let share = profile.privateBrandShare, profile.purchases >= fewestPurchases, abs(share - 0.5) > 0.1 {
            let value = share > 0.5 ? "Private" : "National"
            weights.append(
                .init(
                    label: "\(value) brands", factor: rounded(1 + brandGain * 2 * abs(share - 0.5)),
                    filter: SearchCall.Filter(field: "brand_class", values: [value])))
        }
        return weights
    }

    private static func categories(_ profile: Profile, _ facts: ItemFacts, _ prices: [Int64]) -> [SearchCall.Weight] {
        var weights: [SearchCall.Weight] = []
        for (kind, shares) in [
            ("favourite category", profile.favouriteCategories), ("seen in this visit", profile.sessionInterest),
        ] {
            let largest = shares.first?.share ?? 1
            for share in shares.prefix(categoryLimit) where share.share >= 0.1 * largest {
                let path = facts.categoryPaths[Int(share.category)].joined(separator: " > ")
                let filter = SearchCall.Filter(field: "category", values: [path])
                weights.append(
                    .init(
                        label: "\(kind) \(path)", factor: rounded(1 + categoryGain * share.share / largest),
                        filter: filter))
                guard kind == "favourite category", let level = profile.priceLevel,
                    profile.purchases >= fewestPurchases,
                    Int(share.category) < prices.count, prices[Int(share.category)] > 0
                else { continue }
                let usual = Double(prices[Int(share.category)]) * min(max(level, 0.1), 10)
                var weight = SearchCall.Weight(label: "usual price in \(path)", factor: priceFactor, filter: filter)
                weight.prices = Int64(usual * (1 - priceSpread))...Int64(usual * (1 + priceSpread))
                weights.append(weight)
            }
        }
        return weights
    }

    private static func rounded(_ factor: Double) -> Double { (factor * 1000).rounded() / 1000 }
}

extension ShopService {
    /// What a person's habits make of a search, from the log up to this moment; empty for somebody unknown.
    func personalWeights(_ call: SearchCall, _ snapshot: Snapshot) throws -> [SearchCall.Weight] {
        guard call.isPersonal, call.sort == .relevance else { return [] }
        let now = now()
        let bought = try call.user.map { try history(of: pseudonym($0)).purchases(before: now) } ?? []
        let prices = try categoryPrices(snapshot)
        let profile = Profile(
            history: bought, session: session(call.session, at: now), facts: snapshot.facts, categoryPrices: prices,
            now: now)
        return PersonalOrder.weights(
            profile, bought: Set(bought.map(\.item)), facts: snapshot.facts, prices: prices)
    }

    /// The step that an answer names where habits weighed.
    static let personalStep = JSONValue.object([.init("step", .string("personal"))])
}
