internal import CSodium

/// The 32 secret bytes behind a shop's pseudonyms and sealed attributes; a file of its own with mode 0600.
///
/// Destroying the file anonymises the log: nobody can find a person's events or read attributes any more.
public struct IdentityKey: Sendable {
    public static let byteCount = 32
    let bytes: [UInt8]

    /// Reads the key.
    ///
    /// - Parameter creates: Whether an absent file is made, with fresh random bytes.
    /// - Throws: `notFound` if absent; `corrupt` if the file is not 32 bytes; `failed` if others may read it.
    public init(file path: String, creates: Bool = false) throws(StorageError) {
        if creates, !FileSystem.exists(path) {
            try AtomicFile.write(Sodium.randomBytes(Self.byteCount), to: path, replacing: false, mode: 0o600)
        }
        guard FileSystem.exists(path) else {
            throw StorageError(
                .notFound,
                "The identity key \(path) is missing. Restore it from its backup; a new key starts new people.")
        }
        let mode = try FileSystem.mode(of: path)
        guard mode & 0o077 == 0 else {
            throw StorageError(.failed, "Others may read the identity key \(path). Run: chmod 600 \(path)")
        }
        bytes = try FileSystem.read(path, maximumBytes: 4096)
        guard bytes.count == Self.byteCount else {
            throw StorageError(
                .corrupt, "The identity key \(path) has \(bytes.count) bytes, not 32. Restore it from its backup.")
        }
        try Sodium.start()
    }

    /// A key for one purpose, which tells nothing about this one (BLAKE2b key derivation of libsodium).
    func derived(_ purpose: UInt64) -> [UInt8] {
        var key = [UInt8](repeating: 0, count: 32)
        let context: [CChar] = "souk key".utf8.map { CChar(bitPattern: $0) }
        unsafe _ = crypto_kdf_derive_from_key(&key, key.count, purpose, context, bytes)
        return key
    }
}
