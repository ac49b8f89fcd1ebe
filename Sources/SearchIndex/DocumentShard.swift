import Domain
import TextAnalysis

/// The analysed texts of some of a builder's documents: words, terms and facet values are numbered within the shard.
struct DocumentShard: Sendable {
    /// More words of one field are not indexed.
    static let maximumWords = 1024
    static let maximumTitleBytes = 64

    /// One term in one field of a document: the term's number, the field and how often it stands there.
    struct Posting {
        let packed: UInt64

        @inline(__always) init(term: UInt32, field: Int, count: Int) {
            packed = UInt64(term) << 32 | UInt64(field) << 8 | UInt64(min(255, count))
        }

        @inline(__always) var term: Int { Int(packed >> 32) }
        @inline(__always) var field: Int { Int(packed >> 8 & 0xFF) }
        @inline(__always) var count: Int { Int(packed & 0xFF) }
    }

    private let analyzer: Analyzer
    private let searched: SearchedFields
    /// By document of the shard: its place among all documents, rising.
    private(set) var documents: [UInt32] = []
    private(set) var terms = InternTable()
    /// By term: in how many documents it occurs.
    private(set) var termDocuments: [UInt32] = []
    private(set) var words = InternTable()
    /// By word: its term, and in how many documents it occurs, the supplier's wording aside.
    private(set) var wordTerms: [UInt32] = []
    private(set) var wordDocuments: [UInt32] = []
    /// By word: the last document that counted it, from 1.
    private var wordSeen: [UInt32] = []
    /// Of all documents one after the other, each one's by term and field.
    private(set) var postings: [Posting] = []
    private(set) var postingOffsets: [Int] = [0]
    /// By document and field.
    private(set) var lengths: [UInt16] = []
    /// Of all documents one after the other: the terms of `TextColumns.fields` in their order, with gaps between fields.
    private(set) var sequence: [UInt32] = []
    private(set) var sequenceOffsets: [Int] = [0]
    private(set) var titles = InternTable()
    private(set) var titleNumbers: [UInt32] = []
    /// By name: the place among `facets`.
    private(set) var facetNumbers: [String: Int] = [:]
    private(set) var facets: [FacetBuilder] = []
    private var facetNames: [String] = []
    private(set) var numbers: [String: NumberShard] = [:]
    /// Pairs of what stands for a number and the document of the shard that it names.
    private(set) var identifiers: [(key: UInt64, document: UInt32)] = []
    /// Pairs of a document of the shard and what stands for its group of variants.
    private(set) var groups: [(document: UInt32, group: UInt64)] = []

    // Used again for every document.
    private var folded = FoldedWords()
    private var keys: [UInt64] = []
    private var title: [UInt8] = []
    private var facetText: [UInt8] = []
    private var lastFacet = -1

    init(analyzer: Analyzer, searched: SearchedFields = .all) {
        (self.analyzer, self.searched) = (analyzer, searched)
    }

    /// Adds a document.
    ///
    /// - Parameter document: Its place among all documents, above those of documents before it.
    mutating func add(_ item: Item, document: UInt32) {
        documents.append(document)
        keys.removeAll(keepingCapacity: true)
        for field in Field.allCases { addText(of: item, field) }
        addKeys()
        sequenceOffsets.append(sequence.count)
        let local = UInt32(documents.count - 1)
        addFacets(of: item, local: local, document: document)
        for text in [item.id.rawValue, item.gtin] where !text.isEmpty {
            identifiers.append((IdentifierColumn.key(text.utf8), local))
        }
        if !item.itemGroupID.isEmpty { groups.append((local, Segment.group(named: item.itemGroupID))) }
        for (name, value) in item.numbers {
            numbers[name, default: NumberShard(firstDocument: document)].add(value, document: local)
        }
    }

    private mutating func addText(of item: Item, _ field: Field) {
        folded.removeAll()
        field.forEachText(of: item, in: searched) { analyzer.fold($0, into: &folded) }
        let count = min(folded.count, Self.maximumWords)
        let isKept = count > 0 && TextColumns.fields.contains(field)
        if isKept, sequence.count > sequenceOffsets[sequenceOffsets.count - 1] { sequence.append(TextColumns.gap) }
        lengths.append(UInt16(count))
        for index in 0..<count {
            let word = Int(folded.withWord(index) { words.number(of: $0) })
            if word == wordTerms.count { addWord(words[word]) }
            if isKept { sequence.append(wordTerms[word]) }
            keys.append(UInt64(wordTerms[word]) << 32 | UInt64(field.rawValue))
            if field != .source, wordSeen[word] != documents.count {
                wordSeen[word] = UInt32(documents.count)
                wordDocuments[word] += 1
            }
        }
        if field == .title { addTitle() }
    }

