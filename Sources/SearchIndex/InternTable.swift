import Foundation

/// Numbers byte strings in the order in which they are first met, without an allocation for each.
///
/// Open addressing over one arena. The hash is seeded anew in every process, so that no catalogue can be made to collide;
/// numbers do not depend on it.
struct InternTable: Sendable {
    private static let empty = UInt64.max
    private static let seed = UInt64.random(in: .min ... .max)

    private var bytes: [UInt8] = []
    /// By number, and one more: where it begins in `bytes`.
    private var offsets: [UInt32] = [0]
    /// Hash and number of a string, 32 bits each: what does not match is told apart without looking further.
    private var slots: [UInt64] = Array(repeating: InternTable.empty, count: 16)

    var count: Int { offsets.count - 1 }

    /// The number of a string, which is `count` as it was before if the string is new. Complexity: O(bytes) as a rule.
    mutating func number(of string: Span<UInt8>) -> UInt32 {
        let hash = Self.hash(string)
        let slot = slot(of: string, hash)
        guard slots[slot] == Self.empty else { return UInt32(truncatingIfNeeded: slots[slot]) }
        let number = UInt32(count)
        slots[slot] = UInt64(hash) << 32 | UInt64(number)
        unsafe string.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
        offsets.append(UInt32(bytes.count))
        if count * 2 > slots.count { grow() }
        return number
    }

    mutating func number(of string: [UInt8]) -> UInt32 { number(of: string.span) }

    func find(_ string: Span<UInt8>) -> UInt32? {
        let slot = slot(of: string, Self.hash(string))
        return slots[slot] == Self.empty ? nil : UInt32(truncatingIfNeeded: slots[slot])
    }

    /// Where a string's number stands, or the empty slot where it would.
    private func slot(of string: Span<UInt8>, _ hash: UInt32) -> Int {
        let slots = slots.span
        let mask = slots.count - 1
        var slot = Int(hash) & mask
        while slots[slot] != Self.empty {
            if UInt32(slots[slot] >> 32) == hash, equals(Int(UInt32(truncatingIfNeeded: slots[slot])), string) { break }
            slot = (slot + 1) & mask
        }
        return slot
    }

    subscript(number: Int) -> [UInt8] { Array(bytes[Int(offsets[number])..<Int(offsets[number + 1])]) }

    /// Gives `body` the bytes of a string.
    @inline(__always) func withBytes<Result>(_ number: Int, _ body: (Span<UInt8>) -> Result) -> Result {
        body(bytes.span.extracting(Int(offsets[number])..<Int(offsets[number + 1])))
    }

    /// All numbers by the bytes of their strings. Complexity: O(count log count), mostly on the first eight bytes.
    func sorted() -> [UInt32] {
        var keyed = (0..<count).map { (key: beginning($0), number: UInt32($0)) }
        keyed.sort { left, right in
            left.key != right.key ? left.key < right.key : order(Int(left.number), self, Int(right.number)) < 0
        }
        return keyed.map(\.number)
    }

    /// The first eight bytes as a number of the same order.
    @inline(__always) func beginning(_ number: Int) -> UInt64 {
        withBytes(number) { bytes in
            var key: UInt64 = 0
            for place in 0..<min(8, bytes.count) { key |= UInt64(bytes[place]) << UInt64(56 - 8 * place) }
            return key
        }
    }

    /// Below zero if a string stands before another one of a table, zero if they are equal.
    func order(_ left: Int, _ other: InternTable, _ right: Int) -> Int {
        withBytes(left) { own in
            other.withBytes(right) { theirs in
                let shared = min(own.count, theirs.count)
                let sign =
                    unsafe own.withUnsafeBufferPointer { own in
                        unsafe theirs.withUnsafeBufferPointer { theirs in
                            // Both have at least so many bytes.
                            shared == 0 ? 0 : unsafe memcmp(own.baseAddress!, theirs.baseAddress!, shared)
                        }
                    }
                return sign == 0 ? own.count - theirs.count : Int(sign)
            }
        }
    }

    private func equals(_ number: Int, _ string: Span<UInt8>) -> Bool {
        let start = Int(offsets[number])
        guard Int(offsets[number + 1]) - start == string.count else { return false }
        return unsafe string.withUnsafeBufferPointer { other in
            unsafe bytes.withUnsafeBufferPointer { own in
                // Both have at least so many bytes; a table with a string has a base.
                unsafe other.isEmpty || memcmp(own.baseAddress! + start, other.baseAddress!, other.count) == 0
            }
        }
    }

    private mutating func grow() {
        let old = slots
        slots = Array(repeating: Self.empty, count: old.count * 2)
        for entry in old where entry != Self.empty {
            var slot = Int(entry >> 32) & (slots.count - 1)
            while slots[slot] != Self.empty { slot = (slot + 1) & (slots.count - 1) }
            slots[slot] = entry
        }
    }

    /// Eight bytes a step, with multiplications that spread them over all bits.
    private static func hash(_ string: Span<UInt8>) -> UInt32 {
        var hash = seed ^ UInt64(truncatingIfNeeded: string.count)
        unsafe string.withUnsafeBytes { bytes in
            var place = 0
            while place + 8 <= bytes.count {
                let word = unsafe bytes.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                hash = (hash ^ word) &* 0x9e37_79b9_7f4a_7c15
                hash ^= hash >> 32
                place += 8
            }
            // What is left, perhaps with some of what was read: the length is part of the hash.
            var rest: UInt64 = 0
            if bytes.count >= 8 {
                if place < bytes.count {
                    unsafe rest = bytes.loadUnaligned(fromByteOffset: bytes.count - 8, as: UInt64.self)
                }
            } else if bytes.count >= 4 {
                let low = unsafe bytes.loadUnaligned(as: UInt32.self)
                let high = unsafe bytes.loadUnaligned(fromByteOffset: bytes.count - 4, as: UInt32.self)
                rest = UInt64(high) << 32 | UInt64(low)
            } else {
                for place in 0..<bytes.count { unsafe rest = rest << 8 | UInt64(bytes[place]) }
            }
            hash = (hash ^ rest) &* 0x9e37_79b9_7f4a_7c15
            hash ^= hash >> 32
            hash = hash &* 0xd6e8_feb8_6659_fd93
        }
        return UInt32(truncatingIfNeeded: hash >> 32)
    }
}
