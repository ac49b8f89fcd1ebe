internal import CSodium
internal import Glibc

/// SHA-256 as lower-case hexadecimal, through libsodium.
public enum SHA256 {
    public static func hex(of bytes: [UInt8]) -> String { Hexadecimal.text(Self.bytes(of: bytes)) }

    static func bytes(of bytes: [UInt8]) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        unsafe _ = crypto_hash_sha256(&hash, bytes, UInt64(bytes.count))
        return hash
    }

    /// The checksum of the first `count` bytes of a mapped file.
    static func bytes(of file: MappedFile, count: Int) -> [UInt8] {
        precondition(count >= 0 && count <= file.count, "outside the file")
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        unsafe _ = crypto_hash_sha256(
            &hash, file.bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(count))
        return hash
    }

    /// The checksum of a file, read in pieces of one megabyte.
    public static func hex(ofFile path: String) throws(StorageError) -> String {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.failure("Opening", path) }
        defer { close(descriptor) }
        var state = crypto_hash_sha256_state()
        unsafe _ = crypto_hash_sha256_init(&state)
        var piece = [UInt8](repeating: 0, count: 1 << 20)
        while true {
            let got = unsafe read(descriptor, &piece, piece.count)
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw FileSystem.failure("Reading", path) }
            if got == 0 { break }
            unsafe _ = crypto_hash_sha256_update(&state, piece, UInt64(got))
        }
        var hash = [UInt8](repeating: 0, count: Int(crypto_hash_sha256_BYTES))
        unsafe _ = crypto_hash_sha256_final(&state, &hash)
        return Hexadecimal.text(hash)
    }
}