    private mutating func addWord(_ word: [UInt8]) {
        let term = terms.number(of: analyzer.term(of: word))
        if Int(term) == termDocuments.count { termDocuments.append(0) }
        wordTerms.append(term)
        wordDocuments.append(0)
        wordSeen.append(0)
    }

    private mutating func addTitle() {
        title.removeAll(keepingCapacity: true)
        for index in 0..<folded.count where title.count < Self.maximumTitleBytes {
            if index > 0 { title.append(32) }
            folded.withWord(index) { word in
                let part = word.extracting(0..<min(word.count, Self.maximumTitleBytes - title.count))
                unsafe part.withUnsafeBufferPointer { unsafe title.append(contentsOf: $0) }
            }
        }
        titleNumbers.append(titles.number(of: title))
    }

    private mutating func addKeys() {
        if keys.count < 64 { sortFew() } else { keys.sort() }
        var (place, previous) = (0, -1)
        while place < keys.count {
            let key = keys[place]
            var end = place + 1
            while end < keys.count, keys[end] == key { end += 1 }
            let posting = Posting(term: UInt32(key >> 32), field: Int(key & 0xFF), count: end - place)
            postings.append(posting)
            if posting.term != previous {
                previous = posting.term
                termDocuments[previous] += 1
            }
            place = end
        }
        postingOffsets.append(postings.count)
    }

    private mutating func sortFew() {
        for end in 1..<max(1, keys.count) {
            let key = keys[end]
            var place = end
            while place > 0, keys[place - 1] > key {
                keys[place] = keys[place - 1]
                place -= 1
            }
            keys[place] = key
        }
    }

    // MARK: Facets

    private mutating func addFacets(of item: Item, local: UInt32, document: UInt32) {
        lastFacet = -1
        if !item.productType.isEmpty {
            let facet = begin(FacetBuilder.categoryName, isPath: true, local: local, document: document)
            facetText.removeAll(keepingCapacity: true)
            for (level, part) in item.productType.enumerated() {
                if level > 0 { facetText.append(contentsOf: FacetBuilder.separator.utf8) }
                facetText.append(contentsOf: part.utf8)
                facets[facet].add(facetText)
            }
        }
        if !item.brand.isEmpty {
            add(item.brand, to: begin(FacetBuilder.brandName, isPath: false, local: local, document: document))
        }
        for (name, values) in item.attributes where name != FacetBuilder.categoryName && name != FacetBuilder.brandName
        {
            let facet = begin(name, isPath: false, local: local, document: document)
            for value in values { add(value, to: facet) }
        }
    }

    private mutating func add(_ value: String, to facet: Int) {
        facetText.removeAll(keepingCapacity: true)
        facetText.append(contentsOf: value.utf8)
        facets[facet].add(facetText)
    }

    /// Begins a document's values of a facet and returns the facet's place.
    private mutating func begin(_ name: String, isPath: Bool, local: UInt32, document: UInt32) -> Int {
        // Documents mostly have the facets of the one before them, in the same order.
        if lastFacet + 1 < facetNames.count, facetNames[lastFacet + 1] == name {
            lastFacet += 1
        } else {
            lastFacet = facetNumbers[name] ?? facets.count
        }
        let facet = lastFacet
        if facet == facets.count {
            facetNumbers[name] = facet
            facetNames.append(name)
            facets.append(FacetBuilder(isPath: isPath, firstDocument: document))
        }
        facets[facet].begin(document: local)
        return facet
    }

    // MARK: After the documents

    /// Counts a word once more if a document holds it; returns whether one does.
    mutating func count(_ word: [UInt8]) -> Bool {
        guard let number = words.find(word.span), wordDocuments[Int(number)] > 0 else { return false }
        wordDocuments[Int(number)] += 1
        return true
    }

    /// Gives up the postings when they are no longer needed.
    mutating func dropPostings() {
        (postings, postingOffsets, lengths) = ([], [], [])
        (sequence, sequenceOffsets) = ([], [])
    }
}

/// A number of some documents of a shard.
struct NumberShard: Sendable {
    let firstDocument: UInt32
    private(set) var documents: [UInt32] = []
    private(set) var values: [Double] = []

    init(firstDocument: UInt32) { self.firstDocument = firstDocument }

    mutating func add(_ value: Double, document: UInt32) {
        documents.append(document)
        values.append(value)
    }
}
