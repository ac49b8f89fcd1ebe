/// What can be told better from worse.
protocol Ranked { static func isWorse(_ left: Self, _ right: Self) -> Bool }

/// The best entries that were offered, as many as it has room for: a heap with the worst at its root.
struct BoundedHeap<Entry: Ranked> {
    private(set) var entries: [Entry] = []
    private let capacity: Int

    init(capacity: Int) { self.capacity = capacity }

    var isFull: Bool { entries.count >= capacity }
    /// What the next entry must be better than once the heap is full.
    var worst: Entry? { entries.first }

    /// Complexity: O(log capacity).
    mutating func insert(_ entry: Entry) {
        if entries.count < capacity {
            entries.append(entry)
            raise(entries.count - 1)
        } else if let worst = entries.first, Entry.isWorse(worst, entry) {
            entries[0] = entry
            sink()
        }
    }

    /// Best first.
    func sorted() -> [Entry] { entries.sorted { Entry.isWorse($1, $0) } }

    private mutating func raise(_ start: Int) {
        var child = start
        while child > 0, Entry.isWorse(entries[child], entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
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
}
