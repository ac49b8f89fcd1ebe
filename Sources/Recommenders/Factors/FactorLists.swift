import Dispatch
import Numerics
import Synchronization

/// A scorer by products of vectors: score(item) = vector(history) · factors(item) + bias(item).
///
/// Such scorers rank for many histories at once, by products of matrices.
protocol FactorScorer: SequenceScorer {
    /// Shape `[itemLimit, factors]`, padded.
    var itemFactors: FactorMatrix { get }
    /// Shape `[itemLimit]`; empty if there are none.
    var itemBiases: [Float] { get }
    /// The vectors of histories, row after row; shape `[histories, width]`. It is called within `LinearAlgebra.withThreads(1)`.
    func vectors(after histories: ArraySlice<[UInt32]>) -> [Float]
}

/// The best items for many histories at once, in blocks that stay in the processor's cache.
///
/// Sums are rounded otherwise than in `addScores`: items whose scores agree to the last digits may change places.
struct FactorLists {
    private static let blockUsers = 64
    private static let tileItems = 512

    private let factors: FactorMatrix
    /// What is added to a product; minus infinity for items that take no part.
    private let offsets: [Float]
    private let limit: Int

    /// - Parameter isKnown: Which items may be listed; shape `[itemLimit]`.
    init(_ scorer: some FactorScorer, isKnown: [Bool], limit: Int) {
        (factors, self.limit) = (scorer.itemFactors, limit)
        let biases = scorer.itemBiases
        offsets = isKnown.enumerated().map { item, isKnown in
            isKnown && item < scorer.itemFactors.rows ? (biases.isEmpty ? 0 : biases[item]) : -.infinity
        }
    }

    /// Lists for histories with their vectors, shape `[histories, width]`; call it within `LinearAlgebra.withThreads(1)`.
    ///
    /// Complexity: O(histories · items · width), by OpenBLAS.
    func lists(after histories: ArraySlice<[UInt32]>, vectors: [Float]) -> [[UInt32]] {
        let width = factors.width
        var lists: [[UInt32]] = []
        lists.reserveCapacity(histories.count)
        var scores = [Float](repeating: 0, count: Self.blockUsers * Self.tileItems)
        for first in stride(from: 0, to: histories.count, by: Self.blockUsers) {
            let own = histories.dropFirst(first).prefix(Self.blockUsers)
            let rows = vectors[first * width..<(first + own.count) * width]
            lists += block(own, rows, &scores)
        }
        return lists
    }

    private func block(
        _ histories: ArraySlice<[UInt32]>, _ rows: ArraySlice<Float>, _ scores: inout [Float]
    ) -> [[UInt32]] {
        let width = factors.width
        var best = [TopItems](repeating: TopItems(limit: limit), count: histories.count)
        // Below this, nothing enters a list.
        var floors = [Float](repeating: -.greatestFiniteMagnitude, count: histories.count)
        let owned = histories.map { $0.sorted() }
        for start in stride(from: 0, to: offsets.count, by: Self.tileItems) {
            let items = start..<min(offsets.count, start + Self.tileItems)
            MatrixProduct.multiply(
                rows.span, factors.values[items.lowerBound * width..<items.upperBound * width].span, depth: width,
                into: &scores)
            for user in best.indices {
                scan(items, &scores, row: user * items.count, owned[user], &best[user], &floors[user])
            }
        }
        return best.map { $0.sorted.map(\.item) }
    }

    /// Takes what may enter a list from one row of scores; eight at a time are passed over where none can.
    private func scan(
        _ items: Range<Int>, _ scores: inout [Float], row: Int, _ owned: [UInt32], _ best: inout TopItems,
        _ floor: inout Float
    ) {
        let lanes = 8
        // Safe: the row lies within the scores, the items within the offsets.
        unsafe scores.withUnsafeBytes { scores in
            unsafe offsets.withUnsafeBytes { offsets in
                var place = 0
                while place < items.count {
                    let end = min(items.count, place + lanes)
                    if end - place == lanes {
                        let own = unsafe scores.loadUnaligned(
                            fromByteOffset: (row + place) * 4, as: SIMD8<Float>.self)
                        let more = unsafe offsets.loadUnaligned(
                            fromByteOffset: (items.lowerBound + place) * 4, as: SIMD8<Float>.self)
                        guard any(own + more .>= floor) else {
                            place = end
                            continue
                        }
                    }
                    for place in place..<end {
                        let item = items.lowerBound + place
                        let score =
                            unsafe scores.load(fromByteOffset: (row + place) * 4, as: Float.self)
                            + offsets.load(fromByteOffset: item * 4, as: Float.self)
                        guard score >= floor, best.mayEnter(UInt32(item), Double(score)),
                            !Self.contains(owned, UInt32(item))
                        else { continue }
                        best.insert(UInt32(item), Double(score))
                        if best.sorted.count == limit, let last = best.sorted.last { floor = Float(last.score) }
                    }
                    place = end
                }
            }
        }
    }

    private static func contains(_ sorted: [UInt32], _ item: UInt32) -> Bool {
        var (low, high) = (0, sorted.count)
        while low < high {
            let middle = (low + high) / 2
            if sorted[middle] < item { low = middle + 1 } else { high = middle }
        }
        return low < sorted.count && sorted[low] == item
    }
}
