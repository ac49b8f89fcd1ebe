/// Optimal string alignment distance: insertions, deletions, substitutions and swaps of neighbours, each once.
///
/// Damerau, 1964; restricted as usual in spelling, so that no substring is edited twice.
public enum EditDistance {
    /// Returns the distance if it is at most `limit`, else `nil`. Complexity: O(*n* · *m*), stopped as soon as it is lost.
    public static func bounded(_ left: [UInt8], _ right: [UInt8], limit: Int) -> Int? {
        let (n, m) = (left.count, right.count)
        guard abs(n - m) <= limit else { return nil }
        var (before, previous) = ([Int](repeating: 0, count: m + 1), Array(0...m))
        var current = before
        for i in 0..<n {
            current[0] = i + 1
            var best = current[0]
            for j in 0..<m {
                var value = min(previous[j + 1] + 1, current[j] + 1, previous[j] + (left[i] == right[j] ? 0 : 1))
                if i > 0, j > 0, left[i] == right[j - 1], left[i - 1] == right[j] {
                    value = min(value, before[j - 1] + 1)
                }
                current[j + 1] = value
                best = min(best, value)
            }
            guard best <= limit else { return nil }
            (before, previous, current) = (previous, current, before)
        }
        return previous[m] <= limit ? previous[m] : nil
    }
}
