import Storage
import Synchronization

/// Who is logged in to the console: random tokens in memory, bounded in number and time.
final class ConsoleSessions: Sendable {
    struct Person: Sendable {
        var name: String
        var role: PersonRole
        var shop: String
    }

    static let lifetime = Duration.seconds(8 * 3600)
    private static let maximumCount = 1000

    private struct Entry {
        var person: Person
        var end: ContinuousClock.Instant
    }

    private struct State {
        var entries: [String: Entry] = [:]
        var failures: [String: (count: Int, until: ContinuousClock.Instant)] = [:]
    }

    private let state = Mutex(State())

    func open(_ person: Person) -> String {
        var random = SystemRandomNumberGenerator()
        let token = (0..<4).map { _ in String(random.next() as UInt64, radix: 36) }.joined()
        let now = ContinuousClock.now
        state.withLock { state in
            if state.entries.count >= Self.maximumCount { state.entries = state.entries.filter { $0.value.end > now } }
            if state.entries.count >= Self.maximumCount { state.entries.removeAll() }
            state.entries[token] = Entry(person: person, end: now + Self.lifetime)
        }
        return token
    }

    func person(_ token: String) -> Person? {
        state.withLock { state in
            guard let entry = state.entries[token], entry.end > .now else { return nil }
            return entry.person
        }
    }

    func close(_ token: String) { state.withLock { $0.entries[token] = nil } }

    /// Whether an address has failed too often of late: ten times within five minutes.
    func isBarred(_ address: String) -> Bool {
        state.withLock { state in
            guard let failure = state.failures[address], failure.until > .now else { return false }
            return failure.count >= 10
        }
    }

    func failed(_ address: String) {
        state.withLock { state in
            if state.failures.count > 10_000 { state.failures.removeAll() }
            let until = ContinuousClock.now + .seconds(300)
            let before = state.failures[address]
            let count = before.map { $0.until > .now ? $0.count : 0 } ?? 0
            state.failures[address] = (count + 1, until)
        }
    }
}
