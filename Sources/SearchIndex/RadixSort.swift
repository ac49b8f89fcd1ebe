/// Sorts pairs of a key and a value by key, then by value.
enum RadixSort {
    private static let digitBits = 11
    /// Fewer pairs are sorted by comparison.
    private static let fewest = 4096

    /// From the lowest digit to the highest, each stably by counting (Knuth, volume 3, section 5.2.5), then equal keys by value.
    ///
    /// - Parameter values: As many as there are keys.
    /// - Complexity: O(n) for keys that are spread over all 64 bits, as hashes are, with room for another n.
    static func sort(_ keys: inout [UInt64], _ values: inout [UInt32]) {
        precondition(keys.count == values.count)
        if keys.count < fewest {
            let order = keys.indices.sorted { (keys[$0], values[$0]) < (keys[$1], values[$1]) }
            (keys, values) = (order.map { keys[$0] }, order.map { values[$0] })
            return
        }
        var (otherKeys, otherValues) = (keys, values)
        for shift in stride(from: 0, to: UInt64.bitWidth, by: digitBits) {
            pass(shift, from: keys, values, to: &otherKeys, &otherValues)
            swap(&keys, &otherKeys)
            swap(&values, &otherValues)
        }
        sortEqual(keys, &values)
    }

    private static func pass(
        _ shift: Int, from keys: [UInt64], _ values: [UInt32], to otherKeys: inout [UInt64],
        _ otherValues: inout [UInt32]
    ) {
        let mask = UInt64(1 << digitBits - 1)
        var starts = [Int](repeating: 0, count: 1 << digitBits + 1)
        for key in keys { starts[Int(key >> UInt64(shift) & mask) + 1] += 1 }
        for digit in 1..<starts.count { starts[digit] += starts[digit - 1] }
        for (place, key) in keys.enumerated() {
            let digit = Int(key >> UInt64(shift) & mask)
            otherKeys[starts[digit]] = key
            otherValues[starts[digit]] = values[place]
            starts[digit] += 1
        }
    }

    private static func sortEqual(_ keys: [UInt64], _ values: inout [UInt32]) {
        var place = 0
        while place < keys.count {
            var end = place + 1
            while end < keys.count, keys[end] == keys[place] { end += 1 }
            if end - place > 1 { values[place..<end].sort() }
            place = end
        }
    }
}
