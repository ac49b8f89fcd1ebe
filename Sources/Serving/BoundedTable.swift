extension Dictionary where Key == String {
    /// Keeps the `limit` entries of the largest counts, ties by key: how a table of what people type stays bounded.
    mutating func keepMost(_ limit: Int, by size: (Value) -> Int) {
        guard count > limit else { return }
        let kept = sorted { (size($0.value), $1.key) > (size($1.value), $0.key) }.prefix(limit)
        self = Dictionary(uniqueKeysWithValues: kept.map { ($0.key, $0.value) })
    }
}
