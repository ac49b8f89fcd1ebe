internal import CSodium
public import Domain

/// What a person may do in the console; later roles may do all that earlier ones may.
public enum PersonRole: String, Sendable, CaseIterable, Comparable {
    case viewer, merchandiser, admin

    private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }
    public static func < (left: PersonRole, right: PersonRole) -> Bool { left.rank < right.rank }
}

/// The people who may log in to a shop's console; passwords are hashed with Argon2id (libsodium, RFC 9106).
public struct AccountStore: Sendable {
    public struct Account: Hashable, Sendable {
        public let name: String
        public let role: PersonRole
        public let created: Timestamp
    }

    public static let minimumPasswordBytes = 12
    public static let maximumPasswordBytes = 256
    /// After so many wrong passwords in a row an account rests for `restMilliseconds`.
    static let maximumFailures: Int64 = 10
    static let restMilliseconds: Int64 = 300_000
    private let store: SQLiteStore

    public init(store: SQLiteStore) { self.store = store }

    /// Adds a person, or gives a known one a new role and password.
    public func set(name: String, role: PersonRole, password: String, now: Timestamp = SystemClock.now())
        throws(StorageError)
    {
        guard isPlainIdentifier(name, maximumBytes: 64) else {
            throw StorageError(.constraint, "A person's name has 1 to 64 bytes and no control characters.")
        }
        guard (Self.minimumPasswordBytes...Self.maximumPasswordBytes).contains(password.utf8.count) else {
            throw StorageError(
                .constraint,
                "A password has \(Self.minimumPasswordBytes) to \(Self.maximumPasswordBytes) bytes: use a sentence.")
        }
        let hash = try PasswordHash.make(password)
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                INSERT INTO account (name, role, password, created) VALUES (?1, ?2, ?3, ?4)
                ON CONFLICT (name) DO UPDATE SET role = ?2, password = ?3, failures = 0, locked_until = NULL
                """)
            statement.bind(1, name)
            statement.bind(2, role.rawValue)
            statement.bind(3, hash)
            statement.bind(4, now.milliseconds)
            try statement.run()
        }
    }

    /// The person's role if the password is theirs; an unknown name takes as long as a known one.
    public func role(name: String, password: String, now: Timestamp = SystemClock.now()) throws(StorageError)
        -> PersonRole?
    {
        guard password.utf8.count <= Self.maximumPasswordBytes, name.utf8.count <= 64 else { return nil }
        let found = try store.read { connection throws(StorageError) -> (PersonRole?, String, Int64?)? in
            let statement = try connection.statement("SELECT role, password, locked_until FROM account WHERE name = ?1")
            defer { statement.reset() }
            statement.bind(1, name)
            guard try statement.step() else { return nil }
            return (PersonRole(rawValue: statement.text(0)), statement.text(1), statement.optionalInteger(2))
        }
        guard let (role, hash, lockedUntil) = found else {
            _ = PasswordHash.matches(password, PasswordHash.ofNobody)
            return nil
        }
        let isRight = PasswordHash.matches(password, hash)
        if let lockedUntil, lockedUntil > now.milliseconds { return nil }
        try note(isRight: isRight, name: name, now: now)
        return isRight ? role : nil
    }

    private func note(isRight: Bool, name: String, now: Timestamp) throws(StorageError) {
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement(
                isRight
                    ? "UPDATE account SET failures = 0, locked_until = NULL WHERE name = ?1 AND failures > 0 AND ?2 > 0"
                    : """
                    UPDATE account SET failures = failures + 1,
                        locked_until = CASE WHEN (failures + 1) % \(Self.maximumFailures) = 0 THEN ?2 END
                    WHERE name = ?1
                    """)
            statement.bind(1, name)
            statement.bind(2, now.milliseconds + Self.restMilliseconds)
            try statement.run()
        }
    }

    /// Everybody, by name.
    public func list() throws(StorageError) -> [Account] {
        try store.read { connection throws(StorageError) in
            let statement = try connection.statement("SELECT name, role, created FROM account ORDER BY name")
            defer { statement.reset() }
            var accounts: [Account] = []
            while try statement.step() {
                accounts.append(
                    Account(
                        name: statement.text(0), role: PersonRole(rawValue: statement.text(1)) ?? .viewer,
                        created: Timestamp(milliseconds: statement.integer(2))))
            }
            return accounts
        }
    }

    /// Removes a person; returns whether there was one.
    public func remove(name: String) throws(StorageError) -> Bool {
        let isKnown = try list().contains { $0.name == name }
        try store.write { connection throws(StorageError) in
            let statement = try connection.statement("DELETE FROM account WHERE name = ?1")
            statement.bind(1, name)
            try statement.run()
        }
        return isKnown
    }
}

/// Argon2id with libsodium's interactive limits: 64 MiB and two passes.
enum PasswordHash {
    /// What the password of an unknown person is compared with, so that it takes as long.
    ///
    /// Without memory to make it, nobody can log in at all, so its absence does no harm.
    // Hence the error is dropped here.
    static let ofNobody: String = (try? make("nobody has this password")) ?? ""

    static func make(_ password: String) throws(StorageError) -> String {
        try Sodium.start()
        var text = [CChar](repeating: 0, count: Int(crypto_pwhash_STRBYTES))
        let status = unsafe crypto_pwhash_str(
            &text, password, UInt64(password.utf8.count), UInt64(crypto_pwhash_OPSLIMIT_INTERACTIVE),
            Int(crypto_pwhash_MEMLIMIT_INTERACTIVE))
        guard status == 0 else {
            throw StorageError(.failed, "A password could not be hashed: 64 MiB of memory are needed.")
        }
        return String(decoding: text.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    static func matches(_ password: String, _ hash: String) -> Bool {
        unsafe crypto_pwhash_str_verify(hash, password, UInt64(password.utf8.count)) == 0
    }
}
