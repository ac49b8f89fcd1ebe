public import Domain

/// How alike items are by one kind of vectors: of their texts, or of their pictures.
public protocol ItemLikeness: Sendable {
    /// What explanations call it, such as `text`.
    var part: String { get }
    /// Other items, the nearest to an item first; none for an item without a vector.
    func nearest(to item: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [ItemNumber]
    /// The cosines of an item with others; `nil` where one of the two has no vector.
    func cosines(of item: ItemNumber, with others: [ItemNumber]) -> [Float?]
}

/// Items like one item by what people buy, by texts and by pictures at once (late fusion: Snoek, Worring and Smeulders, 2005).
///
/// Each part's likeness becomes (s − b) / (h − b) with its background b, the mean over items spread through the catalogue, and its
/// highest value h among the candidates; an item's score is the mean over all parts. Where an item lacks a part, as a new
/// one lacks buyers, the candidates' mean stands in for it, so that it is neither preferred nor put back for that.
struct SimilarItems {
    static let name = "similar_items"
    /// Items that stand for the catalogue in the background.
    private static let backgroundCount = 64

    let behaviour: NeighbourTable
    let parts: [any ItemLikeness]
    let itemLimit: Int

    struct Candidate {
        let item: ItemNumber
        /// From about 0 to 1.
        let score: Double
        /// By part; `average` in place of one that the item lacks. They sum to the score.
        let shares: [(part: String, value: Double)]
    }

    /// The best of the nearest `limit` items of each part, best first, ties by number.
    ///
    /// - Complexity: That of each part's `nearest`, and O(parts² · limit).
    func candidates(for anchor: ItemNumber, limit: Int, allows: (ItemNumber) -> Bool) -> [Candidate] {
        var items = behaviour.row(anchor.rawValue).lazy.map { ItemNumber(behaviour.others[$0]) }.filter(allows)
        for part in parts { items += part.nearest(to: anchor, limit: limit, allows: allows) }
        items = Set(items).subtracting([anchor]).sorted()
        guard !items.isEmpty else { return [] }
        var columns = [(part: ItemNeighbourModel.name, values: bought(with: anchor, items))]
        for part in parts { columns.append((part: part.part, values: scaled(part, anchor, items))) }
        columns.removeAll { $0.values.allSatisfy { $0 == nil } }
        let means = columns.map { column in
            let known = column.values.compactMap(\.self)
            return known.reduce(0, +) / Double(known.count)
        }
        let found = items.indices.map { place in
            let values = columns.indices.map { columns[$0].values[place] ?? means[$0] }
            return Candidate(
                item: items[place], score: values.reduce(0, +) / Double(max(1, columns.count)),
                shares: columns.indices.map { column in
                    let isKnown = columns[column].values[place] != nil
                    return (isKnown ? columns[column].part : "average", values[column] / Double(columns.count))
                })
        }
        return found.sorted { $0.score != $1.score ? $0.score > $1.score : $0.item < $1.item }
    }

    /// Likeness by common buyers, the anchor's nearest at 1; nothing is known of items that have no neighbours at all.
    private func bought(with anchor: ItemNumber, _ items: [ItemNumber]) -> [Double?] {
        let row = behaviour.row(anchor.rawValue)
        guard !row.isEmpty, let highest = row.lazy.map({ behaviour.weights[$0] }).max(), highest > 0 else {
            return items.map { _ in nil }
        }
        let weights = Dictionary(
            row.map { (behaviour.others[$0], Double(behaviour.weights[$0] / highest)) }, uniquingKeysWith: max)
        return items.map { item in
            weights[item.rawValue] ?? (behaviour.row(item.rawValue).isEmpty ? nil : 0)
        }
    }

    private func scaled(_ part: any ItemLikeness, _ anchor: ItemNumber, _ items: [ItemNumber]) -> [Double?] {
        let step = max(1, itemLimit / Self.backgroundCount)
        let spread = stride(from: step / 2, to: itemLimit, by: step).map { ItemNumber(UInt32($0)) }
        let background = part.cosines(of: anchor, with: spread).compactMap(\.self)
        let cosines = part.cosines(of: anchor, with: items)
        guard let highest = cosines.compactMap(\.self).max() else { return items.map { _ in nil } }
        let base = background.isEmpty ? 0 : background.reduce(0, +) / Float(background.count)
        let range = max(highest - base, 1e-6)
        return cosines.map { $0.map { Double(max(0, ($0 - base) / range)) } }
    }
}
