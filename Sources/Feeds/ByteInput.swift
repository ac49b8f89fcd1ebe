import Glibc

/// Bytes of a file or of memory, read from front to back in pieces; the only owner of its file descriptor.
final class ByteInput {
    /// Bytes in all, for progress; zero if unknown.
    let total: Int
    private let path: String
    private let descriptor: Int32
    private var memory: [UInt8]
    private var position = 0

    init(path: String) throws(FeedError) {
        let opened = unsafe Glibc.open(path, O_RDONLY | O_CLOEXEC)
        guard opened >= 0 else {
            throw FeedError(.unreadable, "Opening \(path): \(Self.reason(errno)). Check the path and its permissions.")
        }
        var status = stat()
        let isFile = unsafe fstat(opened, &status) == 0 && status.st_mode & S_IFMT != S_IFDIR
        guard isFile else {
            close(opened)
            throw FeedError(.unreadable, "Opening \(path): it is a folder, and a file is needed.")
        }
        (self.path, descriptor, memory, total) = (path, opened, [], Int(status.st_size))
    }

    init(bytes: [UInt8]) {
        (path, descriptor, memory, total) = ("", -1, bytes, bytes.count)
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Appends up to `wanted` bytes; returns how many, zero at the end.
    func read(_ wanted: Int, into buffer: inout [UInt8]) throws(FeedError) -> Int {
        // Room for what a plain file still holds: a small one needs no megabyte of zeros.
        let count = min(wanted, max(4096, total - position))
        guard descriptor >= 0 else {
            let taken = min(count, memory.count - position)
            buffer.append(contentsOf: memory[position..<position + taken])
            position += taken
            return taken
        }
        let old = buffer.count
        buffer.append(contentsOf: repeatElement(0, count: count))
        let taken = unsafe buffer.withUnsafeMutableBytes { bytes in
            var result: Int
            repeat {
                unsafe result = Glibc.read(descriptor, bytes.baseAddress! + old, count)
            } while result < 0
                && errno == EINTR
            return result
        }
        let problem = errno
        buffer.removeLast(count - max(0, taken))
        position += max(0, taken)
        guard taken >= 0 else { throw FeedError(.unreadable, "Reading \(path): \(Self.reason(problem)).") }
        return taken
    }

    static func reason(_ number: Int32) -> String {
        unsafe String(cString: strerror(number))
    }
}
