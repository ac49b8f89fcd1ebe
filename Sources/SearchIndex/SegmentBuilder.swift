import Domain
import TextAnalysis

/// Gathers documents and writes them as one immutable segment.
///
/// Impacts are BM25F contributions of one word to one document, computed once: a query only adds them up.
struct SegmentBuilder {
    private struct Posting {
        let term: UInt32
        let document: UInt32
        let field: UInt8
        let count: UInt8
    }

    private let analyzer: Analyzer
    /// Statistics of words come from here, so that scores of a small segment of changes agree with the large one.
    private let reference: Segment?
    private var termNumbers: [[UInt8]: UInt32] = [:]
    private var terms: [[UInt8]] = []
    private var words: [[UInt8]: (term: UInt32, documents: UInt32)] = [:]
    private var postings: [Posting] = []
    private var lengths: [[UInt16]] = Array(repeating: [], count: Field.allCases.count)
    private var numbers: [UInt32] = []
    private var popularity: [Float] = []
    private var titles: [[UInt8]] = []
    private var facets: [String: FacetBuilder] = [:]

    init(analyzer: Analyzer, reference: Segment? = nil) { (self.analyzer, self.reference) = (analyzer, reference) }

    var count: Int { numbers.count }

    /// Adds one document.
    ///
    /// - Parameter popularity: In `0...1`.
    mutating func add(_ stored: StoredItem, popularity: Float) {
        let document = UInt32(numbers.count)
        numbers.append(stored.number.rawValue)
        self.popularity.append(popularity)
        titles.append(Array(TextFolding.words(of: stored.item.title).joined(separator: [32]).prefix(64)))
        var seenWords: Set<[UInt8]> = []
        for field in Field.allCases {
            let tokens = analyzer.tokens(of: field.text(of: stored.item))
            lengths[field.rawValue].append(UInt16(clamping: tokens.count))
            var counts: [UInt32: UInt8] = [:]
            for token in tokens {
                let term = number(of: token.term)
                counts[term] = UInt8(clamping: Int(counts[term] ?? 0) + 1)
                if field != .source, seenWords.insert(token.word).inserted {
                    words[token.word, default: (term, 0)].documents += 1
                }
            }
            for (term, count) in counts {
                postings.append(
                    Posting(term: term, document: document, field: UInt8(field.rawValue), count: count))
            }
        }
        for (name, values) in FacetBuilder.values(of: stored.item)
        where facets[name] != nil || facets.count < Segment.maximumFacets {
            facets[name, default: FacetBuilder()].add(values, document: Int(document))
        }
    }

    private mutating func number(of term: [UInt8]) -> UInt32 {
        if let known = termNumbers[term] { return known }
        let number = UInt32(terms.count)
        termNumbers[term] = number
        terms.append(term)
        return number
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
    func finish() -> [UInt8] {
        var writer = SectionWriter()
        let averages = averageLengths()
        let order = terms.indices.sorted { terms[$0].lexicographicallyPrecedes(terms[$1]) }
        var rank = [UInt32](repeating: 0, count: terms.count)
        for (place, term) in order.enumerated() { rank[term] = UInt32(place) }
        writer.add("meta", [UInt32(numbers.count), UInt32(terms.count), UInt32(TextFolding.version)])
        writer.add("averages", averages)
        writer.add("terms", strings: order.map { terms[$0] })
        addPostings(to: &writer, rank: rank, averages: averages)
        let sortedWords = words.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        writer.add("words", strings: sortedWords.map(\.key))
        writer.add("words.term", sortedWords.map { rank[Int($0.value.term)] })
        writer.add("words.documents", sortedWords.map(\.value.documents))
        let spelling = SpellingIndex.build(
            words: sortedWords.map(\.key), stems: sortedWords.map { terms[Int($0.value.term)] },
            documents: sortedWords.map(\.value.documents))
        writer.add("spelling.buckets", spelling.buckets)
        writer.add("spelling.words", spelling.entries)
        writer.add("numbers", numbers)
        writer.add("popularity", popularity)
        writer.add("titles", titleRanks())
        let names = facets.keys.sorted()
        writer.add("facets", strings: names.map { Array($0.utf8) })
        for (index, name) in names.enumerated() { facets[name]?.write(to: &writer, index: index, documents: count) }
        return writer.finish()
    }

    private func averageLengths() -> [Float] {
        if let reference { return reference.averages }
        return lengths.map { column in
            let sum = column.reduce(0.0) { $0 + Double($1) }
            return Float(max(1, sum / Double(max(1, column.count { $0 > 0 }))))
        }
    }

    private func addPostings(to writer: inout SectionWriter, rank: [UInt32], averages: [Float]) {
        var starts = [Int](repeating: 0, count: terms.count + 1)
        for posting in postings { starts[Int(rank[Int(posting.term)]) + 1] += 1 }
        for term in 0..<terms.count { starts[term + 1] += starts[term] }
        var sorted = [Int32](repeating: 0, count: postings.count)
        var next = starts
        for (place, posting) in postings.enumerated() {
            let term = Int(rank[Int(posting.term)])
            sorted[next[term]] = Int32(place)
            next[term] += 1
        }
        let order = terms.indices.sorted { rank[$0] < rank[$1] }
        var (offsets, documents, impacts): ([UInt32], [UInt32], [Float]) = ([0], [], [])
        var frequencies: [Float] = []
        for term in 0..<terms.count {
            let start = documents.count
            var place = starts[term]
            while place < starts[term + 1] {
                let document = postings[Int(sorted[place])].document
                var sum: Float = 0
                while place < starts[term + 1], postings[Int(sorted[place])].document == document {
                    sum += weighted(postings[Int(sorted[place])], averages: averages)
                    place += 1
                }
                documents.append(document)
                impacts.append(sum / (saturation + sum))
            }
            let found = documents.count - start
            let idf =
                reference.flatMap { other in other.terms.find(terms[order[term]]).map { other.idf[$0] } }
                ?? inverseDocumentFrequency(found)
            for index in start..<documents.count { impacts[index] *= idf }
            frequencies.append(idf)
            offsets.append(UInt32(documents.count))
        }
        writer.add("idf", frequencies)
        writer.add("postings.offsets", offsets)
        writer.add("postings.documents", documents)
        writer.add("postings.impacts", impacts)
    }

    private func inverseDocumentFrequency(_ found: Int) -> Float {
        let all = Float(max(count, reference?.count ?? 0))
        return Float.log1p((all - Float(found) + 0.5) / (Float(found) + 0.5))
    }

    private func weighted(_ posting: Posting, averages: [Float]) -> Float {
        let field = Field.allCases[Int(posting.field)]
        let length = Float(lengths[field.rawValue][Int(posting.document)])
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
