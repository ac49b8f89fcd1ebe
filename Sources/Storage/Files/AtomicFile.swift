internal import Glibc

/// Writes small files so that a reader sees the old or the new content, never half, even after a crash.
public enum AtomicFile {
    /// Writes to a temporary name, syncs the file, gives it its name, and syncs the folder.
    ///
    /// - Parameter replacing: Without it, an existing file is an error (`constraint`) and stays.
    /// - Parameter mode: Permission bits of the new file, whatever the process's mask.
    public static func write(
        _ bytes: [UInt8], to path: String, replacing: Bool = true, mode: UInt32 = 0o640
    ) throws(StorageError) {
        let temporary = "\(path).\(getpid())-\(UInt32.random(in: 0 ... .max)).tmp"
        var isNamed = false
        defer { if !isNamed { unsafe _ = unlink(temporary) } }
        try create(temporary, bytes, mode)
        if replacing {
            guard unsafe rename(temporary, path) == 0 else { throw FileSystem.failure("Writing", path) }
            isNamed = true
        } else {
            guard unsafe link(temporary, path) == 0 else {
                if errno == EEXIST { throw StorageError(.constraint, "\(path) exists already and is kept.") }
                throw FileSystem.failure("Writing", path)
            }
        }
        try FileSystem.sync(folder: FileSystem.folder(of: path))
    }

    private static func create(_ path: String, _ bytes: [UInt8], _ mode: UInt32) throws(StorageError) {
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode)
        guard descriptor >= 0 else { throw FileSystem.failure("Creating", path) }
        defer { close(descriptor) }
        guard fchmod(descriptor, mode) == 0 else { throw FileSystem.failure("Protecting", path) }
        try writeAll(bytes, descriptor, path)
        guard fsync(descriptor) == 0 else { throw FileSystem.failure("Writing to disk", path) }
    }

    static func writeAll(_ bytes: [UInt8], _ descriptor: Int32, _ path: String) throws(StorageError) {
        var done = 0
        while done < bytes.count {
            let wrote = unsafe bytes.withUnsafeBytes { buffer in
                unsafe Glibc.write(descriptor, buffer.baseAddress! + done, buffer.count - done)
            }
            if wrote < 0 && errno == EINTR { continue }
            guard wrote > 0 else { throw FileSystem.failure("Writing", path) }
            done += wrote
        }
    }
}
