/// The best entries that were offered, as many as a page needs and those before it.
struct PageHeap {
    struct Entry {
        let key: Double
        let score: UInt32
        let popularity: Float
        let number: UInt32

        /// By key, then by score, then by popularity, then the lower item number.
        @inline(__always) static func isWorse(_ left: Entry, _ right: Entry) -> Bool {
            if left.key != right.key { return left.key < right.key }
            return (left.score, left.popularity, right.number) < (right.score, right.popularity, left.number)
        }
    }

    private var entries: [Entry] = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    /// Whether an entry with a key could be among the best.
    @inline(__always) func mayEnter(_ key: Double) -> Bool {
        entries.count < capacity || (capacity > 0 && key >= entries[0].key)
    }

    /// Complexity: O(log capacity).
    mutating func insert(_ entry: Entry) {
        if entries.count < capacity {
            entries.append(entry)
            var child = entries.count - 1
            while child > 0, Entry.isWorse(entries[child], entries[(child - 1) / 2]) {
                entries.swapAt(child, (child - 1) / 2)
                child = (child - 1) / 2
            }
        } else if capacity > 0, Entry.isWorse(entries[0], entry) {
            entries[0] = entry
            sink()
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && Entry.isWorse(entries[child], entries[least]) {
                least = child
            }
            if least == parent { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }

    /// Best first.
    func sorted() -> [Entry] { entries.sorted { Entry.isWorse($1, $0) } }
}
