public import Domain

/// Who changed what, for good: lines are added and never changed.
public struct AuditLog: Sendable {
    public struct Line: Hashable, Sendable {
        public let time: Timestamp
        /// The person, or the key's name; never a shopper.
        public let person: String
        public let action: String
        public let detail: String

        public init(time: Timestamp, person: String, action: String, detail: String) {
            (self.time, self.person, self.action, self.detail) = (time, person, action, detail)
        }
    }

    private let store: SQLiteStore

    public init(store: SQLiteStore) { self.store = store }

    public func append(_ line: Line) throws(StorageError) {
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement(
                "INSERT INTO audit (time, person, action, detail) VALUES (?1, ?2, ?3, ?4)")
            statement.bind(1, line.time.milliseconds)
            statement.bind(2, String(line.person.prefix(128)))
            statement.bind(3, String(line.action.prefix(128)))
            statement.bind(4, String(line.detail.prefix(1000)))
            try statement.run()
        }
    }

    /// The newest lines, newest first.
    public func newest(_ limit: Int) throws(StorageError) -> [Line] {
        try store.read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT time, person, action, detail FROM audit ORDER BY number DESC LIMIT ?1")
            defer { statement.reset() }
            statement.bind(1, Int64(max(0, limit)))
            var lines: [Line] = []
            while try statement.step() {
                lines.append(
                    Line(
                        time: Timestamp(milliseconds: statement.integer(0)), person: statement.text(1),
                        action: statement.text(2), detail: statement.text(3)))
            }
            return lines
        }
    }
}
