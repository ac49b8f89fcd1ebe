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

/// The best *k* of a stream, in order: insertion into a short sorted list, ties to the lower number.
struct TopItems {
    private(set) var sorted: [(item: UInt32, score: Double)] = []
    private let limit: Int

    init(limit: Int) { self.limit = max(0, limit) }

    func mayEnter(_ item: UInt32, _ score: Double) -> Bool {
        guard sorted.count >= limit else { return limit > 0 }
        guard let last = sorted.last else { return false }
        return score > last.score || (score == last.score && item < last.item)
    }

    mutating func insert(_ item: UInt32, _ score: Double) {
        guard score.isFinite, mayEnter(item, score) else { return }
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            let other = sorted[middle]
            if other.score > score || (other.score == score && other.item < item) {
                low = middle + 1
            } else {
                high = middle
            }
        }
        sorted.insert((item, score), at: low)
        if sorted.count > limit { sorted.removeLast() }
    }
}
