/// The best of what is offered. More than that are gathered, and cut back when there are four times as many: few offers then do
/// more than compare with a bound.
struct NearestList {
    private let capacity: Int
    private var gathered: [VectorHit] = []
    /// What an offer must reach; minus infinity until there is a first cut.
    private var threshold = -Float.infinity

    init(capacity: Int) {
        self.capacity = max(0, capacity)
        gathered.reserveCapacity(4 * self.capacity + 16)
    }

    private static func isBetter(_ left: VectorHit, _ right: VectorHit) -> Bool {
        left.similarity > right.similarity || left.similarity == right.similarity && left.place < right.place
    }

    mutating func offer(_ place: Int, _ similarity: Float) {
        guard similarity >= threshold else { return }
        gathered.append(VectorHit(place: place, similarity: similarity))
        if gathered.count >= 4 * capacity + 16 { cut() }
    }

    /// Offers places from `start` on, by `products[i] × factors[start + i]`.
    ///
    /// - Parameter allowed: If given, one bit a place: others are passed over.
    mutating func offer(
        _ products: Span<Int32>, _ factors: Span<Float>, from start: Int, allowed: [UInt64]? = nil
    ) {
        precondition(start >= 0 && factors.count - start >= products.count, "a factor for each product")
        let whole = products.count & ~7
        unsafe products.withUnsafeBytes { products in
            unsafe factors.withUnsafeBytes { factors in
                for number in stride(from: 0, to: whole, by: 8) {
                    let sums = unsafe products.loadUnaligned(fromByteOffset: number * 4, as: SIMD8<Int32>.self)
                    let own = unsafe factors.loadUnaligned(
                        fromByteOffset: (start + number) * 4, as: SIMD8<Float>.self)
                    let similarities = SIMD8<Float>(sums) * own
                    guard any(similarities .>= threshold) else { continue }
                    for lane in 0..<8 { offer(start + number + lane, similarities[lane], allowed) }
                }
            }
        }
        for number in whole..<products.count {
            offer(start + number, Float(products[number]) * factors[start + number], allowed)
        }
    }

    private mutating func offer(_ place: Int, _ similarity: Float, _ allowed: [UInt64]?) {
        if let allowed, allowed[place >> 6] & (1 << UInt64(place & 63)) == 0 { return }
        offer(place, similarity)
    }

    /// Keeps the best: quickselect (Hoare, 1961), with the middle of three as the pivot.
    private mutating func cut() {
        guard gathered.count > capacity else { return }
        if capacity == 0 {
            gathered.removeAll(keepingCapacity: true)
            threshold = .infinity
            return
        }
        var (low, high) = (0, gathered.count - 1)
        while low < high {
            let ends = [gathered[low], gathered[(low + high) / 2], gathered[high]].sorted(by: Self.isBetter)
            let pivot = ends[1]
            var (left, right) = (low, high)
            while left <= right {
                while Self.isBetter(gathered[left], pivot) { left += 1 }
                while Self.isBetter(pivot, gathered[right]) { right -= 1 }
                if left <= right {
                    gathered.swapAt(left, right)
                    left += 1
                    right -= 1
                }
            }
            if capacity - 1 <= right { high = right } else if capacity - 1 >= left { low = left } else { break }
        }
        gathered.removeSubrange(capacity...)
        threshold = gathered.reduce(.infinity) { min($0, $1.similarity) }
    }

    /// The places of the best, in no order.
    mutating func places() -> [Int] {
        cut()
        return gathered.map(\.place)
    }

    /// Best first, ties by place.
    mutating func sorted() -> [VectorHit] {
        cut()
        return gathered.sorted(by: Self.isBetter)
    }
}
