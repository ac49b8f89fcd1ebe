public import Domain

/// A set of item numbers as bits.
public struct ItemMask: Hashable, Sendable {
    private var words: [UInt64]

    public init(numberLimit: Int = 0) { words = Array(repeating: 0, count: (numberLimit + 63) / 64) }

    public func contains(_ number: ItemNumber) -> Bool {
        let word = number.index >> 6
        return word < words.count && words[word] >> UInt64(number.index & 63) & 1 == 1
    }

    public mutating func insert(_ number: ItemNumber) {
        let word = number.index >> 6
        if word >= words.count { words.append(contentsOf: repeatElement(0, count: word + 1 - words.count)) }
        words[word] |= 1 << UInt64(number.index & 63)
    }

    public mutating func remove(_ number: ItemNumber) {
        let word = number.index >> 6
        if word < words.count { words[word] &= ~(1 << UInt64(number.index & 63)) }
    }

    public var count: Int { words.reduce(0) { $0 + $1.nonzeroBitCount } }
}
