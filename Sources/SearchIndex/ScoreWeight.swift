public import Domain

/// Multiplies the scores of some items: those that meet all criteria that are given.
public struct ScoreWeight: Hashable, Sendable {
    /// What `explain` calls it.
    public var label: String
    public var factor: Double
    public var items: Set<ItemNumber>?
    public var field: String?
    /// Of `field`: any of them; of a path, what lies below too.
    public var values: Set<String> = []
    /// In minor units of the offers' currency; an item without a price fails.
    public var prices: ClosedRange<Int64>?

    public init(label: String, factor: Double) { (self.label, self.factor) = (label, factor) }
}

/// The weights of a request in one segment.
struct DocumentWeights {
    private let weights: [(weight: ScoreWeight, documents: Set<Int>?, facet: (facet: Facet, marks: [Bool])?)]

    init(_ weights: [ScoreWeight], _ segment: Segment) {
        self.weights = weights.compactMap { weight in
            let documents = weight.items.map { Set($0.compactMap { segment.document(of: $0) }) }
            if documents?.isEmpty ?? false { return nil }
            guard let field = weight.field else { return (weight, documents, nil) }
            guard let facet = segment.facets.first(where: { $0.name == field }) else { return nil }
            return (weight, documents, (facet, facet.marks(weight.values)))
        }
    }

    var isEmpty: Bool { weights.isEmpty }

    /// The weights that a document meets, in their order. Complexity: O(weights).
    func weights(of document: Int, price: Int64) -> [ScoreWeight] {
        weights.filter { holds($0, document, price) }.map(\.weight)
    }

    /// A score with the weights that a document meets.
    func weighted(_ score: UInt32, document: Int, price: Int64) -> UInt32 {
        var factor = 1.0
        for entry in weights where holds(entry, document, price) { factor *= entry.weight.factor }
        return factor == 1 ? score : UInt32(min(Double(UInt32.max), max(1, Double(score) * factor)))
    }

    private func holds(
        _ entry: (weight: ScoreWeight, documents: Set<Int>?, facet: (facet: Facet, marks: [Bool])?), _ document: Int,
        _ price: Int64
    ) -> Bool {
        if let documents = entry.documents, !documents.contains(document) { return false }
        if let facet = entry.facet, !facet.facet.passes(document, facet.marks) { return false }
        if let prices = entry.weight.prices, price < 0 || !prices.contains(price) { return false }
        return true
    }
}
