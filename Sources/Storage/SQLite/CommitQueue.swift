/// Gathers batches that threads want on disk, so that those that wait share one commit.
///
/// The first thread to come leads: it commits all that waits, wakes the others, and hands the lead on. So a single caller
/// pays no hand-over, and a thousand callers pay one `fsync` together.
/// Sendable invariant: mutable state is touched under `monitor` alone; a batch's content never changes.
final class CommitQueue<Content: Sendable, Outcome: Sendable>: @unchecked Sendable {
    /// One caller's work. Sendable invariant: `result` and `mustLead` are touched under the queue's monitor.
    final class Batch: @unchecked Sendable {
        let content: Content
        let weight: Int
        fileprivate var result: Result<Outcome, StorageError>?
        fileprivate var mustLead = false

        init(_ content: Content, weight: Int) { (self.content, self.weight) = (content, weight) }
    }

    private let monitor = Monitor()
    private let maximumWeight: Int
    private var waiting: [Batch] = []
    private var waitingWeight = 0
    private var isLed = false

    init(maximumWeight: Int) { self.maximumWeight = maximumWeight }

    /// Waits until `batch` is committed.
    ///
    /// - Parameter commit: Commits several batches in one transaction; gives one result for each.
    /// - Throws: `busy` at once if more than the maximum waits; what `commit` gave for this batch.
    func submit(
        _ batch: Batch, commit: ([Batch]) -> [Result<Outcome, StorageError>]
    ) throws(StorageError) -> Outcome {
        monitor.lock()
        if waitingWeight > 0, waitingWeight + batch.weight > maximumWeight {
            monitor.unlock()
            throw StorageError(.busy, "Too much is waiting to be written. Try again in a second.")
        }
        waiting.append(batch)
        waitingWeight += batch.weight
        if isLed {
            while batch.result == nil && !batch.mustLead { monitor.wait() }
        }
        if batch.result == nil { lead(commit) }
        let result = batch.result
        monitor.unlock()
        guard let result else { preconditionFailure("a leader commits its own batch") }
        return try result.get()
    }

    /// How many batches wait for the commit after the one that is under way.
    var waitingCount: Int {
        monitor.lock()
        defer { monitor.unlock() }
        return waiting.count
    }

    /// Called and left with the monitor locked.
    private func lead(_ commit: ([Batch]) -> [Result<Outcome, StorageError>]) {
        isLed = true
        let group = waiting
        waiting = []
        waitingWeight = 0
        monitor.unlock()
        let results = commit(group)
        monitor.lock()
        for (batch, result) in zip(group, results) { batch.result = result }
        isLed = !waiting.isEmpty
        waiting.first?.mustLead = true
        monitor.broadcast()
    }
}
