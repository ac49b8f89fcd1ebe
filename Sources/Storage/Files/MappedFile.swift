internal import Glibc

/// A read-only view of one published file; the only owner of its mapping.
///
/// The file must never be truncated while it is mapped: publish a new file and rename it instead.
/// Sendable invariant: `bytes` is set once, its pages are read-only, published files are never modified.
@safe public final class MappedFile: @unchecked Sendable {
    public let path: String
    /// The file's bytes, valid while this object lives: keep the object, and check bounds.
    @unsafe public let bytes: UnsafeRawBufferPointer

    /// Maps a whole file; an empty one is a view of no bytes.
    ///
    /// - Throws: `notFound`; `corrupt` if the file is not a plain file.
    public init(path: String) throws(StorageError) {
        self.path = path
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileSystem.failure("Opening", path) }
        defer { close(descriptor) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { throw FileSystem.failure("Looking at", path) }
        guard info.st_mode & S_IFMT == S_IFREG else {
            throw StorageError(.corrupt, "\(path) is not a plain file. Restore it, or build it again.")
        }
        let count = Int(info.st_size)
        guard count > 0 else {
            unsafe bytes = UnsafeRawBufferPointer(start: nil, count: 0)
            return
        }
        guard let base = unsafe mmap(nil, count, PROT_READ, MAP_SHARED, descriptor, 0), unsafe base != MAP_FAILED else {
            throw FileSystem.failure("Mapping", path)
        }
        unsafe bytes = UnsafeRawBufferPointer(start: base, count: count)
    }

    deinit {
        if let base = unsafe bytes.baseAddress {
            unsafe _ = munmap(UnsafeMutableRawPointer(mutating: base), bytes.count)
        }
    }

    public var count: Int { unsafe bytes.count }

    /// Gives `body` the bytes, with bounds checked.
    public func withBytes<Result, Failure: Error>(
        _ body: (RawSpan) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        defer { withExtendedLifetime(self) {} }
        return try body(unsafe bytes.bytes)
    }

    /// Tells the system that the whole file is wanted soon (`true`), or not any more.
    public func advise(willNeed: Bool) {
        guard let base = unsafe bytes.baseAddress else { return }
        unsafe _ = madvise(
            UnsafeMutableRawPointer(mutating: base), bytes.count, willNeed ? MADV_WILLNEED : MADV_DONTNEED)
    }
}

extension MappedFile {
    /// One byte; traps outside the file, so callers check lengths first.
    func byte(_ offset: Int) -> UInt8 {
        withBytes { unsafe $0.unsafeLoad(fromByteOffset: checked(offset, 1), as: UInt8.self) }
    }

    /// An unsigned little-endian 32-bit number.
    func word(_ offset: Int) -> Int {
        withBytes {
            Int(
                UInt32(littleEndian: unsafe $0.unsafeLoadUnaligned(fromByteOffset: checked(offset, 4), as: UInt32.self))
            )
        }
    }

    private func checked(_ offset: Int, _ length: Int) -> Int {
        precondition(offset >= 0 && offset + length <= count, "outside the file")
        return offset
    }
}
