import Domain
import Storage
import TextAnalysis

/// An immutable part of an index, checked once when it is opened: no later read can leave its bounds.
///
/// Documents stand by falling popularity, so that among equal scores the lower document is the better one.
/// The layout is documented in `docs/formats/index.md`.
struct Segment: Sendable {
    /// Names of attributes beyond these stay searchable, but are neither counted nor filtered.
    static let maximumFacets = 200
    /// Names of numbers beyond these cannot be filtered by.
    static let maximumNumbers = 64

    /// A number of each document, NaN where it has none.
    struct NumberColumn: Sendable {
        let name: String
        let values: Column<Double>
    }

    let count: Int
    let byteCount: Int
    let averages: [Float]
    let terms: StringColumn
    let idf: Column<Float>
    let postings: PostingColumns
    let words: StringColumn
    let wordTerms: Column<UInt32>
    let wordDocuments: Column<UInt32>
    let numbers: Column<UInt32>
    let popularity: Column<Float>
    let titleRanks: Column<UInt32>
    let facets: [Facet]
    let spelling: SpellingIndex
    let numberColumns: [NumberColumn]
    /// Absent in an index of an earlier version: then words of a phrase may stand anywhere.
    let text: TextColumns?
    /// Of which fields the words were indexed.
    let searched: SearchedFields
    /// Absent in an index of an earlier version: there, numbers of items are words.
    let identifiers: IdentifierColumn?
    /// By document: a number that stands for its group of variants, 0 for none. Absent where no document has a group.
    private let groups: Column<UInt64>?
    /// Documents by rising item number.
    private let documentsByNumber: Column<UInt32>

    /// Complexity: O(size): every posting and ordinal is looked at once.
    init(_ bytes: SegmentBytes) throws(SearchError) {
        let reader = try SectionReader(bytes)
        let meta = try reader.column("meta", UInt32.self, count: 3)
        guard meta[2] == UInt32(TextFolding.version) else {
            throw SearchError(.corrupt, "The index was built by another version of Souk: run `souk index`.")
        }
        let (count, termCount) = (Int(meta[0]), Int(meta[1]))
        let averages = try reader.column("averages", Float.self, count: Field.allCases.count)
        self.count = count
        byteCount = unsafe bytes.bytes.count
        self.averages = (0..<averages.count).map { averages[$0] }
        terms = try reader.strings("terms", count: termCount)
        idf = try reader.column("idf", Float.self, count: termCount)
        postings = try PostingColumns(
            reader, section: "postings", terms: termCount, documents: count, isScored: true)
        words = try reader.strings("words")
        wordTerms = try reader.column("words.term", UInt32.self, count: words.count)
        wordDocuments = try reader.column("words.documents", UInt32.self, count: words.count)
        numbers = try reader.column("numbers", UInt32.self, count: count)
        documentsByNumber = try reader.column("numbers.order", UInt32.self, count: count)
        popularity = try reader.column("popularity", Float.self, count: count)
        titleRanks = try reader.column("titles", UInt32.self, count: count)
        text =
            reader.has("text.terms") ? try TextColumns(reader, documents: count, terms: termCount) : nil
        groups = reader.has("groups") ? try reader.column("groups", UInt64.self, count: count) : nil
        let names = reader.has("fields.offsets") ? try reader.strings("fields") : nil
        searched = SearchedFields(names.map { names in (0..<names.count).map { names.text($0) } } ?? [])
        identifiers = reader.has("identifiers") ? try IdentifierColumn(reader, documents: count) : nil
        facets = try Facet.all(reader, documents: count)
        numberColumns = try Self.numberColumns(reader, documents: count)
        for word in 0..<words.count where Int(wordTerms[word]) >= termCount { throw SectionReader.damaged("words") }
        spelling = try SpellingIndex(
            reader, words: words, terms: terms, stems: wordTerms, documents: wordDocuments)
        try check()
    }

    private static func numberColumns(_ reader: SectionReader, documents: Int) throws(SearchError) -> [NumberColumn] {
        let names = try reader.strings("numbers.names")
        guard names.count <= maximumNumbers else { throw SectionReader.damaged("numbers.names") }
        var columns: [NumberColumn] = []
        for index in 0..<names.count {
            let values = try reader.column("number\(index)", Double.self, count: documents)
            columns.append(NumberColumn(name: names.text(index), values: values))
        }
        return columns
    }

    private func check() throws(SearchError) {
        for document in 0..<count where !(0...1).contains(popularity[document]) {
            throw SectionReader.damaged("popularity")
        }
        for place in 0..<count {
            let document = Int(documentsByNumber[place])
            guard document < count,
                place == 0 || numbers[Int(documentsByNumber[place - 1])] < numbers[document]
            else { throw SectionReader.damaged("numbers.order") }
        }
    }

    /// The group of variants that a document belongs to, the same in every segment; 0 for none.
    func group(_ document: Int) -> UInt64 { groups?[document] ?? 0 }

    /// What stands for a group; never 0.
    static func group(named name: String) -> UInt64 { hash(name.utf8) }

    /// 64 bits of FNV-1a with a last mixing step, never 0.
    static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in bytes { hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3 }
        hash = (hash ^ hash >> 32) &* 0x9e37_79b9_7f4a_7c15
        return max(1, hash ^ hash >> 29)
    }

    /// The idf of a word that one document holds.
    var highestIDF: Float { Float.log1p((Float(count) - 0.5) / 1.5) }

    /// In how many documents a term occurs.
    func documentFrequency(_ term: Int) -> Int { Int(postings.counts[term]) }

    /// The document of an item. Complexity: O(1) where no number below is left out, else O(log count).
    func document(of number: ItemNumber) -> Int? {
        // Numbers differ, so an item's is at least its place among them.
        var (low, high) = (0, min(count, number.index + 1))
        if high > 0, numbers[Int(documentsByNumber[high - 1])] == number.rawValue {
            return Int(documentsByNumber[high - 1])
        }
        while low < high {
            let middle = (low + high) / 2
            if numbers[Int(documentsByNumber[middle])] < number.rawValue { low = middle + 1 } else { high = middle }
        }
        guard low < count, numbers[Int(documentsByNumber[low])] == number.rawValue else { return nil }
        return Int(documentsByNumber[low])
    }
}
