public import Domain
import Features
import Recommenders
public import Storage
import Synchronization

/// What the items of a shelf must be: the shop's own identifiers, amounts in the currency of the prices that hold.
public struct ShelfConditions: Hashable, Sendable {
    public static let mostExcluded = 500
    public static let mostOfBrandRange = 1...100
    public static let deepestCategory = 16
    public static let rhythmRange = 0.0...2.0

    /// The branch whose stock decides, and whose prices hold unless the call names a market.
    public var store: String?
    public var lowestPrice: Money?
    public var highestPrice: Money?
    /// The category to keep to, widest level first, of any depth; empty for any.
    public var category: [String] = []
    /// Items that must not appear; unknown ones do no harm.
    public var excluded: [ItemID] = []
    /// How many items of one brand there may be; `nil` for any number.
    public var mostOfBrand: Int?
    /// What the person bought a shorter time ago than this part of the gap after which they usually buy it again is left out;
    /// 0 for nothing, `nil` for the shop's own way.
    public var rhythm: Double?

    public init() {}

    /// The prices that hold: a branch is a market of its own, unless the call names another.
    public func priceList(_ list: PriceListName) -> PriceListName {
        guard let store, list.market == Offer.defaultMarket else { return list }
        return PriceListName(market: store, group: list.group)
    }
}

extension ShopService {
    /// Throws `invalid` for a condition that is out of its bounds or contradicts another.
    func check(_ call: RecommendCall) throws {
        let conditions = call.conditions
        func refuse(_ text: String) -> ServingError { ServingError(.invalid, text) }
        if let store = conditions.store, try branch(store) == nil {
            throw refuse("The shop has no branch “\(store.prefix(64))”: `GET …/stores` lists them.")
        }
        guard conditions.excluded.count <= ShelfConditions.mostExcluded else {
            throw refuse("A shelf may exclude \(ShelfConditions.mostExcluded) items.")
        }
        if let most = conditions.mostOfBrand, !ShelfConditions.mostOfBrandRange.contains(most) {
            throw refuse("A shelf may hold 1 to 100 items of one brand.")
        }
        guard conditions.category.count <= ShelfConditions.deepestCategory else {
            throw refuse("A category has at most \(ShelfConditions.deepestCategory) levels.")
        }
        if let low = conditions.lowestPrice, let high = conditions.highestPrice, low.minorUnits > high.minorUnits {
            throw refuse("The lowest price is above the highest.")
        }
        if let weights = call.networkWeights {
            guard weights.isValid else {
                throw refuse("The weights of networks go from 0 to 1, and may be 1 together.")
            }
            guard NetworkWeights.scenarios.contains(call.scenario) else {
                throw refuse("The network takes no part in `\(call.scenario.rawValue)`.")
            }
        }
        if let rhythm = conditions.rhythm, !ShelfConditions.rhythmRange.contains(rhythm) {
            throw refuse("A rhythm is a number from 0 to 2.")
        }
        if call.scenario == .category, conditions.category.isEmpty {
            throw refuse("The scenario `category` needs a category, such as Grocery > Frozen.")
        }
    }

    /// Prices of the snapshot's list with the stock of a branch; the snapshot's own where nothing else is asked for.
    func offers(of snapshot: Snapshot, at store: String?, _ list: PriceListName) throws -> OfferColumns {
        guard let store, list.market != Offer.defaultMarket, list.market != store else { return snapshot.offers }
        var offers = snapshot.offers
        offers.shareStocks(of: try prices.columns(PriceListName(market: store, group: list.group)))
        return offers
    }

    /// Takes over prices, category, brands and rhythm; throws `invalid` for a category without items.
    func read(_ conditions: ShelfConditions, _ snapshot: Snapshot, into query: inout RecommendationQuery) throws {
        // What is due stands first in `buy_again` anyway, and what goes with an item or a basket is no matter of rhythm.
        let followsRhythm = [.home, .category].contains(query.scenario)
        query.rhythm = conditions.rhythm ?? (followsRhythm ? config.rhythm : 0)
        if conditions.lowestPrice != nil || conditions.highestPrice != nil {
            let high = conditions.highestPrice?.minorUnits ?? .max
            query.prices = min(conditions.lowestPrice?.minorUnits ?? 0, high)...high
        }
        if !conditions.category.isEmpty, snapshot.facts.types(in: conditions.category) == nil {
            let path = conditions.category.joined(separator: " > ").prefix(200)
            throw ServingError(.invalid, "The shop has no category “\(path)”: `GET …/categories` lists them.")
        }
        (query.category, query.mostOfBrand) = (conditions.category, conditions.mostOfBrand)
    }

    /// A branch by its identifier; `nil` for an unknown one. Complexity: reads all branches when first asked.
    func branch(_ id: String) throws -> Store? {
        if let known = branches.withLock({ $0 }) { return known[id] }
        let read = Dictionary(try store.stores().map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
        branches.withLock { $0 = read }
        return read[id]
    }

    /// The language of reasons: the shopper's, else the shop's own, as far as there are sentences in it.
    func reasonLanguage(_ asked: String?) -> String {
        let own = String(config.language.prefix { $0 != "-" }).lowercased()
        return [asked, own].compactMap(\.self).first(where: ReasonTexts.speaks) ?? "en"
    }
}
