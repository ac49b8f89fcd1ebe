/// The best documents of one segment so far: highest score first, then lowest document.
///
/// A heap with the worst at its root. Documents must arrive in rising order.
struct TopDocuments {
    private(set) var entries: [(score: UInt32, document: UInt32)] = []
    let capacity: Int
    /// A document must score more than this to enter.
    private(set) var threshold: UInt32 = 0

    init(capacity: Int) {
        self.capacity = capacity
        entries.reserveCapacity(capacity)
    }

    var isFull: Bool { entries.count >= capacity }

    /// Complexity: O(log capacity).
    @inline(__always) mutating func insert(_ document: UInt32, _ score: UInt32) {
        guard score > threshold else { return }
        if entries.count < capacity {
            entries.append((score, document))
            raise(entries.count - 1)
            if isFull { threshold = entries[0].score }
        } else if capacity > 0 {
            entries[0] = (score, document)
            sink()
            threshold = entries[0].score
        }
    }

    /// Best first.
    func sorted() -> [(score: UInt32, document: UInt32)] { entries.sorted { Self.isWorse($1, $0) } }

    private static func isWorse(_ left: (score: UInt32, document: UInt32), _ right: (score: UInt32, document: UInt32))
        -> Bool
    {
        left.score == right.score ? left.document > right.document : left.score < right.score
    }

    private mutating func raise(_ start: Int) {
        var child = start
        while child > 0, Self.isWorse(entries[child], entries[(child - 1) / 2]) {
            entries.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func sink() {
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < entries.count && Self.isWorse(entries[child], entries[least]) {
                least = child
            }
            if least == parent { return }
            entries.swapAt(parent, least)
            parent = least
        }
    }
}
