import Domain
import TextAnalysis

/// Gathers documents and writes them as one immutable segment.
///
/// Impacts are BM25F contributions of one word to one document, popularity included, computed once and rounded to 255
/// steps of the word's highest: a query only adds them up.
struct SegmentBuilder {
    private struct Posting {
        let term: UInt32
        let field: UInt8
        let count: UInt8
    }

    let analyzer: Analyzer
    /// Statistics of words come from here, so that scores of a small segment of changes agree with the large one.
    private let reference: Segment?
    private var termNumbers: [[UInt8]: UInt32] = [:]
    private var terms: [[UInt8]] = []
    private var words: [[UInt8]: (term: UInt32, documents: UInt32)] = [:]
    /// Of all documents one after the other, each one's by term and field.
    private var postings: [Posting] = []
    private var postingOffsets: [Int] = [0]
    private var lengths: [[UInt16]] = Array(repeating: [], count: Field.allCases.count)
    private var numbers: [UInt32] = []
    private var popularity: [Float] = []
    private var titles: [[UInt8]] = []
    private var facets: [String: FacetBuilder] = [:]
    private var numberColumns: [String: [Double]] = [:]
    /// The names of categories, for what is learned of the catalogue's wording.
    private(set) var labels = LabelWords()

    init(analyzer: Analyzer, reference: Segment? = nil) { (self.analyzer, self.reference) = (analyzer, reference) }

    var count: Int { numbers.count }

    /// Adds one document; each item number once.
    ///
    /// - Parameter popularity: In `0...1`.
    mutating func add(_ stored: StoredItem, popularity: Float) {
        let document = numbers.count
        numbers.append(stored.number.rawValue)
        self.popularity.append(popularity)
        titles.append(Array(TextFolding.words(of: stored.item.title).joined(separator: [32]).prefix(64)))
        addText(of: stored.item)
        if reference == nil { labels.add(stored.item.productType, analyzer) }
        for (name, values) in FacetBuilder.values(of: stored.item)
        where facets[name] != nil || facets.count < Segment.maximumFacets {
            facets[name, default: FacetBuilder(isPath: name == FacetBuilder.categoryName)].add(
                values, document: document)
        }
        for (name, value) in stored.item.numbers
        where numberColumns[name] != nil || numberColumns.count < Segment.maximumNumbers {
            let column = numberColumns[name]?.count ?? 0
            numberColumns[name, default: []] += repeatElement(.nan, count: document - column) + [value]
        }
    }

    private mutating func addText(of item: Item) {
        var seenWords: Set<[UInt8]> = []
        var found: [Posting] = []
        for field in Field.allCases {
            let tokens = analyzer.tokens(of: field.text(of: item))
            lengths[field.rawValue].append(UInt16(clamping: tokens.count))
            var counts: [UInt32: UInt8] = [:]
            for token in tokens {
                let term = number(of: token.term)
                counts[term] = UInt8(clamping: Int(counts[term] ?? 0) + 1)
                if field != .source, seenWords.insert(token.word).inserted {
                    words[token.word, default: (term, 0)].documents += 1
                }
            }
            found += counts.map { Posting(term: $0, field: UInt8(field.rawValue), count: $1) }
        }
        found.sort { ($0.term, $0.field) < ($1.term, $1.field) }
        postings += found
        postingOffsets.append(postings.count)
    }

    private mutating func number(of term: [UInt8]) -> UInt32 {
        if let known = termNumbers[term] { return known }
        let number = UInt32(terms.count)
        termNumbers[term] = number
        terms.append(term)
        return number
    }

    /// Counts words that shoppers searched for as if another document held them, as far as the documents know them.
    mutating func addSearch(_ text: String) {
        for token in analyzer.tokens(of: text, limit: 24) { words[token.word]?.documents += 1 }
    }

    /// Replaces the popularity of all documents, in the order in which they were added.
    mutating func setPopularity(_ values: [Float]) {
        guard values.count == popularity.count else { return }
        popularity = values
    }

    /// Which words occur in the documents.
    func knownWords() -> KnownWords {
        KnownWords(analyzer: analyzer, terms: terms) { [termNumbers] in termNumbers[$0] != nil }
    }

    /// The bytes of the segment.
    mutating func finish() -> [UInt8] {
        var writer = SectionWriter()
        let averages = averageLengths()
        let sortedTerms = terms.indices.sorted { terms[$0].lexicographicallyPrecedes(terms[$1]) }
        var rank = [UInt32](repeating: 0, count: terms.count)
        for (place, term) in sortedTerms.enumerated() { rank[term] = UInt32(place) }
        let order = numbers.indices.sorted { (popularity[$1], numbers[$0]) < (popularity[$0], numbers[$1]) }
        writer.add("meta", [UInt32(numbers.count), UInt32(terms.count), UInt32(TextFolding.version)])
        writer.add("averages", averages)
        writer.add("terms", strings: sortedTerms.map { terms[$0] })
        addPostings(to: &writer, order: order, sortedTerms: sortedTerms, rank: rank, averages: averages)
        let sortedWords = words.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        writer.add("words", strings: sortedWords.map(\.key))
        writer.add("words.term", sortedWords.map { rank[Int($0.value.term)] })
        writer.add("words.documents", sortedWords.map(\.value.documents))
        let spelling = SpellingIndex.build(
            words: sortedWords.map(\.key), stems: sortedWords.map { terms[Int($0.value.term)] },
            documents: sortedWords.map(\.value.documents))
        writer.add("spelling.buckets", spelling.buckets)
        writer.add("spelling.words", spelling.entries)
        addColumns(to: &writer, order: order)
        return writer.finish()
    }

