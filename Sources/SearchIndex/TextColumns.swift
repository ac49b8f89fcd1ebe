/// The terms of some fields of each document in the order of their words: what phrases and nearness are read from.
struct TextColumns: Sendable {
    static let fields: Set<Field> = [.title, .type, .category, .brand, .description]
    /// Stands between fields.
    static let gap = UInt32.max

    /// By document, and one more: where its terms begin.
    private let offsets: Column<UInt32>
    private let terms: Column<UInt32>

    /// Complexity: O(words).
    init(_ reader: SectionReader, documents: Int, terms limit: Int) throws(SearchError) {
        terms = try reader.column("text.terms", UInt32.self)
        offsets = try reader.offsets("text.offsets", count: documents + 1, end: terms.count)
        for place in 0..<terms.count where terms[place] != Self.gap && Int(terms[place]) >= limit {
            throw SectionReader.damaged("text")
        }
    }

    /// Whether a document has a field with some terms one after the other. Complexity: O(words of the document · terms).
    func contains(_ phrase: [UInt32], in document: Int) -> Bool {
        let (start, end) = (Int(offsets[document]), Int(offsets[document + 1]))
        guard !phrase.isEmpty, end - start >= phrase.count else { return false }
        return unsafe terms.withElements { terms in
            for place in start...(end - phrase.count) where unsafe terms[place] == phrase[0] {
                var length = 1
                while unsafe length < phrase.count && terms[place + length] == phrase[length] { length += 1 }
                if length == phrase.count { return true }
            }
            return false
        }
    }

    /// Calls `body` with each two neighbouring terms of a document, in their order.
    @inline(__always) func forEachPair(of document: Int, _ body: (UInt32, UInt32) -> Void) {
        let (start, end) = (Int(offsets[document]), Int(offsets[document + 1]))
        unsafe terms.withElements { terms in
            for place in start + 1..<max(start + 1, end) { unsafe body(terms[place - 1], terms[place]) }
        }
    }
}
