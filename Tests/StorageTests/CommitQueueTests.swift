import Dispatch
import Foundation
import Glibc
import Synchronization
import Testing

@testable import Storage

@Suite struct CommitQueueTests {
    /// A queue whose first commit is held up until it is let go.
    private final class HeldUp: Sendable {
        let queue = CommitQueue<Int, Int>(maximumWeight: 10)
        let groups = Mutex<[[Int]]>([])
        private let gate = DispatchSemaphore(value: 0)
        private let done = DispatchGroup()
        let outcomes = Mutex<[Int: Result<Int, StorageError>]>([:])

        /// Submits on a thread of its own.
        func submit(_ content: Int, weight: Int, holds: Bool = false) {
            done.enter()
            Thread {
                self.submitHere(content, weight: weight, holds: holds)
                self.done.leave()
            }.start()
        }

        func submitHere(_ content: Int, weight: Int, holds: Bool = false) {
            let outcome: Result<Int, StorageError>
            do throws(StorageError) {
                outcome = .success(
                    try queue.submit(.init(content, weight: weight)) { group in
                        self.groups.withLock { $0.append(group.map(\.content)) }
                        if holds { self.gate.wait() }
                        return group.map { .success($0.content * 2) }
                    })
            } catch {
                outcome = .failure(error)
            }
            outcomes.withLock { $0[content] = outcome }
        }

        func waitFor(_ condition: () -> Bool) { while !condition() { sched_yield() } }

        func letGo() {
            gate.signal()
            done.wait()
        }

        func outcome(_ content: Int) -> Int? {
            outcomes.withLock { outcomes in
                guard case .success(let value) = outcomes[content] else { return nil }
                return value
            }
        }

        func code(_ content: Int) -> StorageError.Code? {
            outcomes.withLock { outcomes in
                guard case .failure(let error) = outcomes[content] else { return nil }
                return error.code
            }
        }
    }

    @Test func `a batch that does not fit behind one that waits is told at once that the store is busy`() {
        let held = HeldUp()
        held.submit(1, weight: 8, holds: true)
        held.waitFor { held.groups.withLock { $0 == [[1]] } }
        held.submit(2, weight: 6)
        held.waitFor { held.queue.waitingCount == 1 }
        held.submitHere(3, weight: 6)
        #expect(held.code(3) == .busy)
        #expect(held.outcome(1) == nil && held.outcome(2) == nil)
        held.letGo()
        #expect(held.outcome(1) == 2 && held.outcome(2) == 4)
        held.submitHere(4, weight: 6)
        #expect(held.outcome(4) == 8)
    }

    @Test func `batches that wait together are committed together, in their order`() {
        let held = HeldUp()
        held.submit(1, weight: 1, holds: true)
        held.waitFor { held.groups.withLock { $0 == [[1]] } }
        for content in 2...4 {
            held.submit(content, weight: 2)
            held.waitFor { held.queue.waitingCount == content - 1 }
        }
        held.letGo()
        #expect(held.groups.withLock { $0 } == [[1], [2, 3, 4]])
        #expect((1...4).map { held.outcome($0) } == [2, 4, 6, 8])
        #expect(held.queue.waitingCount == 0)
    }
}
