import Domain
import Numerics
import TextAnalysis

/// Gathers documents and writes them as one immutable segment.
///
/// Texts are analysed by some threads side by side, each with a shard of the documents; what is written does not depend on
/// how many there are. Impacts are BM25F contributions of one word to one document, popularity included, computed once and
/// rounded to 255 steps of the word's highest: a query only adds them up.
struct SegmentBuilder {
    /// Documents that are analysed together, and how few are not worth a second thread.
    private static let batch = 8192
    private static let fewest = 512

    let analyzer: Analyzer
    /// Statistics of words come from here, so that scores of a small segment of changes agree with the large one.
    private let reference: Segment?
    private let searched: SearchedFields
    private var shards: [DocumentShard]
    /// How many documents were handed to the shards, and those that were not.
    private var analysed = 0
    private var pending: [StoredItem] = []
    private var numbers: [UInt32] = []
    private var popularity: [Float] = []
    /// The names of categories, for what is learned of the catalogue's wording.
    private(set) var labels = LabelWords()

    /// - Parameter threads: How many analyse texts; what is written is the same for any number.
    /// - Parameter searched: Whose words are searched; of no effect with a reference, whose fields hold.
    init(
        analyzer: Analyzer, reference: Segment? = nil, searched: SearchedFields = .all, threads: Int = buildThreads
    ) {
        (self.analyzer, self.reference) = (analyzer, reference)
        self.searched = reference?.searched ?? searched
        let shard = DocumentShard(analyzer: analyzer, searched: self.searched)
        shards = Array(repeating: shard, count: reference == nil ? threads : 1)
    }

    var count: Int { numbers.count }

    /// Adds one document; each item number once.
    ///
    /// - Parameter popularity: In `0...1`.
    mutating func add(_ stored: StoredItem, popularity: Float) {
        numbers.append(stored.number.rawValue)
        self.popularity.append(popularity)
        pending.append(stored)
        if pending.count == Self.batch { analyse() }
    }

    /// Adds many documents of no popularity; each item number once.
    mutating func add(contentsOf items: [StoredItem]) {
        analyse()
        numbers += items.map(\.number.rawValue)
        popularity += repeatElement(0, count: items.count)
        analyse(items)
    }

    private mutating func analyse() {
        analyse(pending)
        pending.removeAll(keepingCapacity: true)
    }

    /// Hands the texts of documents to the shards, each a run of neighbours.
    private mutating func analyse(_ items: [StoredItem]) {
        guard !items.isEmpty else { return }
        if reference == nil { for stored in items { labels.add(stored.item.productType, analyzer) } }
        let start = analysed
        let used = items.count < Self.fewest ? 1 : shards.count
        let size = (items.count + used - 1) / used
        shards.concurrentlyForEach(first: used) { shard, documents in
            // Borrowed, or each item would be copied with all its texts retained.
            let items = items.span
            for index in min(shard * size, items.count)..<min((shard + 1) * size, items.count) {
                documents.add(items[index].item, document: UInt32(start + index))
            }
        }
        analysed += items.count
    }

    /// Counts words that shoppers searched for as if another document held them, as far as the documents know them.
    mutating func addSearch(_ text: String) {
        analyse()
        for token in analyzer.tokens(of: text, limit: 24) {
            for shard in shards.indices where shards[shard].count(token.word) { break }
        }
    }

    /// Replaces the popularity of all documents, in the order in which they were added.
    mutating func setPopularity(_ values: [Float]) {
        guard values.count == popularity.count else { return }
        popularity = values
    }

    /// Which words occur in the documents.
    mutating func knownWords() -> KnownWords {
        analyse()
        let tables = shards.map(\.terms)
        let terms = tables.lazy.flatMap { table in (0..<table.count).lazy.map { table[$0] } }
        return KnownWords(analyzer: analyzer, terms: terms) { term in
            tables.contains { $0.find(term.span) != nil }
        }
    }

    /// The bytes of the segment; the builder is used up.
    mutating func finish() -> [UInt8] {
        analyse()
        let order = numbers.indices.sorted { (popularity[$1], numbers[$0]) < (popularity[$0], numbers[$1]) }
        let terms = MergedStrings(shards.map(\.terms))
        let postings = TermSections(
            shards: shards, terms: terms, order: order, popularity: popularity, averages: averageLengths(),
            reference: reference)
        for shard in shards.indices { shards[shard].dropPostings() }
        let columns = ColumnSections(shards: shards, order: order, numbers: numbers, popularity: popularity)
        let words = WordSections(shards: shards, terms: terms)
        let parts = concurrentMap([0, 1, 2]) { part in
            var writer = SectionWriter()
            switch part {
            case 0: postings.write(to: &writer)
            case 1: words.write(to: &writer)
            default: columns.write(to: &writer)
            }
            return writer
        }
        var writer = SectionWriter()
        writer.add("meta", [UInt32(numbers.count), UInt32(terms.count), UInt32(TextFolding.version)])
        writer.add("averages", postings.averages)
        if searched.names != nil { writer.add("fields", strings: searched.sorted) }
        for part in parts { writer.add(part) }
        shards = []
        return writer.finish()
    }

    private func averageLengths() -> [Float] {
        if let reference { return reference.averages }
        let fields = Field.allCases.count
        return Field.allCases.map { field in
            var (sum, filled) = (0.0, 0)
            for shard in shards {
                for place in stride(from: field.rawValue, to: shard.lengths.count, by: fields) {
                    sum += Double(shard.lengths[place])
                    filled += shard.lengths[place] > 0 ? 1 : 0
                }
            }
            return Float(max(1, sum / Double(max(1, filled))))
        }
    }
}

/// What one word in one field adds to BM25F's pseudo-frequency (Robertson and Zaragoza, 2009, eq. 3.19).
func weightedCount(_ count: Float, field: Field, length: Float, average: Float) -> Float {
    let b = field.lengthNormalisation
    return field.weight * count / (1 - b + b * length / average)
}
