internal import CZlib

extension GreyPicture {
    /// The picture as a PNG file of 8 bits a pixel (W3C, Portable Network Graphics, third edition, 2025).
    ///
    /// - Complexity: O(pixels); equal pictures give equal bytes.
    public func png() -> [UInt8] {
        var rows: [UInt8] = []
        rows.reserveCapacity(height * (width + 1))
        for row in 0..<height {
            // Filter 0: the pixels as they are. For pictures this small no other filter saves anything.
            rows.append(0)
            rows += pixels[row * width..<(row + 1) * width]
        }
        var file = PNG.signature
        // Eight bits, grey, and the only methods of compression, filtering and interlacing that every reader knows.
        PNG.append("IHDR", PNG.bytes(UInt32(width)) + PNG.bytes(UInt32(height)) + [8, 0, 0, 0, 0], to: &file)
        PNG.append("IDAT", Self.compressed(rows), to: &file)
        PNG.append("IEND", [], to: &file)
        return file
    }

    private static func compressed(_ bytes: [UInt8]) -> [UInt8] {
        var count = compressBound(UInt(bytes.count))
        var result = [UInt8](repeating: 0, count: Int(count))
        let status = unsafe compress2(&result, &count, bytes, UInt(bytes.count), Z_DEFAULT_COMPRESSION)
        precondition(status == Z_OK, "zlib has room for what it says that it needs")
        return Array(result[..<Int(count)])
    }
}

/// What writing and reading PNG files share.
enum PNG {
    static let signature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

    /// Big-endian.
    static func bytes(_ number: UInt32) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
    }

    /// Adds a chunk: its length, its type, its content, and the checksum of the last two.
    static func append(_ type: String, _ content: [UInt8], to file: inout [UInt8]) {
        file += bytes(UInt32(content.count))
        let body = Array(type.utf8) + content
        file += body
        file += bytes(checksum(body[...]))
    }

    static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        unsafe bytes.withUnsafeBufferPointer { buffer in
            unsafe UInt32(crc32(0, buffer.baseAddress, UInt32(buffer.count)))
        }
    }
}
