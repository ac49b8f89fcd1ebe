import Domain
import Storage

/// The wall clock of the server.
enum SystemTime {
    static func now() -> Timestamp { SystemClock.now() }
}
