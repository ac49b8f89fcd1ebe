public import Storage
import Synchronization

/// Keys and people that last as long as the program: for tests.
public final class MemoryCredentials: Credentials {
    private struct State {
        var keys: [String: KeyScope] = [:]
        var people: [String: (password: String, role: PersonRole)] = [:]
        var lines: [AuditLog.Line] = []
    }

    private let state = Mutex(State())

    public init() {}

    public func scope(ofKey key: String) -> KeyScope? { state.withLock { $0.keys[key] } }

    public func createKey(scope: KeyScope, note: String) -> String {
        var random = SystemRandomNumberGenerator()
        let key = "souk_" + String(random.next(), radix: 36) + String(random.next(), radix: 36)
        state.withLock { $0.keys[key] = scope }
        return key
    }

    /// None: keys in memory are no part of a shop.
    public func listKeys() -> [KeyStore.Key] { [] }

    /// Adds a person.
    public func addPerson(_ name: String, password: String, role: PersonRole) {
        state.withLock { $0.people[name] = (password, role) }
    }

    public func role(ofPerson name: String, password: String) -> PersonRole? {
        state.withLock { state in state.people[name].flatMap { $0.password == password ? $0.role : nil } }
    }

    public func record(_ line: AuditLog.Line) {
        state.withLock { state in
            state.lines.append(line)
            if state.lines.count > 10_000 { state.lines.removeFirst(5000) }
        }
    }

    public func auditLines(limit: Int) -> [AuditLog.Line] {
        state.withLock { Array($0.lines.suffix(max(0, limit)).reversed()) }
    }
}
