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

    /// Clears the members from `count` words that begin at document `base`, a multiple of 64.
    func remove(from bits: UnsafeMutablePointer<UInt64>, base: Int, words number: Int) {
        guard count > 0 else { return }
        for word in 0..<number where base >> 6 + word < words.count {
            unsafe bits[word] &= ~words[base >> 6 + word]
        }
    }
}
