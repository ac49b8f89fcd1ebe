import Domain
import Storage
import TextAnalysis

/// An immutable part of an index, checked once when it is opened: no later read can leave its bounds.
///
/// The layout is documented in `docs/formats/index.md`.
struct Segment: Sendable {
    struct Facet: Sendable {
        let name: String
        let offsets: Column<UInt32>
        let ordinals: Column<UInt32>
        let values: StringColumn
    }

    /// Names of attributes beyond these stay searchable, but are neither counted nor filtered.
    static let maximumFacets = 200

    let count: Int
    let byteCount: Int
    let averages: [Float]
    let terms: StringColumn
    let idf: Column<Float>
    let offsets: Column<UInt32>
    let documents: Column<UInt32>
    let impacts: Column<Float>
    let words: StringColumn
    let wordTerms: Column<UInt32>
    let wordDocuments: Column<UInt32>
    let numbers: Column<UInt32>
    let popularity: Column<Float>
    let titleRanks: Column<UInt32>
    let facets: [Facet]
    let spelling: SpellingIndex
    /// The document of each item number.
    let documentOfNumber: [UInt32: UInt32]

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
        documents = try reader.column("postings.documents", UInt32.self)
        impacts = try reader.column("postings.impacts", Float.self, count: documents.count)
        offsets = try reader.offsets("postings.offsets", count: termCount + 1, end: documents.count)
        words = try reader.strings("words")
        wordTerms = try reader.column("words.term", UInt32.self, count: words.count)
        wordDocuments = try reader.column("words.documents", UInt32.self, count: words.count)
        numbers = try reader.column("numbers", UInt32.self, count: count)
        popularity = try reader.column("popularity", Float.self, count: count)
        titleRanks = try reader.column("titles", UInt32.self, count: count)
        facets = try Self.facets(reader, documents: count)
        for word in 0..<words.count where Int(wordTerms[word]) >= termCount { throw SectionReader.damaged("words") }
        spelling = try SpellingIndex(
            reader, words: words, terms: terms, stems: wordTerms, documents: wordDocuments)
        var places: [UInt32: UInt32] = [:]
        places.reserveCapacity(count)
        for document in 0..<count { places[numbers[document]] = UInt32(document) }
        documentOfNumber = places
        try check()
    }

    private static func facets(_ reader: SectionReader, documents: Int) throws(SearchError) -> [Facet] {
        let names = try reader.strings("facets")
        guard names.count <= Self.maximumFacets else { throw SectionReader.damaged("facets") }
        var facets: [Facet] = []
        for index in 0..<names.count {
            let ordinals = try reader.column("facet\(index).ordinals", UInt32.self)
            let values = try reader.strings("facet\(index).values")
            for place in 0..<ordinals.count where Int(ordinals[place]) >= values.count {
                throw SectionReader.damaged("facet\(index)")
            }
            facets.append(
                Facet(
                    name: names.text(index),
                    offsets: try reader.offsets("facet\(index).offsets", count: documents + 1, end: ordinals.count),
                    ordinals: ordinals, values: values))
        }
        return facets
    }

    private func check() throws(SearchError) {
        for place in 0..<documents.count where Int(documents[place]) >= count || !impacts[place].isFinite {
            throw SectionReader.damaged("postings")
        }
        for document in 0..<count where !(0...1).contains(popularity[document]) {
            throw SectionReader.damaged("popularity")
        }
    }

    /// Where the postings of a term stand.
    func postings(_ term: Int) -> Range<Int> { Int(offsets[term])..<Int(offsets[term + 1]) }
}
