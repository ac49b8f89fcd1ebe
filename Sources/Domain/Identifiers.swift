/// The shop's own identifier of an item, as it stands in its feed.
///
/// Valid identifiers have 1 to 128 bytes of UTF-8 and no control characters.
public struct ItemID: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let maximumBytes = 128
    public let rawValue: String

    /// Returns `nil` if `rawValue` is empty, too long or holds control characters.
    public init?(_ rawValue: String) {
        guard isPlainIdentifier(rawValue, maximumBytes: Self.maximumBytes) else { return nil }
        self.rawValue = rawValue
    }

    public var description: String { rawValue }

    /// Orders as numbers if both are plain numbers, else by bytes: `9` comes before `10`.
    public static func < (left: ItemID, right: ItemID) -> Bool {
        if let a = UInt64(left.rawValue), let b = UInt64(right.rawValue), a != b { return a < b }
        return left.rawValue.utf8.lexicographicallyPrecedes(right.rawValue.utf8)
    }
}

/// The dense number that the catalogue store gives an item: stable for the life of a shop, never used again.
public struct ItemNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: UInt32
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    public var index: Int { Int(rawValue) }
    public var description: String { String(rawValue) }
    public static func < (left: ItemNumber, right: ItemNumber) -> Bool { left.rawValue < right.rawValue }
}

/// The dense number that the event store gives a pseudonym.
public struct UserNumber: Hashable, Sendable, Comparable, CustomStringConvertible {
    public let rawValue: UInt32
    public init(_ rawValue: UInt32) { self.rawValue = rawValue }
    public var index: Int { Int(rawValue) }
    public var description: String { String(rawValue) }
    public static func < (left: UserNumber, right: UserNumber) -> Bool { left.rawValue < right.rawValue }
}

/// What stands for a person inside Souk: the first 128 bits of HMAC-SHA-256 of the shop's identifier, in hexadecimal.
///
/// A raw user identifier exists only at the border; see `Storage.Pseudonymiser`.
public struct Pseudonym: Hashable, Sendable, Comparable, CustomStringConvertible {
    public static let characters = 32
    public let rawValue: String

    /// Returns `nil` unless `rawValue` is 32 lower-case hexadecimal digits.
    public init?(_ rawValue: String) {
        guard rawValue.utf8.count == Self.characters,
            rawValue.utf8.allSatisfy({ (48...57).contains($0) || (97...102).contains($0) })
        else { return nil }
        self.rawValue = rawValue
    }

    public var description: String { rawValue }
    public static func < (left: Pseudonym, right: Pseudonym) -> Bool { left.rawValue < right.rawValue }
}

/// The name of a shop in paths and on disk: 1 to 64 lower-case letters, digits, `-` and `_`.
public struct ShopID: Hashable, Sendable, CustomStringConvertible {
    public let rawValue: String
    public init?(_ rawValue: String) {
        guard (1...64).contains(rawValue.utf8.count),
            rawValue.utf8.allSatisfy({ (97...122).contains($0) || (48...57).contains($0) || $0 == 45 || $0 == 95 })
        else { return nil }
        self.rawValue = rawValue
    }
    public var description: String { rawValue }
}

/// Whether `text` has 1 to `maximumBytes` bytes and no control characters.
package func isPlainIdentifier(_ text: String, maximumBytes: Int) -> Bool {
    let bytes = text.utf8
    guard !bytes.isEmpty, bytes.count <= maximumBytes else { return false }
    return bytes.allSatisfy { $0 >= 32 && $0 != 127 }
}