    private mutating func addColumns(to writer: inout SectionWriter, order: [Int]) {
        let ordered = order.map { numbers[$0] }
        writer.add("numbers", ordered)
        writer.add("numbers.order", ordered.indices.sorted { ordered[$0] < ordered[$1] }.map { UInt32($0) })
        writer.add("popularity", order.map { popularity[$0] })
        let titleRanks = titleRanks()
        writer.add("titles", order.map { titleRanks[$0] })
        let names = facets.keys.sorted()
        writer.add("facets", strings: names.map { Array($0.utf8) })
        for (index, name) in names.enumerated() { facets[name]?.write(to: &writer, index: index, order: order) }
        let columns = numberColumns.sorted { $0.key < $1.key }
        writer.add("numbers.names", strings: columns.map { Array($0.key.utf8) })
        for (index, column) in columns.enumerated() {
            writer.add("number\(index)", order.map { $0 < column.value.count ? column.value[$0] : .nan })
        }
    }

    private func averageLengths() -> [Float] {
        if let reference { return reference.averages }
        return lengths.map { column in
            let sum = column.reduce(0.0) { $0 + Double($1) }
            return Float(max(1, sum / Double(max(1, column.count { $0 > 0 }))))
        }
    }

    private func addPostings(
        to writer: inout SectionWriter, order: [Int], sortedTerms: [Int], rank: [UInt32], averages: [Float]
    ) {
        let starts = startsOfTerms(rank)
        var documents = [UInt32](repeating: 0, count: starts[terms.count])
        var contributions = [Float](repeating: 0, count: documents.count)
        var next = starts
        for (document, old) in order.enumerated() {
            let factor = 1 + popularityShare * popularity[old]
            var place = postingOffsets[old]
            let end = postingOffsets[old + 1]
            while place < end {
                let term = postings[place].term
                var sum: Float = 0
                while place < end, postings[place].term == term {
                    sum += weighted(postings[place], document: old, averages: averages)
                    place += 1
                }
                let slot = next[Int(rank[Int(term)])]
                next[Int(rank[Int(term)])] += 1
                documents[slot] = UInt32(document)
                contributions[slot] = sum / (saturation + sum) * factor
            }
        }
        var packed = PostingsWriter()
        var (offsets, counts, scales, frequencies): ([UInt32], [UInt32], [Float], [Float]) = ([0], [], [], [])
        for (place, term) in sortedTerms.enumerated() {
            let range = starts[place]..<starts[place + 1]
            let idf =
                reference.flatMap { other in other.terms.find(terms[term]).map { other.idf[$0] } }
                ?? inverseDocumentFrequency(range.count)
            let highest = contributions[range].max() ?? 0
            let impacts = contributions[range].map { UInt8(max(1, min(255, ($0 / highest * 255).rounded()))) }
            offsets.append(UInt32(packed.append(documents: Array(documents[range]), impacts: impacts)))
            counts.append(UInt32(range.count))
            scales.append(highest * idf / 255)
            frequencies.append(idf)
        }
        writer.add("idf", frequencies)
        writer.add("postings.offsets", offsets)
        writer.add("postings.counts", counts)
        writer.add("postings.scales", scales)
        writer.add("postings.blocks", packed.blocks)
        writer.add("postings.bytes", packed.bytes)
    }

    /// By rank of the term, and one more: where its postings begin, a document counted once.
    private func startsOfTerms(_ rank: [UInt32]) -> [Int] {
        var starts = [Int](repeating: 0, count: terms.count + 1)
        for document in numbers.indices {
            var previous: UInt32?
            for place in postingOffsets[document]..<postingOffsets[document + 1] where postings[place].term != previous
            {
                previous = postings[place].term
                starts[Int(rank[Int(postings[place].term)]) + 1] += 1
            }
        }
        for term in 0..<terms.count { starts[term + 1] += starts[term] }
        return starts
    }

    private func inverseDocumentFrequency(_ found: Int) -> Float {
        let all = Float(max(count, reference?.count ?? 0))
        return Float.log1p((all - Float(found) + 0.5) / (Float(found) + 0.5))
    }

    private func weighted(_ posting: Posting, document: Int, averages: [Float]) -> Float {
        let field = Field.allCases[Int(posting.field)]
        let length = Float(lengths[field.rawValue][document])
        return weightedCount(Float(posting.count), field: field, length: length, average: averages[field.rawValue])
    }

    private func titleRanks() -> [UInt32] {
        let order = titles.indices.sorted {
            titles[$0] == titles[$1] ? $0 < $1 : titles[$0].lexicographicallyPrecedes(titles[$1])
        }
        var ranks = [UInt32](repeating: 0, count: titles.count)
        for (rank, document) in order.enumerated() { ranks[document] = UInt32(rank) }
        return ranks
    }
}

/// What one word in one field adds to BM25F's pseudo-frequency (Robertson and Zaragoza, 2009, eq. 3.19).
func weightedCount(_ count: Float, field: Field, length: Float, average: Float) -> Float {
    let b = field.lengthNormalisation
    return field.weight * count / (1 - b + b * length / average)
}

extension Float {
    /// ln(1 + x), by way of `Double`, so that every platform rounds alike.
    static func log1p(_ value: Float) -> Float { Float(naturalLogarithm(1 + Double(value))) }
}
