/// A set of documents, a bit each.
struct DocumentSet: Sendable {
    private var words: [UInt64]
    private(set) var count = 0

    init(limit: Int) { words = Array(repeating: 0, count: (limit + 63) / 64) }

    /// All documents but those listed, each of them once.
    init(all limit: Int, but others: [Int]) {
        words = Array(repeating: .max, count: (limit + 63) / 64)
        for document in others { words[document >> 6] &= ~(1 << UInt64(document & 63)) }
        count = limit - others.count
    }

    func contains(_ document: Int) -> Bool { words[document >> 6] >> UInt64(document & 63) & 1 == 1 }

    mutating func insert(_ document: Int) {
        guard !contains(document) else { return }
        words[document >> 6] |= 1 << UInt64(document & 63)
        count += 1
    }

    /// Adds a document that is no member yet.
    @inline(__always) mutating func insertNew(_ document: Int) {
        words[document >> 6] |= 1 << UInt64(document & 63)
        count += 1
    }

    /// Adds the members of a set of as many documents, none of which is a member yet.
    mutating func insertAll(of other: DocumentSet) {
        for word in words.indices { words[word] |= other.words[word] }
        count += other.count
    }

    /// The documents below `limit` that are no members.
    func complement(limit: Int) -> DocumentSet {
        var others = self
        for word in words.indices { others.words[word] = ~words[word] }
        if limit & 63 != 0 { others.words[words.count - 1] &= 1 << UInt64(limit & 63) - 1 }
        others.count = limit - count
        return others
    }

    /// Calls `body` with the members in rising order, some thousand at a time.
    func forEachChunk(_ body: (UnsafeBufferPointer<UInt32>) -> Void) {
        let capacity = 1024
        unsafe withUnsafeTemporaryAllocation(of: UInt32.self, capacity: capacity + 64) { chunk in
            var filled = 0
            for index in words.indices where words[index] != 0 {
                var rest = words[index]
                while rest != 0 {
                    unsafe chunk[filled] = UInt32(index << 6 | rest.trailingZeroBitCount)
                    filled += 1
                    rest &= rest &- 1
                }
                if filled >= capacity {
                    unsafe body(UnsafeBufferPointer(rebasing: chunk[..<filled]))
                    filled = 0
                }
            }
            if filled > 0 { unsafe body(UnsafeBufferPointer(rebasing: chunk[..<filled])) }
        }
    }

    /// Clears the members from `count` words that begin at document `base`, a multiple of 64.
    func remove(from bits: UnsafeMutablePointer<UInt64>, base: Int, words number: Int) {
        guard count > 0 else { return }
        for word in 0..<number where base >> 6 + word < words.count {
            unsafe bits[word] &= ~words[base >> 6 + word]
        }
    }
}
