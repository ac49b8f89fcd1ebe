import Foundation
import Synchronization

/// Ends connections whose body does not arrive in time: a body may neither trickle nor stop for ever.
final class BodyDeadlines: Sendable {
    private struct Waiting {
        let descriptor: Int32
        let deadline: ContinuousClock.Instant
    }

    private struct State {
        var waiting: [ObjectIdentifier: Waiting] = [:]
        var isStopped = false
    }

    private let state = Mutex(State())
    private let answers: Bool
    private let timeout: Duration

    /// - Parameter answers: Whether a late request gets a 408 before the connection ends: not possible inside TLS.
    init(timeout: Duration, answers: Bool) { (self.timeout, self.answers) = (timeout, answers) }

    func start() {
        let thread = Thread { [self] in
            while endLate(at: .now) { Thread.sleep(forTimeInterval: 0.1) }
        }
        thread.name = "souk-deadlines"
        thread.start()
    }

    func stop() { state.withLock { $0.isStopped = true } }

    func watch(_ exchange: Exchange) {
        let waiting = Waiting(descriptor: exchange.descriptor, deadline: .now + timeout)
        state.withLock { $0.waiting[ObjectIdentifier(exchange)] = waiting }
    }

    /// After this, the exchange's socket is never touched: it may be closed and its number used again.
    func forget(_ exchange: Exchange) {
        _ = state.withLock { $0.waiting.removeValue(forKey: ObjectIdentifier(exchange)) }
    }

    private func endLate(at now: ContinuousClock.Instant) -> Bool {
        state.withLock { state in
            for (key, waiting) in state.waiting where waiting.deadline <= now {
                if answers { HTTPResponse.timedOut.send(to: waiting.descriptor) }
                shutdown(waiting.descriptor, Int32(SHUT_RDWR))
                state.waiting.removeValue(forKey: key)
            }
            return !state.isStopped
        }
    }
}
