public import Domain

/// What an API key may do.
public enum KeyScope: String, Sendable, CaseIterable {
    /// Search, recommend, and send a shopper's own events: for pages.
    case search
    /// Write items, offers and events.
    case ingest
    /// Everything, people's data included.
    case admin

    fileprivate var bit: Int64 {
        switch self {
        case .search: 1
        case .ingest: 2
        case .admin: 4
        }
    }
}

/// The API keys of one shop, stored as salted BLAKE2b hashes: a key is shown once, when it is made.
///
/// Keys hold 192 random bits, so a fast hash suffices (they cannot be guessed, unlike passwords).
public struct KeyStore: Sendable {
    /// What is known of a key.
    public struct Key: Hashable, Sendable {
        public let id: String
        public let name: String
        public let scopes: Set<KeyScope>
        public let created: Timestamp
        /// When it was last seen, to within ten minutes; `nil` if never.
        public let lastUsed: Timestamp?
        public let isRevoked: Bool
    }

    private static let prefix = "souk_"
    private let store: SQLiteStore

    public init(store: SQLiteStore) { self.store = store }

    /// Makes a key and returns it: `souk_ID_SECRET`. Names are unique among keys that are not revoked.
    public func create(name: String, scopes: Set<KeyScope>, now: Timestamp = SystemClock.now()) throws(StorageError)
        -> String
    {
        guard (1...64).contains(name.utf8.count), !scopes.isEmpty else {
            throw StorageError(.constraint, "A key needs a name of 1 to 64 bytes and a scope.")
        }
        guard try !list().contains(where: { $0.name == name && !$0.isRevoked }) else {
            throw StorageError(.constraint, "There is a key named “\(name)” already: revoke it first.")
        }
        let id = Hexadecimal.text(try Sodium.randomBytes(6))
        let secret = Hexadecimal.text(try Sodium.randomBytes(24))
        let salt = try Sodium.randomBytes(16)
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement(
                "INSERT INTO api_key (id, name, scopes, salt, hash, created) VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            statement.bind(1, id)
            statement.bind(2, name)
            statement.bind(3, scopes.reduce(0) { $0 | $1.bit })
            statement.bind(4, blob: salt)
            statement.bind(5, blob: Sodium.blake2b(Array(secret.utf8), count: 32, key: salt))
            statement.bind(6, now.milliseconds)
            try statement.run()
        }
        return Self.prefix + id + "_" + secret
    }

    /// The scopes of a key of this shop; `nil` for any other text, in a time that does not tell how much of it is right.
    public func scopes(of key: String) throws(StorageError) -> Set<KeyScope>? {
        let parts = key.split(separator: "_", omittingEmptySubsequences: false)
        guard key.utf8.count <= 128, parts.count == 3, parts[0] == "souk" else { return nil }
        return try store.read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT scopes, salt, hash FROM api_key WHERE id = ?1 AND revoked IS NULL")
            defer { statement.reset() }
            statement.bind(1, String(parts[1]))
            guard try statement.step() else { return nil }
            let hash = Sodium.blake2b(Array(parts[2].utf8), count: 32, key: statement.blob(1))
            guard Sodium.areEqual(hash, statement.blob(2)) else { return nil }
            return Self.scopes(statement.integer(0))
        }
    }

    /// Notes that a valid key was used; writes at most once in ten minutes for each key.
    public func touch(_ key: String, now: Timestamp = SystemClock.now()) throws(StorageError) {
        let parts = key.split(separator: "_", omittingEmptySubsequences: false)
        guard key.utf8.count <= 128, parts.count == 3 else { return }
        let isRecent = try store.read { connection throws(StorageError) in
            let statement = try connection.statement("SELECT last_used FROM api_key WHERE id = ?1")
            defer { statement.reset() }
            statement.bind(1, String(parts[1]))
            guard try statement.step(), let last = statement.optionalInteger(0) else { return false }
            return last > now.milliseconds - 600_000
        }
        if isRecent { return }
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement("UPDATE api_key SET last_used = ?2 WHERE id = ?1")
            statement.bind(1, String(parts[1]))
            statement.bind(2, now.milliseconds)
            try statement.run()
        }
    }

    /// All keys, oldest first.
    public func list() throws(StorageError) -> [Key] {
        try store.read { connection throws(StorageError) in
            let statement = try connection.statement(
                "SELECT id, name, scopes, created, revoked, last_used FROM api_key ORDER BY created, id")
            defer { statement.reset() }
            var keys: [Key] = []
            while try statement.step() {
                keys.append(
                    Key(
                        id: statement.text(0), name: statement.text(1), scopes: Self.scopes(statement.integer(2)),
                        created: Timestamp(milliseconds: statement.integer(3)),
                        lastUsed: statement.optionalInteger(5).map { Timestamp(milliseconds: $0) },
                        isRevoked: !statement.isNull(4)))
            }
            return keys
        }
    }

    /// Makes the key of that name useless; returns whether there was one.
    public func revoke(name: String, now: Timestamp = SystemClock.now()) throws(StorageError) -> Bool {
        let isKnown = try list().contains { $0.name == name && !$0.isRevoked }
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement(
                "UPDATE api_key SET revoked = ?2 WHERE name = ?1 AND revoked IS NULL")
            statement.bind(1, name)
            statement.bind(2, now.milliseconds)
            try statement.run()
        }
        return isKnown
    }

    private static func scopes(_ bits: Int64) -> Set<KeyScope> { Set(KeyScope.allCases.filter { bits & $0.bit != 0 }) }
}
