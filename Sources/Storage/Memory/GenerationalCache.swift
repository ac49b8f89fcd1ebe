/// A bounded cache that drops what was not asked for during its last half turn: close to least recently used, in O(1).
public struct GenerationalCache<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private let half: Int
    private var youngWeight = 0
    private var young: [Key: (value: Value, weight: Int)] = [:]
    private var old: [Key: (value: Value, weight: Int)] = [:]

    public init(capacity: Int) { half = max(1, capacity / 2) }

    public var count: Int { young.count + old.count }

    public mutating func value(_ key: Key) -> Value? {
        if let entry = young[key] { return entry.value }
        guard let entry = old.removeValue(forKey: key) else { return nil }
        insert(entry.value, for: key, weight: entry.weight)
        return entry.value
    }

    /// - Parameter weight: What the value takes of the capacity.
    public mutating func insert(_ value: Value, for key: Key, weight: Int = 1) {
        if youngWeight >= half {
            (old, young, youngWeight) = (young, [:], 0)
        }
        if let before = young.updateValue((value, weight), forKey: key) { youngWeight -= before.weight }
        youngWeight += weight
        old[key] = nil
    }

    public mutating func remove(_ key: Key) {
        if let entry = young.removeValue(forKey: key) { youngWeight -= entry.weight }
        old[key] = nil
    }

    public mutating func removeAll() {
        (old, young, youngWeight) = ([:], [:], 0)
    }
}
