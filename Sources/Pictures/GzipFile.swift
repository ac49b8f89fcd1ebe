internal import CZlib
internal import Storage

/// Reads a file that may be compressed with gzip.
enum GzipFile {
    static let maximumBytes = 512 << 20

    /// The content of the file at `path`, unpacked if it begins as gzip does.
    static func read(_ path: String) throws -> [UInt8] {
        let packed = try FileSystem.read(path, maximumBytes: maximumBytes)
        return packed.starts(with: [0x1F, 0x8B]) ? try unpack(packed, path) : packed
    }

    private static func unpack(_ packed: [UInt8], _ path: String) throws(PictureError) -> [UInt8] {
        var stream = unsafe z_stream()
        let size = unsafe Int32(MemoryLayout<z_stream>.size)
        // 31: a window of 32 KiB, and a gzip header.
        guard unsafe inflateInit2_(&stream, 31, zlibVersion(), size) == Z_OK else {
            throw PictureError(.badData, "Unpacking \(path): there is no memory for it.")
        }
        defer { unsafe inflateEnd(&stream) }
        var input = packed
        var result: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 1 << 18)
        return try unsafe input.withUnsafeMutableBufferPointer { source throws(PictureError) in
            unsafe stream.next_in = source.baseAddress
            unsafe stream.avail_in = UInt32(source.count)
            while true {
                let (status, count) = unsafe part.withUnsafeMutableBufferPointer { target in
                    unsafe stream.next_out = target.baseAddress
                    unsafe stream.avail_out = UInt32(target.count)
                    let status = unsafe inflate(&stream, Z_NO_FLUSH)
                    return unsafe (status, target.count - Int(stream.avail_out))
                }
                result += part[..<count]
                if status == Z_STREAM_END { return result }
                guard status == Z_OK, result.count <= maximumBytes else {
                    throw PictureError(
                        .badData, "Unpacking \(path): it is cut short or damaged. Get the data set again.")
                }
            }
        }
    }
}
