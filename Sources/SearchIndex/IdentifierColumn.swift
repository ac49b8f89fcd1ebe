/// The documents of a segment by the numbers that name them: an item's own and its GTIN.
///
/// Numbers are no words: each stands in one document, so a list of postings and a place among the spellings for each would be
/// most of an index. They are found whole, and stand for 64 bits.
struct IdentifierColumn: Sendable {
    /// Rising; several documents may have one.
    private let keys: Column<UInt64>
    private let documents: Column<UInt32>

    init(_ reader: SectionReader, documents limit: Int) throws(SearchError) {
        keys = try reader.column("identifiers", UInt64.self)
        documents = try reader.column("identifiers.documents", UInt32.self, count: keys.count)
        for place in 0..<documents.count where Int(documents[place]) >= limit {
            throw SectionReader.damaged("identifiers")
        }
    }

    /// What stands for a number, whatever the case of its letters.
    static func key(_ text: some Collection<UInt8>) -> UInt64 {
        Segment.hash(text.lazy.map { 65...90 ~= $0 ? $0 | 32 : $0 })
    }

    /// The documents that a number names, rising. Complexity: O(log documents).
    func documents(_ key: UInt64) -> [UInt32] {
        var (low, high) = (0, keys.count)
        while low < high {
            let middle = (low + high) / 2
            if keys[middle] < key { low = middle + 1 } else { high = middle }
        }
        var found: [UInt32] = []
        while low < keys.count, keys[low] == key {
            if found.last.map({ $0 < documents[low] }) ?? true { found.append(documents[low]) }
            low += 1
        }
        return found
    }
}

extension QueryPlanner {
    /// What stands for a query that is a number of some item as a whole.
    func identifier(_ query: String) -> UInt64? {
        let text = query.utf8.drop { $0 <= 32 }
        guard let end = text.lastIndex(where: { $0 > 32 }) else { return nil }
        let key = IdentifierColumn.key(text[...end])
        return segments.contains { !($0.identifiers?.documents(key).isEmpty ?? true) } ? key : nil
    }
}
