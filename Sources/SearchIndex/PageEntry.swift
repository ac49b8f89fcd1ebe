/// A match that may come onto a page.
struct PageEntry: Ranked {
    let key: Double
    let score: UInt32
    let popularity: Float
    let number: UInt32

    /// By key, then by score, then by popularity, then the lower item number.
    @inline(__always) static func isWorse(_ left: PageEntry, _ right: PageEntry) -> Bool {
        if left.key != right.key { return left.key < right.key }
        return (left.score, left.popularity, right.number) < (right.score, right.popularity, left.number)
    }
}

extension BoundedHeap<PageEntry> {
    /// Whether an entry with a key could be among the best.
    @inline(__always) func mayEnter(_ key: Double) -> Bool {
        guard isFull else { return true }
        return worst.map { key >= $0.key } ?? false
    }
}
