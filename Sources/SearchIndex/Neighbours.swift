public import Domain

/// Texts that mean something near to a query, with the items that they describe; found outside the index.
public struct Neighbours: Sendable {
    public struct Text: Sendable {
        /// What `textOfItem` names it by.
        public var place: UInt32
        /// The cosine between the text and the query.
        public var similarity: Float
        /// Every item that it describes; some of them may have got another text since.
        public var items: ArraySlice<ItemNumber>

        public init(place: UInt32, similarity: Float, items: ArraySlice<ItemNumber>) {
            (self.place, self.similarity, self.items) = (place, similarity, items)
        }
    }

    /// In place of an item's text, where it has none.
    public static let noText = UInt32.max

    /// Each text once, the nearest first.
    public let texts: [Text]
    /// By item number: the place of its text; items beyond the end have none.
    public let textOfItem: [UInt32]

    /// How many texts the filters of the search let through, among which the nearest were looked for; `nil` without filters.
    public let filteredTexts: Int?

    public init(texts: [Text], textOfItem: [UInt32], filteredTexts: Int? = nil) {
        (self.texts, self.textOfItem, self.filteredTexts) = (texts, textOfItem, filteredTexts)
    }

    /// Items without the query's words join the matches from this cosine on, where the words find too little.
    static let admission: Float = 0.5
    /// The same where no word of the query is known: better what is far than nothing.
    static let lastResort: Float = 0.3
    func text(of number: ItemNumber) -> UInt32 {
        number.index < textOfItem.count ? textOfItem[number.index] : Self.noText
    }

    /// The cosine between an item's text and the query; `nil` if it is not near.
    func similarity(of number: ItemNumber) -> Float? {
        let own = text(of: number)
        return own == Self.noText ? nil : texts.first { $0.place == own }?.similarity
    }
}

/// What documents gain from being near to the query. Made once for a search over all segments.
struct NeighbourGains {
    private let neighbours: Neighbours
    /// By place of a text, up to the last near one: in parts of `Score.one`.
    private let gains: [UInt32]

    /// - Complexity: O(texts of the catalogue), a few bytes each.
    ///
    /// - Parameter highest: The most that the query's words can give, in parts of `Score.one`.
    init(_ neighbours: Neighbours, _ fusion: Fusion, highest: Float) {
        self.neighbours = neighbours
        let end = neighbours.texts.reduce(0) { max($0, Int($1.place) + 1) }
        var gains = [UInt32](repeating: 0, count: end)
        let weights = fusion.weights
        let nearest = neighbours.texts.reduce(-1) { max($0, $1.similarity) }
        let farthest = neighbours.texts.reduce(nearest) { min($0, $1.similarity) }
        var (rank, nearer, last) = (1, 0, Float.infinity)
        for text in neighbours.texts {
            // Items of equal texts are of one rank, behind all items of nearer ones.
            if text.similarity < last { (rank, last) = (nearer + 1, text.similarity) }
            nearer += text.items.count
            let above = (text.similarity - farthest) / max(1e-6, 1 + nearest)
            let sum =
                weights.cosine * max(0, min(1, text.similarity)) + weights.cosineOfBest * max(0, above)
                + weights.cosineRank * fusion.reciprocal(rank)
            gains[Int(text.place)] = Score.whole(sum * highest)
        }
        self.gains = gains
    }

    /// What an item gains. Complexity: O(1).
    @inline(__always) func gain(of number: UInt32) -> UInt32 {
        guard Int(number) < neighbours.textOfItem.count else { return 0 }
        let text = Int(neighbours.textOfItem[Int(number)])
        return text < gains.count ? gains[text] : 0
    }

    /// The documents of a segment whose cosine is at least `least`, in rising order.
    func documents(in segment: Segment, atLeast least: Float) -> [UInt32] {
        var found: [UInt32] = []
        for text in neighbours.texts where text.similarity >= least {
            for number in text.items where neighbours.text(of: number) == text.place {
                if let document = segment.document(of: number) { found.append(UInt32(document)) }
            }
        }
        return found.sorted()
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
