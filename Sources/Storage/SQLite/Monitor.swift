internal import Glibc

/// A lock with a condition to wait for: what a blocking hand-over between threads needs.
///
/// Sendable invariant: the two pointers are set once; POSIX makes calls on them safe from any thread.
@safe final class Monitor: @unchecked Sendable {
    private let mutex: UnsafeMutablePointer<pthread_mutex_t>
    private let condition: UnsafeMutablePointer<pthread_cond_t>

    init() {
        unsafe mutex = .allocate(capacity: 1)
        unsafe condition = .allocate(capacity: 1)
        unsafe pthread_mutex_init(mutex, nil)
        unsafe pthread_cond_init(condition, nil)
    }

    deinit {
        unsafe pthread_cond_destroy(condition)
        unsafe pthread_mutex_destroy(mutex)
        unsafe condition.deallocate()
        unsafe mutex.deallocate()
    }

    func lock() { unsafe _ = pthread_mutex_lock(mutex) }
    func unlock() { unsafe _ = pthread_mutex_unlock(mutex) }
    /// Unlocks, waits for a broadcast, and locks again; may wake without one.
    func wait() { unsafe _ = pthread_cond_wait(condition, mutex) }
    func broadcast() { unsafe _ = pthread_cond_broadcast(condition) }
}
