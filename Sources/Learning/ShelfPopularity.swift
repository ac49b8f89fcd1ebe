import Foundation

/// How popular items are, by their own purchases and by those of the shelf that they stand on.
///
/// The shelf's part is what shoppers mean by a word that many shelves have: those who type `milk` buy fresh milk.
struct ShelfPopularity {
    /// The shelf's part; the rest is the item's own.
    static let shelfShare = 0.5

    private var purchases: [Int] = []
    private var shelves: [Int] = []
    private var numbers: [[String]: Int] = [:]
    private var totals: [Int] = []

    mutating func add(purchases count: Int, shelf path: [String]) {
        let shelf = numbers[path] ?? totals.count
        if shelf == totals.count {
            numbers[path] = shelf
            totals.append(0)
        }
        totals[shelf] += count
        purchases.append(count)
        shelves.append(shelf)
    }

    /// In the order of `add`, in `0...1`: logarithms of the counts, scaled by the largest.
    func values() -> [Float] {
        let (most, mostOfShelf) = (log1p(Double(purchases.max() ?? 0)), log1p(Double(totals.max() ?? 0)))
        return zip(purchases, shelves).map { count, shelf in
            let own = most > 0 ? log1p(Double(count)) / most : 0
            let whole = mostOfShelf > 0 ? log1p(Double(totals[shelf])) / mostOfShelf : 0
            return Float((1 - Self.shelfShare) * own + Self.shelfShare * whole)
        }
    }
}
