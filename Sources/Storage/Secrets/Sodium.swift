internal import CSodium

/// Small faces of libsodium that several files of this module use.
enum Sodium {
    /// Set up once; libsodium then works from any thread.
    private static let isReady = sodium_init() >= 0

    static func start() throws(StorageError) {
        guard isReady else { throw StorageError(.failed, "libsodium could not start: install libsodium23 again.") }
    }

    static func randomBytes(_ count: Int) throws(StorageError) -> [UInt8] {
        try start()
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe randombytes_buf(&bytes, count)
        return bytes
    }

    /// BLAKE2b of `bytes`, `count` bytes long (16...64), keyed if a key is given.
    static func blake2b(_ bytes: [UInt8], count: Int, key: [UInt8] = []) -> [UInt8] {
        var hash = [UInt8](repeating: 0, count: count)
        unsafe _ = crypto_generichash(&hash, count, bytes, UInt64(bytes.count), key, key.count)
        return hash
    }

    /// SipHash-2-4 with a 16-byte key.
    static func sipHash(_ text: String, key: [UInt8]) -> Int64 {
        var text = text
        var hash: UInt64 = 0
        text.withUTF8 { buffer in
            unsafe withUnsafeMutableBytes(of: &hash) { out in
                unsafe _ = crypto_shorthash(
                    out.bindMemory(to: UInt8.self).baseAddress!, buffer.baseAddress, UInt64(buffer.count), key)
            }
        }
        return Int64(bitPattern: UInt64(littleEndian: hash))
    }

    /// Compares in a time that depends on the length alone.
    static func areEqual(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        guard left.count == right.count else { return false }
        return unsafe sodium_memcmp(left, right, left.count) == 0
    }
}

/// Lower-case hexadecimal.
enum Hexadecimal {
    static func text(_ bytes: some Sequence<UInt8>) -> String {
        var digits: [UInt8] = []
        for byte in bytes {
            for nibble in [byte >> 4, byte & 15] { digits.append(nibble < 10 ? 48 + nibble : 87 + nibble) }
        }
        return String(decoding: digits, as: UTF8.self)
    }

    /// `nil` unless `text` is an even number of lower-case digits.
    static func bytes(_ text: String) -> [UInt8]? {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(text.utf8.count / 2)
        var high: UInt8?
        for character in text.utf8 {
            let nibble: UInt8
            switch character {
            case 48...57: nibble = character - 48
            case 97...102: nibble = character - 87
            default: return nil
            }
            if let first = high {
                bytes.append(first << 4 | nibble)
                high = nil
            } else {
                high = nibble
            }
        }
        return high == nil ? bytes : nil
    }
}
