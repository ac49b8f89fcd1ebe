import Foundation

/// Which trial begins next, and which have ended: what threads that measure side by side share.
///
/// Trials are numbered as they begin and recorded in that order, whichever ends first; what a trial is drawn from depends on its
/// number alone (`TuningPlan.basis`). So a search gives the same trials however long each takes, and after any stop.
struct TrialQueue {
    enum Next {
        case begin(number: Int, TuningPlan.Step)
        /// Trials that it is drawn from are still being measured.
        case wait
        case end
    }

    let plan: TuningPlan
    /// How many trials there are to be.
    let limit: Int
    /// Those that ended with all before them, in the order of numbers.
    private(set) var recorded: [Trial]
    private var begun: Int
    /// Those that ended before one with a lower number.
    private var early: [Int: Trial] = [:]

    /// - Parameter recorded: Of an earlier run.
    init(plan: TuningPlan, limit: Int, recorded: [Trial]) {
        (self.plan, self.limit, self.recorded, begun) = (plan, limit, recorded, recorded.count)
    }

    mutating func next() -> Next {
        guard begun < limit else { return .end }
        let basis = plan.basis(of: begun)
        guard basis <= recorded.count else { return .wait }
        let known = Array(recorded.prefix(basis))
        guard !plan.isStuck(known) else { return .end }
        begun += 1
        return .begin(number: begun - 1, plan.step(begun - 1, after: known))
    }

    /// Whether nothing is left to begin.
    var isOver: Bool {
        var copy = self
        if case .end = copy.next() { return true }
        return false
    }

    /// Takes over a trial; returns those that can be written now, in the order of numbers.
    mutating func end(_ trial: Trial) -> [Trial] {
        early[trial.number] = trial
        var ready: [Trial] = []
        while let next = early.removeValue(forKey: recorded.count) {
            recorded.append(next)
            ready.append(next)
        }
        return ready
    }
}

/// Measures the trials of a queue on several threads.
///
/// Sendable invariant: everything that changes is read and written while `condition` is locked.
final class TrialRunner: @unchecked Sendable {
    private let condition = NSCondition()
    private var queue: TrialQueue
    private var ready: [Trial] = []
    private var failure: (any Error)?
    private var running = 0

    init(_ queue: TrialQueue) { self.queue = queue }

    /// Throws the first error of `measure` or `record`, once trials that have begun are measured.
    ///
    /// - Parameters:
    ///   - jobs: How many trials are measured at once; greater than zero.
    ///   - mayBegin: Asked before each trial.
    ///   - record: Told of trials in the order of their numbers, on the caller's thread.
    func run(
        jobs: Int, mayBegin: @escaping @Sendable () -> Bool,
        measure: @escaping @Sendable (Int, TuningPlan.Step) throws -> Trial, record: (Trial) throws -> Void
    ) throws {
        let threads = DispatchQueue(label: "souk.trials", attributes: .concurrent)
        condition.lock()
        running = jobs
        condition.unlock()
        for _ in 0..<jobs { threads.async { self.work(mayBegin, measure) } }
        while let trials = nextRecorded() {
            do { for trial in trials { try record(trial) } } catch { stop(error) }
        }
        condition.lock()
        defer { condition.unlock() }
        if let failure { throw failure }
    }

    /// Waits for trials that can be written; `nil` when all threads have ended.
    private func nextRecorded() -> [Trial]? {
        condition.lock()
        defer { condition.unlock() }
        while ready.isEmpty, running > 0 { condition.wait() }
        defer { ready = [] }
        return ready.isEmpty ? nil : ready
    }

    private func stop(_ error: any Error) {
        condition.lock()
        failure = failure ?? error
        condition.broadcast()
        condition.unlock()
    }

    private func work(_ mayBegin: () -> Bool, _ measure: (Int, TuningPlan.Step) throws -> Trial) {
        do {
            while let (number, step) = next(mayBegin) {
                let trial = try measure(number, step)
                condition.lock()
                ready += queue.end(trial)
                condition.broadcast()
                condition.unlock()
            }
        } catch {
            stop(error)
        }
        condition.lock()
        running -= 1
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for what the next trial is drawn from; `nil` at the end.
    private func next(_ mayBegin: () -> Bool) -> (Int, TuningPlan.Step)? {
        condition.lock()
        defer { condition.unlock() }
        while failure == nil, mayBegin() {
            switch queue.next() {
            case .begin(let number, let step): return (number, step)
            case .wait: condition.wait()
            case .end: return nil
            }
        }
        return nil
    }
}
