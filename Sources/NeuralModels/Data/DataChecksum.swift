/// A number that other data are unlikely to share: FNV-1a over words (Fowler, Noll and Vo, 1991). No protection against intent.
struct DataChecksum {
    private(set) var value: UInt64 = 0xCBF2_9CE4_8422_2325

    mutating func add(_ word: UInt64) { value = (value ^ word) &* 0x100_0000_01B3 }

    /// Digits of base 16, as fingerprints hold them.
    var text: String { String(value, radix: 16) }
}
