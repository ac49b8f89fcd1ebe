internal import CSQLite
internal import Domain
internal import Synchronization

/// One shop's catalogue and event log in a SQLite database: WAL, `synchronous=FULL`, one writer, readers beside it.
///
/// May be opened by several processes; each commit waits up to five seconds for another process's writer.
public final class SQLiteStore: CatalogueStore, EventStore, Sendable {
    public enum Mode: Sendable {
        /// Creates the database if need be, and migrates it.
        case readWrite
        /// Never writes; refuses a database that is absent or not up to date.
        case readOnly
    }

    /// How many events may wait for a commit before `append` throws `busy`.
    static let maximumWaitingEvents = 50_000
    private static let keptReaders = 4

    public let path: String
    let sealer: Sealer?
    /// What the writer remembers between commits; touched under `gate` alone.
    let memory: Mutex<WriterMemory>
    let commits = CommitQueue<[PreparedEvent], EventReceipt>(maximumWeight: maximumWaitingEvents)
    let directory = ItemDirectory()
    private let gate = Monitor()
    private let writer: Mutex<SQLiteConnection?>
    private let readers = Mutex<[SQLiteConnection]>([])
    private let isClosed = Mutex(false)

    /// Opens a database.
    ///
    /// - Parameter sealer: Seals personal attributes; without one they can be neither written nor read.
    /// - Parameter maximumPages: A bound on the database's size in pages, for tests of a full disk.
    /// - Parameter patienceMilliseconds: How long a commit waits for another process's writer.
    /// - Throws: `notFound`, `locked`, `corrupt`, `unknownFormat` for a newer schema, `failed`.
    public init(
        path: String, mode: Mode, sealer: Sealer? = nil, maximumPages: Int? = nil, patienceMilliseconds: Int32 = 5000
    ) throws(StorageError) {
        (self.path, self.sealer) = (path, sealer)
        if mode == .readWrite {
            let connection = try SQLiteConnection(
                path: path, flags: SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE,
                patienceMilliseconds: patienceMilliseconds)
            try connection.execute(
                """
                PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;
                PRAGMA cache_size = -32768; PRAGMA wal_autocheckpoint = 4000; PRAGMA temp_store = MEMORY;
                """)
            try SQLiteSchema.migrate(connection)
            if let maximumPages { try connection.execute("PRAGMA max_page_count = \(maximumPages)") }
            writer = Mutex(connection)
        } else {
            writer = Mutex(nil)
        }
        let reader = try Self.openReader(path)
        guard try SQLiteSchema.check(reader) == SQLiteSchema.version else {
            throw StorageError(
                .unknownFormat, "\(path) has an older schema. Run any command that writes, to migrate it.")
        }
        let statement = try reader.statement("SELECT value FROM setting WHERE name = 'event_id_key'")
        let key = try statement.step() ? statement.blob(0) : []
        statement.reset()
        guard key.count == 16 else {
            throw StorageError(.corrupt, "\(path) lacks its event_id_key. Restore a backup.")
        }
        try Sodium.start()
        memory = Mutex(WriterMemory(eventKey: key))
        readers.withLock { $0.append(reader) }
    }

    /// Merges the write-ahead log into the database and closes the connections that nobody uses.
    public func close() throws(StorageError) {
        isClosed.withLock { $0 = true }
        readers.withLock { $0 = [] }
        gate.lock()
        defer { gate.unlock() }
        let connection = writer.withLock { $0 }
        try connection?.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        writer.withLock { $0 = nil }
    }

    /// Runs `body` in a transaction on the writer, alone in this process.
    func write<Result>(_ body: (SQLiteConnection) throws(StorageError) -> Result) throws(StorageError) -> Result {
        try withWriter { connection throws(StorageError) in
            do throws(StorageError) {
                return try connection.transaction { () throws(StorageError) in try body(connection) }
            } catch {
                memory.withLock { $0.forget() }
                throw error
            }
        }
    }

    /// Gives `body` the writer, alone in this process, outside a transaction.
    func withWriter<Result>(_ body: (SQLiteConnection) throws(StorageError) -> Result) throws(StorageError) -> Result {
        gate.lock()
        defer { gate.unlock() }
        guard let connection = writer.withLock({ $0 }) else {
            throw StorageError(.failed, "\(path) was opened for reading only, or closed.")
        }
        return try body(connection)
    }

    /// Runs `body` on a reader of its own, so that it may call the store again.
    func read<Result>(_ body: (SQLiteConnection) throws(StorageError) -> Result) throws(StorageError) -> Result {
        let pooled = readers.withLock { $0.popLast() }
        let connection = if let pooled { pooled } else { try Self.openReader(path) }
        defer {
            let keeps = !isClosed.withLock { $0 }
            readers.withLock { if keeps && $0.count < Self.keptReaders { $0.append(connection) } }
        }
        return try body(connection)
    }

    private static func openReader(_ path: String) throws(StorageError) -> SQLiteConnection {
        let connection = try SQLiteConnection(path: path, flags: SQLITE_OPEN_READONLY)
        try connection.execute("PRAGMA query_only = ON; PRAGMA cache_size = -4096; PRAGMA temp_store = MEMORY")
        return connection
    }
}
