public import Domain

/// Items that mean something near to a query, whatever words they hold; found outside the index.
public struct Neighbours: Sendable {
    public struct Item: Hashable, Sendable {
        public var number: ItemNumber
        /// The cosine between the item and the query.
        public var similarity: Float

        public init(number: ItemNumber, similarity: Float) { (self.number, self.similarity) = (number, similarity) }
    }

    /// In any order, each item once.
    public var items: [Item]

    public init(_ items: [Item]) { self.items = items }

    /// Items without the query's words join the matches from this cosine on, where the words find too little.
    static let admission: Float = 0.5
    /// The same where no word of the query is known: better what is far than nothing.
    static let lastResort: Float = 0.3
    /// What a neighbour of cosine one gains, as a share of the most that the query's words can give.
    static let share: Float = 0.3
}

/// What the documents of one segment gain from being near to the query, by document.
struct NeighbourList {
    struct Entry {
        var document: UInt32
        var gain: UInt32
        /// The cosine that the gain comes from.
        var similarity: Float
    }

    private(set) var entries: [Entry] = []

    /// - Parameter entries: In the order of documents.
    init(entries: [Entry]) { self.entries = entries }

    /// - Parameter highest: The most that the query's words can give, in parts of `Score.one`.
    init(_ neighbours: Neighbours, in segment: Segment, highest: Float) {
        entries.reserveCapacity(neighbours.items.count)
        for item in neighbours.items {
            guard let document = segment.document(of: item.number) else { continue }
            let gain = max(0, min(1, item.similarity)) * Neighbours.share * highest
            entries.append(Entry(document: UInt32(document), gain: UInt32(gain), similarity: item.similarity))
        }
        entries.sort { $0.document < $1.document }
    }
}

extension QueryPlan {
    /// The most that the words can give one document, words that no document holds counted like the others.
    func highestScore(_ queries: [SegmentQuery]) -> Float {
        var sum: Float = 0
        for group in groups.indices {
            sum += queries.reduce(Float(0)) { most, query in
                query.lists[query.groups[group].lists].reduce(most) { max($0, Float($1.highest)) }
            }
        }
        guard !groups.isEmpty else { return Score.one }
        return sum * Float(groups.count + missing.count) / Float(groups.count)
    }
}

extension TermGroup {
    /// The word as the catalogue has it: as typed if it knows it, else its likeliest reading.
    var reading: String {
        if variants.contains(where: { $0.kind == .exact || $0.kind == .prefix || $0.kind == .synonym }) { return text }
        return variants.max { $0.weight < $1.weight }?.text ?? text
    }
}
