internal import Glibc

/// The few file operations that a shop's folder needs, with errors that say what to do.
public enum FileSystem {
    /// Whether something is at `path`, whatever it is.
    public static func exists(_ path: String) -> Bool {
        var info = stat()
        return unsafe stat(path, &info) == 0
    }

    /// Bytes in the file at `path`.
    public static func size(of path: String) throws(StorageError) -> Int {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { throw failure("Looking at", path) }
        return Int(info.st_size)
    }

    /// Permission bits of the file at `path`, such as `0o600`.
    public static func mode(of path: String) throws(StorageError) -> UInt32 {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { throw failure("Looking at", path) }
        return info.st_mode & 0o777
    }

    /// When the file at `path` was last changed, in seconds since 1970.
    public static func modified(_ path: String) throws(StorageError) -> Int {
        var info = stat()
        guard unsafe stat(path, &info) == 0 else { throw failure("Looking at", path) }
        return info.st_mtim.tv_sec
    }

    /// Whether a folder is at `path`.
    public static func isFolder(_ path: String) -> Bool {
        var info = stat()
        return unsafe stat(path, &info) == 0 && info.st_mode & S_IFMT == S_IFDIR
    }

    /// Makes a folder and those above it; one that exists is left as it is.
    public static func makeFolder(_ path: String) throws(StorageError) {
        if exists(path) { return }
        let parent = folder(of: path)
        if parent != path, parent != "." { try makeFolder(parent) }
        guard unsafe mkdir(path, 0o750) == 0 || errno == EEXIST else { throw failure("Making the folder", path) }
    }

    /// Reads a whole file of at most `maximumBytes`.
    public static func read(_ path: String, maximumBytes: Int = 1 << 30) throws(StorageError) -> [UInt8] {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("Opening", path) }
        defer { close(descriptor) }
        var info = stat()
        guard unsafe fstat(descriptor, &info) == 0 else { throw failure("Looking at", path) }
        guard info.st_size <= maximumBytes else {
            throw StorageError(.corrupt, "\(path) has \(info.st_size) bytes; at most \(maximumBytes) are read.")
        }
        let count = Int(info.st_size)
        var bytes = [UInt8](repeating: 0, count: count)
        var filled = 0
        while filled < count {
            let got = unsafe bytes.withUnsafeMutableBytes { buffer in
                unsafe Glibc.read(descriptor, buffer.baseAddress! + filled, count - filled)
            }
            if got < 0 && errno == EINTR { continue }
            guard got >= 0 else { throw failure("Reading", path) }
            if got == 0 { break }
            filled += got
        }
        bytes.removeLast(count - filled)
        return bytes
    }

    /// Names in a folder, sorted by bytes, without `.` and `..`; an absent folder has none.
    public static func names(in path: String) throws(StorageError) -> [String] {
        guard let handle = unsafe opendir(path) else {
            if errno == ENOENT { return [] }
            throw failure("Listing", path)
        }
        defer { unsafe closedir(handle) }
        var names: [String] = []
        while let entry = unsafe readdir(handle) {
            let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
                unsafe String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self)
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
    }

    /// Removes a file, or a folder with all that is in it; nothing there is no error.
    public static func remove(_ path: String) throws(StorageError) {
        var info = stat()
        guard unsafe lstat(path, &info) == 0 else {
            if errno == ENOENT { return }
            throw failure("Removing", path)
        }
        if info.st_mode & S_IFMT == S_IFDIR {
            for name in try names(in: path) { try remove(path + "/" + name) }
            guard unsafe rmdir(path) == 0 else { throw failure("Removing", path) }
        } else {
            guard unsafe unlink(path) == 0 else { throw failure("Removing", path) }
        }
    }

    /// Renames a file or folder and makes the new name durable.
    public static func rename(_ old: String, to new: String) throws(StorageError) {
        guard unsafe Glibc.rename(old, new) == 0 else { throw failure("Renaming to", new) }
        try sync(folder: folder(of: new))
    }

    /// Makes the names in a folder durable.
    public static func sync(folder path: String) throws(StorageError) {
        let descriptor = unsafe open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("Opening the folder", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("Writing to disk the folder", path) }
    }

    /// Makes a file's content durable.
    public static func sync(file path: String) throws(StorageError) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure("Opening", path) }
        defer { close(descriptor) }
        guard fsync(descriptor) == 0 else { throw failure("Writing to disk", path) }
    }

    /// The folder that holds `path`: `.` for a bare name.
    public static func folder(of path: String) -> String {
        var bytes = Array(path.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        guard let slash = bytes.lastIndex(of: UInt8(ascii: "/")) else { return "." }
        return slash == 0 ? "/" : String(decoding: bytes[..<slash], as: UTF8.self)
    }

    /// The error for the operating system's last refusal.
    static func failure(_ doing: String, _ path: String, code: Int32 = errno) -> StorageError {
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        switch code {
        case ENOENT, ENOTDIR: return StorageError(.notFound, "\(doing) \(path): it does not exist. Check the path.")
        case ENOSPC, EDQUOT, EFBIG:
            return StorageError(.full, "\(doing) \(path): the disk is full. Free some space and try again.")
        case EACCES, EPERM, EROFS:
            return StorageError(.failed, "\(doing) \(path): \(reason). Check who owns it and its permissions.")
        default: return StorageError(.failed, "\(doing) \(path): \(reason).")
        }
    }
}
