public import Domain
import Features

/// Small sets of items that are bought in one basket, found from the pairs of `BoughtTogetherModel`.
///
/// Every two items of a set are a pair of that model, so each goes with each more often than chance explains, and no two have
/// one type: what stands in for the other is no set. Among such sets with the page's item, those with more items come first, then
/// those with the larger sum of the pairs' weights.
struct Bundles {
    /// Items of a set, the page's own included.
    static let sizes = 2...4

    let pairs: BoughtTogetherModel
    let facts: ItemFacts

    /// The items that make the best set with `anchor`, most closely bound to it first; none where it has no partner.
    ///
    /// - Parameter size: How many items the set may hold, the anchor included; within `sizes`.
    /// - Complexity: O(partners^(size − 1)) with at most forty partners: below a millisecond for three.
    func items(with anchor: ItemNumber, size: Int, allows: (ItemNumber) -> Bool) -> [ScoredItem] {
        let partners = partners(of: anchor, allows: allows)
        var search = BundleSearch(
            bonds: partners.map(\.weight),
            pairs: partners.map { one in partners.map { bond(one, $0) } }, size: size - 1)
        search.extend(from: 0)
        return search.best.map { place in
            ScoredItem(item: partners[place].item, score: partners[place].weight, reason: .oftenBoughtWith(anchor))
        }
    }

    private struct Partner {
        let item: ItemNumber
        let weight: Double
    }

    /// What goes with an item and may be shown, the most closely bound first; nothing of its own type.
    private func partners(of anchor: ItemNumber, allows: (ItemNumber) -> Bool) -> [Partner] {
        pairs.row(anchor.rawValue).compactMap { found in
            let item = ItemNumber(found.item)
            guard item != anchor, !isOfOneType(item, anchor), allows(item) else { return nil }
            return Partner(item: item, weight: found.score)
        }
    }

    /// The weight of a pair, from either's row, for rows are cut; `nil` for no pair, or two of one type.
    private func bond(_ one: Partner, _ other: Partner) -> Double? {
        guard one.item != other.item, !isOfOneType(one.item, other.item) else { return nil }
        return weight(one.item, other.item) ?? weight(other.item, one.item)
    }

    private func weight(_ item: ItemNumber, _ other: ItemNumber) -> Double? {
        pairs.row(item.rawValue).first { $0.item == other.rawValue }?.score
    }

    private func isOfOneType(_ one: ItemNumber, _ other: ItemNumber) -> Bool {
        guard let type = facts.type(one) else { return false }
        return type == facts.type(other)
    }
}

/// Looks through all sets of partners in which each two are a pair.
private struct BundleSearch {
    let bonds: [Double]
    let pairs: [[Double?]]
    let size: Int
    private(set) var best: [Int] = []
    private var bestSum = 0.0
    private var taken: [Int] = []
    private var sum = 0.0

    init(bonds: [Double], pairs: [[Double?]], size: Int) {
        (self.bonds, self.pairs, self.size) = (bonds, pairs, size)
    }

    mutating func extend(from first: Int) {
        if taken.count > best.count || (taken.count == best.count && sum > bestSum) { (best, bestSum) = (taken, sum) }
        guard taken.count < size else { return }
        for place in first..<max(first, bonds.count) {
            let links = taken.compactMap { pairs[$0][place] }
            guard links.count == taken.count else { continue }
            let before = sum
            taken.append(place)
            sum += bonds[place] + links.reduce(0, +)
            extend(from: place + 1)
            taken.removeLast()
            sum = before
        }
    }
}

extension Recommendations {
    /// How many items a set may hold.
    public static var bundleSizes: ClosedRange<Int> { Bundles.sizes }

    /// What is bought together with an item as a set, the item itself left out; empty where there is no such set.
    public func bundle(with anchor: ItemNumber, size: Int, eligibility: Eligibility) -> [ScoredItem] {
        Bundles(pairs: models.together, facts: facts).items(with: anchor, size: size) {
            eligibility.allows($0) && !facts.hidden.contains($0)
        }
    }
}
