import Domain

/// Adds up scores by item number and returns the best; remembers which items were touched.
struct ScoreBoard {
    private(set) var scores: [Double]
    private(set) var touched: [UInt32] = []
    private var isTouched: [Bool]

    init(itemLimit: Int) {
        scores = Array(repeating: 0, count: itemLimit)
        isTouched = Array(repeating: false, count: itemLimit)
    }

    mutating func add(_ item: UInt32, _ value: Double) {
        let index = Int(item)
        guard index < scores.count else { return }
        scores[index] += value
        if !isTouched[index] {
            isTouched[index] = true
            touched.append(item)
        }
    }

    mutating func clear() {
        for item in touched {
            scores[Int(item)] = 0
            isTouched[Int(item)] = false
        }
        touched.removeAll(keepingCapacity: true)
    }

    /// The best `limit` touched items that `allows` lets through, higher scores first, then lower numbers.
    func top(_ limit: Int, allows: (UInt32) -> Bool) -> [(item: UInt32, score: Double)] {
        var best = TopItems(limit: limit)
        for item in touched where best.mayEnter(item, scores[Int(item)]) && allows(item) {
            best.insert(item, scores[Int(item)])
        }
        return best.sorted
    }
}

/// The best *k* of a stream, ties to the lower number: a heap with the worst of them on top.
struct TopItems {
    private typealias Entry = (item: UInt32, score: Double)
    private var heap: [Entry] = []
    private let limit: Int

    init(limit: Int) { self.limit = max(0, limit) }

    /// Best first.
    var sorted: [(item: UInt32, score: Double)] { heap.sorted(by: Self.precedes) }

    /// Whatever scores less does not enter.
    var leastScore: Double {
        guard heap.count >= limit else { return -.infinity }
        return heap.first?.score ?? .infinity
    }

    func mayEnter(_ item: UInt32, _ score: Double) -> Bool {
        guard heap.count >= limit else { return true }
        guard let worst = heap.first else { return false }
        return Self.precedes((item, score), worst)
    }

    /// Complexity: O(log k).
    mutating func insert(_ item: UInt32, _ score: Double) {
        guard score.isFinite, mayEnter(item, score) else { return }
        if heap.count < limit {
            heap.append((item, score))
            raiseLast()
        } else {
            heap[0] = (item, score)
            sinkFirst()
        }
    }

    private static func precedes(_ first: Entry, _ second: Entry) -> Bool {
        first.score > second.score || (first.score == second.score && first.item < second.item)
    }

    private mutating func raiseLast() {
        let entry = heap[heap.count - 1]
        var place = heap.count - 1
        while place > 0, Self.precedes(heap[(place - 1) / 2], entry) {
            heap[place] = heap[(place - 1) / 2]
            place = (place - 1) / 2
        }
        heap[place] = entry
    }

    private mutating func sinkFirst() {
        let entry = heap[0]
        var place = 0
        while 2 * place + 1 < heap.count {
            var child = 2 * place + 1
            if child + 1 < heap.count, Self.precedes(heap[child], heap[child + 1]) { child += 1 }
            guard Self.precedes(entry, heap[child]) else { break }
            heap[place] = heap[child]
            place = child
        }
        heap[place] = entry
    }
}
