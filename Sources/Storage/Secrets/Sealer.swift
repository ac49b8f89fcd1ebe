internal import CSodium

/// Encrypts small personal records at rest with XChaCha20-Poly1305.
///
/// A sealed record is a random 24-byte nonce, then the cipher text with its 16-byte tag.
public struct Sealer: Sendable {
    private static let nonceBytes = 24
    private static let tagBytes = 16
    private let key: [UInt8]

    public init(key: IdentityKey) { self.key = key.derived(1) }

    /// Seals `plain`; `context` must be the same on opening, and ties a record to its place.
    public func seal(_ plain: [UInt8], context: [UInt8]) throws(StorageError) -> [UInt8] {
        let nonce = try Sodium.randomBytes(Self.nonceBytes)
        var sealed = [UInt8](repeating: 0, count: plain.count + Self.tagBytes)
        var length: UInt64 = 0
        unsafe _ = crypto_aead_xchacha20poly1305_ietf_encrypt(
            &sealed, &length, plain, UInt64(plain.count), context, UInt64(context.count), nil, nonce, key)
        return nonce + sealed
    }

    /// - Throws: `corrupt` if the record was changed, moved, or sealed with another key.
    public func open(_ record: [UInt8], context: [UInt8]) throws(StorageError) -> [UInt8] {
        let overhead = Self.nonceBytes + Self.tagBytes
        guard record.count >= overhead else { throw Self.damaged }
        let nonce = Array(record.prefix(Self.nonceBytes))
        let sealed = Array(record.dropFirst(Self.nonceBytes))
        // One byte more than needed: the address of an empty array is not defined.
        var plain = [UInt8](repeating: 0, count: record.count - overhead + 1)
        var length: UInt64 = 0
        let result = unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
            &plain, &length, nil, sealed, UInt64(sealed.count), context, UInt64(context.count), nonce, key)
        guard result == 0 else { throw Self.damaged }
        plain.removeLast()
        return plain
    }

    private static var damaged: StorageError {
        StorageError(
            .corrupt,
            "A sealed record does not open: it was damaged, or the identity key is not the one it was sealed with.")
    }
}
