import Foundation
import Glibc

/// Waits for the signals by which an operator steers a server.
public enum StopSignals {
    /// What a signal asks for.
    public enum Request: Sendable, Equatable {
        /// SIGTERM or SIGINT: finish what is under way and end.
        case stop
        /// SIGHUP: load what was published.
        case reload
    }

    /// Keeps SIGTERM, SIGINT and SIGHUP from ending the program; call it before any thread starts.
    public static func block() {
        var set = set()
        pthread_sigmask_block(&set)
        signal(SIGPIPE, SIG_IGN)
    }

    /// Waits for one of the blocked signals.
    public static func wait() -> Request {
        var set = set()
        var number: Int32 = 0
        while unsafe sigwait(&set, &number) != 0 {}
        return number == SIGHUP ? .reload : .stop
    }

    private static func set() -> sigset_t {
        var set = sigset_t()
        unsafe sigemptyset(&set)
        for number in [SIGTERM, SIGINT, SIGHUP] { unsafe sigaddset(&set, number) }
        return set
    }

    private static func pthread_sigmask_block(_ set: inout sigset_t) {
        _ = unsafe pthread_sigmask(SIG_BLOCK, &set, nil)
    }
}
