/// The prices per piece of each product in the latest week in which it was sold at one.
struct LatestPrices {
    private var weeks: [Int]
    private var prices: [[Double]]

    init(count: Int) {
        weeks = Array(repeating: .min, count: count)
        prices = Array(repeating: [], count: count)
    }

    mutating func add(_ product: Int, week: Int, cents: Double) {
        guard cents > 0, week >= weeks[product] else { return }
        if week > weeks[product] {
            weeks[product] = week
            prices[product].removeAll(keepingCapacity: true)
        }
        prices[product].append(cents)
    }

    /// The median in whole cents, halves rounded up; `nil` if the product was never sold at a price.
    func median(_ product: Int) -> Int64? {
        let sorted = prices[product].sorted()
        guard !sorted.isEmpty else { return nil }
        let middle = sorted.count / 2
        let value = sorted.count % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2
        let cents = Int64(value.rounded())
        return cents > 0 ? cents : nil
    }
}
