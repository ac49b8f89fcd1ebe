public import Storage
import Synchronization

/// Keys, people and the audit log of a shop's database, with guests that last as long as the program.
public final class StoredCredentials: Credentials {
    /// A revoked key may work so much longer: checked keys are remembered for a minute.
    static let memory = Duration.seconds(60)
    private static let memoryLimit = 10_000

    private struct State {
        var guestKeys: [String: KeyScope] = [:]
        var guests: [String: (password: String, role: PersonRole)] = [:]
        var known: [String: (scope: KeyScope?, until: ContinuousClock.Instant)] = [:]
    }

    private let keys: KeyStore
    private let accounts: AccountStore
    private let audit: AuditLog
    private let state = Mutex(State())

    public init(store: SQLiteStore) {
        (keys, accounts, audit) = (KeyStore(store: store), AccountStore(store: store), AuditLog(store: store))
    }

    public func scope(ofKey key: String) throws -> KeyScope? {
        let digest = SHA256.hex(of: Array(key.utf8))
        let remembered: KeyScope?? = state.withLock { state in
            if let guest = state.guestKeys[digest] { return .some(guest) }
            guard let known = state.known[digest], known.until > .now else { return nil }
            return .some(known.scope)
        }
        if let remembered { return remembered }
        let scopes = try keys.scopes(of: key) ?? []
        let scope = [KeyScope.admin, .ingest, .search].first(where: scopes.contains)
        // A database that is busy or full must not turn a valid key away.
        if scope != nil { try? keys.touch(key) }
        state.withLock { state in
            if state.known.count >= Self.memoryLimit { state.known.removeAll(keepingCapacity: true) }
            state.known[digest] = (scope, .now + Self.memory)
        }
        return scope
    }

    /// A key that lasts as long as the program: the demo storefront's.
    public func createKey(scope: KeyScope, note: String) throws -> String {
        let key = "souk_guest_" + RandomText.make(bytes: 24)
        state.withLock { $0.guestKeys[SHA256.hex(of: Array(key.utf8))] = scope }
        return key
    }

    public func listKeys() throws -> [KeyStore.Key] { try keys.list() }

    /// A person who may log in as long as the program runs; returns the password.
    public func addGuest(_ name: String, role: PersonRole) -> String {
        let password = RandomText.make(bytes: 9)
        let digest = SHA256.hex(of: Array(password.utf8))
        state.withLock { $0.guests[name] = (digest, role) }
        return password
    }

    public func role(ofPerson name: String, password: String) throws -> PersonRole? {
        let digest = SHA256.hex(of: Array(password.utf8))
        let guest = state.withLock { state in state.guests[name].flatMap { $0.password == digest ? $0.role : nil } }
        return try guest ?? accounts.role(name: name, password: password)
    }

    public func record(_ line: AuditLog.Line) throws { try audit.append(line) }
    public func auditLines(limit: Int) throws -> [AuditLog.Line] { try audit.newest(limit) }
}

/// Unguessable texts for keys, cookies and passwords.
enum RandomText {
    /// Lower-case hexadecimal of so many bytes from the operating system.
    static func make(bytes count: Int) -> String {
        var random = SystemRandomNumberGenerator()
        return (0..<count).map { _ in
            let byte = UInt8.random(in: 0...255, using: &random)
            return (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}
