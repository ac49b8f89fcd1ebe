internal import CSQLite

/// Turns SQLite's result codes into errors that say what to do.
enum SQLiteError {
    static func mapped(_ code: Int32, _ text: String, _ path: String) -> StorageError {
        switch code & 0xFF {
        case SQLITE_BUSY, SQLITE_LOCKED:
            return StorageError(
                .locked, "\(path) is locked by another process. Stop a long import or backup, or try again later.")
        case SQLITE_FULL:
            return StorageError(.full, "\(path): the disk or the database's allowance is full. Free some space.")
        case SQLITE_CORRUPT, SQLITE_NOTADB:
            return StorageError(
                .corrupt, "\(path) is damaged or no database (\(text)). Restore a backup; `souk doctor` tells more.")
        case SQLITE_CONSTRAINT: return StorageError(.constraint, "\(path): \(text).")
        case SQLITE_CANTOPEN:
            return StorageError(.notFound, "\(path) cannot be opened. Check the path and its permissions.")
        case SQLITE_READONLY, SQLITE_PERM:
            return StorageError(.failed, "\(path) may not be written. Check who owns it and its permissions.")
        default: return StorageError(.failed, "\(path): \(text) (SQLite code \(code)).")
        }
    }
}
