import Foundation
import Numerics

/// How probably a shopper who looks at an item clicks it: what draws them is a low price for the shelf, and the brand.
///
/// The position-based model of clicks: P(click at rank r) = P(looked at, r) · attraction(item) (Richardson, Dominowska and Ragno, WWW
/// 2007; Craswell, Zoeter, Taylor and Ramsey, WSDM 2008). The attraction is
///
/// 1. σ(t − mean of t over all items), which keeps the mean attraction near one half
/// 2. t = trait of the brand − 1.5 · ln(price / median price of the shelf), the second part within ±1.5
/// 3. the trait evenly within ±1.5, from the seed and the brand's name alone.
///
/// An unknown price counts as the median, and no brand has the trait 0. How an item sells plays no part, so clicks on what is shown hold
/// nothing of purchases.
struct Attraction: Sendable {
    /// The most that price, and that brand, add to t.
    static let reach = 1.5

    /// By item, strictly between 0 and 1.
    private let chances: [Double]

    /// - Parameter shelves: The shelf of each item; a shelf's median is that of all its known prices.
    init(seed: UInt64, items: [SimulatedItem], shelves: [Int]) {
        precondition(items.count == shelves.count, "a shelf for each item")
        var prices: [Int: [Double]] = [:]
        for (item, shelf) in zip(items, shelves) {
            if let price = item.price { prices[shelf, default: []].append(price) }
        }
        let medians = prices.mapValues { prices in
            let sorted = prices.sorted()
            return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
        }
        var traits: [String: Double] = ["": 0]
        let sums = zip(items, shelves).map { item, shelf in
            let trait = traits[item.brand] ?? Self.trait(of: item.brand, seed: seed)
            traits[item.brand] = trait
            guard let price = item.price, let median = medians[shelf] else { return trait }
            return trait + min(Self.reach, max(-Self.reach, -1.5 * log(price / median)))
        }
        let mean = sums.reduce(0, +) / Double(max(1, sums.count))
        chances = sums.map { 1 / (1 + exp(mean - $0)) }
    }

    subscript(item: Int) -> Double { chances[item] }

    private static func trait(of brand: String, seed: UInt64) -> Double {
        var generator = SeededGenerator(seed: seed ^ Simulator.hash("brand " + brand))
        return reach * (2 * generator.unit() - 1)
    }
}
