internal import CSQLite

/// One connection to a database, with its prepared statements.
///
/// Sendable invariant: whoever took it from the pool or holds the writer's lock is the only thread that uses it.
@safe final class SQLiteConnection: @unchecked Sendable {
    let path: String
    private let handle: OpaquePointer
    private var statements: [String: SQLiteStatement] = [:]

    init(path: String, flags: Int32, patienceMilliseconds: Int32 = 5000) throws(StorageError) {
        self.path = path
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(path, &opened, flags | SQLITE_OPEN_NOMUTEX | SQLITE_OPEN_EXRESCODE, nil)
        guard code == SQLITE_OK, let opened = unsafe opened else {
            unsafe sqlite3_close_v2(opened)
            throw SQLiteError.mapped(code, "", path)
        }
        unsafe handle = opened
        unsafe sqlite3_busy_timeout(opened, patienceMilliseconds)
    }

    deinit {
        statements = [:]
        unsafe sqlite3_close_v2(handle)
    }

    /// Runs one or more statements without parameters or rows.
    func execute(_ sql: String) throws(StorageError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw failure(code) }
    }

    /// The prepared statement for `sql`, reset and without bindings; kept for the next time.
    func statement(_ sql: String) throws(StorageError) -> SQLiteStatement {
        if let known = statements[sql] {
            known.reset()
            return known
        }
        var prepared: OpaquePointer?
        let code = unsafe sqlite3_prepare_v3(
            handle, sql, Int32(sql.utf8.count), UInt32(SQLITE_PREPARE_PERSISTENT), &prepared, nil)
        guard code == SQLITE_OK, let prepared = unsafe prepared else { throw failure(code) }
        let statement = unsafe SQLiteStatement(prepared, database: handle, path: path)
        statements[sql] = statement
        return statement
    }

    /// The integer in the first column of the first row; `nil` without a row or for NULL.
    func integer(_ sql: String) throws(StorageError) -> Int64? {
        let statement = try statement(sql)
        defer { statement.reset() }
        return try statement.step() && !statement.isNull(0) ? statement.integer(0) : nil
    }

    /// Runs `body` in one transaction that writes: all of it is on disk at the end, or nothing.
    func transaction<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// Runs `body` on one snapshot.
    func snapshot<Result>(_ body: () throws(StorageError) -> Result) throws(StorageError) -> Result {
        try execute("BEGIN")
        defer { rollback() }
        return try body()
    }

    var isInTransaction: Bool { unsafe sqlite3_get_autocommit(handle) == 0 }

    func rollback() {
        for statement in statements.values { statement.reset() }
        guard isInTransaction else { return }
        // Nothing more can be done: closing the connection rolls back, too.
        unsafe _ = sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
    }

    private func failure(_ code: Int32) -> StorageError {
        SQLiteError.mapped(code, unsafe String(cString: sqlite3_errmsg(handle)), path)
    }
}
