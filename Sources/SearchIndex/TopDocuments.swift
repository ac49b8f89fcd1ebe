/// The best documents of one segment so far: highest score first, then lowest document.
///
/// Documents must arrive in rising order.
struct TopDocuments {
    struct Entry: Ranked {
        let score: UInt32
        let document: UInt32

        static func isWorse(_ left: Entry, _ right: Entry) -> Bool {
            left.score == right.score ? left.document > right.document : left.score < right.score
        }
    }

    private var heap: BoundedHeap<Entry>
    /// A document must score more than this to enter.
    private(set) var threshold: UInt32 = 0

    init(capacity: Int) { heap = BoundedHeap(capacity: capacity) }

    var entries: [Entry] { heap.entries }
    var isFull: Bool { heap.isFull }

    /// Complexity: O(log capacity).
    @inline(__always) mutating func insert(_ document: UInt32, _ score: UInt32) {
        guard score > threshold else { return }
        heap.insert(Entry(score: score, document: document))
        if heap.isFull { threshold = heap.worst?.score ?? 0 }
    }

    /// Best first.
    func sorted() -> [Entry] { heap.sorted() }
}
