internal import CSodium
public import Domain

/// Turns a shop's raw user identifiers into pseudonyms at the border: the only place that sees them.
///
/// A pseudonym is the first 128 bits of HMAC-SHA-256 (RFC 2104, FIPS 180-4) of the identifier's UTF-8 bytes.
public struct Pseudonymiser: Sendable {
    public static let maximumBytes = 512
    private let key: [UInt8]

    public init(key: IdentityKey) { self.key = key.bytes }

    /// Reads the key from a file; `creates` makes an absent one.
    public init(keyFile path: String, creates: Bool = false) throws(StorageError) {
        self.init(key: try IdentityKey(file: path, creates: creates))
    }

    /// The pseudonym of a raw identifier of 1 to 512 bytes; others are refused (`constraint`).
    ///
    /// - Note: Deterministic for one key. The message never holds the identifier.
    public func pseudonym(of raw: String) throws(StorageError) -> Pseudonym {
        var raw = raw
        let count = raw.utf8.count
        guard (1...Self.maximumBytes).contains(count) else {
            throw StorageError(
                .constraint, "A user identifier has \(count) bytes; 1 to \(Self.maximumBytes) are taken.")
        }
        var code = [UInt8](repeating: 0, count: Int(crypto_auth_hmacsha256_BYTES))
        raw.withUTF8 { text in
            unsafe _ = crypto_auth_hmacsha256(&code, text.baseAddress, UInt64(text.count), key)
        }
        guard let pseudonym = Pseudonym(Hexadecimal.text(code.prefix(16))) else {
            preconditionFailure("16 bytes are 32 hexadecimal digits")
        }
        return pseudonym
    }
}
