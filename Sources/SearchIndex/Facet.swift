/// The values of one property, such as `brand`, of all documents of a segment.
///
/// Values are sorted by their bytes, so that a lower ordinal is the earlier value. A path such as the category stores its
/// deepest value alone; the wider ones follow from `parents`.
struct Facet: Sendable {
    static let none = UInt32.max

    let name: String
    /// By document, and one more: where its ordinals stand. Absent where no document has more than one value.
    private let offsets: Column<UInt32>?
    /// With `offsets`, the ordinals of all documents; without, one a document, `none` if it has none.
    private let ordinals: Column<UInt32>
    /// By ordinal: the next wider value of a path, or `none`. Absent for other facets.
    let parents: Column<UInt32>?
    let values: StringColumn
    /// By value: the documents that have it, or one below it in a path.
    let postings: PostingColumns

    static func all(_ reader: SectionReader, documents: Int) throws(SearchError) -> [Facet] {
        let names = try reader.strings("facets")
        guard names.count <= Segment.maximumFacets else { throw SectionReader.damaged("facets") }
        var facets: [Facet] = []
        for index in 0..<names.count {
            facets.append(try Facet(reader, name: names.text(index), index: index, documents: documents))
        }
        return facets
    }

    private init(_ reader: SectionReader, name: String, index: Int, documents: Int) throws(SearchError) {
        let section = "facet\(index)"
        self.name = name
        values = try reader.strings(section + ".values")
        if reader.has(section + ".offsets") {
            ordinals = try reader.column(section + ".ordinals", UInt32.self)
            offsets = try reader.offsets(section + ".offsets", count: documents + 1, end: ordinals.count)
        } else {
            ordinals = try reader.column(section + ".ordinals", UInt32.self, count: documents)
            offsets = nil
        }
        parents =
            reader.has(section + ".parents")
            ? try reader.column(section + ".parents", UInt32.self, count: values.count) : nil
        postings = try PostingColumns(
            reader, section: section + ".lists", terms: values.count, documents: documents, isScored: false)
        let (limit, allowsNone) = (values.count, offsets == nil)
        for place in 0..<ordinals.count {
            let ordinal = ordinals[place]
            guard Int(ordinal) < limit || (allowsNone && ordinal == Self.none) else {
                throw SectionReader.damaged(section)
            }
        }
        if let parents {
            // A parent stands before its children, so that no chain of parents has an end in itself.
            for value in 0..<limit where parents[value] != Self.none && Int(parents[value]) >= value {
                throw SectionReader.damaged(section)
            }
        }
    }

    /// Counts the values of documents into `tally`, which has room for every value, and notes values met for the first time.
    func count(_ documents: UnsafeBufferPointer<UInt32>, tally: inout [Int32], touched: inout [UInt32]) {
        unsafe tally.withUnsafeMutableBufferPointer { tally in
            unsafe ordinals.withElements { ordinals in
                @inline(__always) func add(_ ordinal: UInt32) {
                    let before = unsafe tally[Int(ordinal)]
                    if before == 0 { touched.append(ordinal) }
                    unsafe tally[Int(ordinal)] = before &+ 1
                }
                guard let offsets else {
                    for place in 0..<documents.count {
                        let document = unsafe documents[place]
                        let ordinal = unsafe ordinals[Int(document)]
                        if ordinal != Self.none { add(ordinal) }
                    }
                    return
                }
                unsafe offsets.withElements { offsets in
                    for place in 0..<documents.count {
                        let document = unsafe documents[place]
                        let (start, end) = unsafe (Int(offsets[Int(document)]), Int(offsets[Int(document) + 1]))
                        for place in start..<end { unsafe add(ordinals[place]) }
                    }
                }
            }
        }
    }

    /// Whether a document has one of the values that `isWanted` marks.
    func passes(_ document: Int, _ isWanted: [Bool]) -> Bool {
        guard let offsets else {
            let ordinal = ordinals[document]
            return ordinal != Self.none && isWanted[Int(ordinal)]
        }
        for place in Int(offsets[document])..<Int(offsets[document + 1]) where isWanted[Int(ordinals[place])] {
            return true
        }
        return false
    }

    /// The lists of the wanted values that occur.
    func lists(_ wanted: Set<String>) -> [PostingList] {
        wanted.sorted().compactMap { values.find(Array($0.utf8)) }.map { postings.list($0, weight: 0) }
    }

    /// Marks the wanted values, and what lies below them in a path.
    func marks(_ wanted: Set<String>) -> [Bool] {
        var marks = [Bool](repeating: false, count: values.count)
        for value in wanted { if let ordinal = values.find(Array(value.utf8)) { marks[ordinal] = true } }
        if let parents {
            for value in 0..<values.count where parents[value] != Self.none && marks[Int(parents[value])] {
                marks[value] = true
            }
        }
        return marks
    }

    /// Adds what lies below to the wider values of a path. Complexity: O(touched · depth).
    func rollUp(_ tally: inout [Int32], touched: inout [UInt32]) {
        guard let parents else { return }
        for (ordinal, count) in touched.map({ ($0, tally[Int($0)]) }) {
            var parent = parents[Int(ordinal)]
            while parent != Self.none {
                if tally[Int(parent)] == 0 { touched.append(parent) }
                tally[Int(parent)] += count
                parent = parents[Int(parent)]
            }
        }
    }
}
