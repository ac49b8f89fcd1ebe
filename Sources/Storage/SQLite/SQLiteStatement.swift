internal import CSQLite

/// One prepared statement; freed with its connection.
///
/// Parameters count from 1, columns from 0, as in SQLite. Used by the connection's thread alone.
@safe final class SQLiteStatement {
    private let handle: OpaquePointer
    private let database: OpaquePointer
    private let path: String

    init(_ handle: OpaquePointer, database: OpaquePointer, path: String) {
        unsafe (self.handle, self.database) = (handle, database)
        self.path = path
    }

    deinit { unsafe sqlite3_finalize(handle) }

    func reset() { unsafe _ = sqlite3_reset(handle) }

    func bind(_ index: Int32, _ value: Int64?) {
        if let value { unsafe _ = sqlite3_bind_int64(handle, index, value) } else { bindNull(index) }
    }

    func bind(_ index: Int32, _ value: Double?) {
        if let value { unsafe _ = sqlite3_bind_double(handle, index, value) } else { bindNull(index) }
    }

    func bind(_ index: Int32, _ value: String?) {
        guard var value else { return bindNull(index) }
        value.withUTF8 { text in
            // An empty text must not be bound as NULL: any address but zero will do.
            if text.isEmpty {
                unsafe _ = sqlite3_bind_text(handle, index, "", 0, souk_sqlite_transient())
            } else {
                unsafe text.withMemoryRebound(to: CChar.self) { characters in
                    unsafe _ = sqlite3_bind_text(
                        handle, index, characters.baseAddress, Int32(characters.count), souk_sqlite_transient())
                }
            }
        }
    }

    func bind(_ index: Int32, blob: [UInt8]) {
        unsafe _ = sqlite3_bind_blob(handle, index, blob, Int32(blob.count), souk_sqlite_transient())
    }

    func bindNull(_ index: Int32) { unsafe _ = sqlite3_bind_null(handle, index) }

    /// Goes to the next row; `false` after the last.
    func step() throws(StorageError) -> Bool {
        switch unsafe sqlite3_step(handle) {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        case let code:
            let text = unsafe String(cString: sqlite3_errmsg(database))
            reset()
            throw SQLiteError.mapped(code, text, path)
        }
    }

    /// Runs a statement that gives no rows, and makes it ready for the next parameters.
    func run() throws(StorageError) {
        _ = try step()
        reset()
    }

    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }
    func integer(_ column: Int32) -> Int64 { unsafe sqlite3_column_int64(handle, column) }
    func double(_ column: Int32) -> Double { unsafe sqlite3_column_double(handle, column) }
    func optionalInteger(_ column: Int32) -> Int64? { isNull(column) ? nil : integer(column) }
    func optionalDouble(_ column: Int32) -> Double? { isNull(column) ? nil : double(column) }
    func optionalText(_ column: Int32) -> String? { isNull(column) ? nil : text(column) }

    /// The text of a column; empty for NULL.
    func text(_ column: Int32) -> String {
        guard let start = unsafe sqlite3_column_text(handle, column) else { return "" }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe String(decoding: UnsafeBufferPointer(start: start, count: count), as: UTF8.self)
    }

    func blob(_ column: Int32) -> [UInt8] {
        guard let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        let count = Int(unsafe sqlite3_column_bytes(handle, column))
        return unsafe Array(UnsafeRawBufferPointer(start: start, count: count))
    }
}
