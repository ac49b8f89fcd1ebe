import Foundation
import Synchronization

/// Shows how far a long step has come and how long it will take: a bar on a terminal, a line at each tenth elsewhere.
public final class ProgressLine: Sendable {
    private let console: Console
    private let label: String
    private let start = ContinuousClock.now
    private let state: Mutex<ProgressState>

    init(label: String, console: Console) {
        (self.label, self.console) = (label, console)
        state = Mutex(ProgressState(label: label, isTerminal: console.isTerminal, now: 0))
    }

    /// Begins another part of the work, of which `done` was done before: the time left is told from what follows.
    public func begin(at done: Int = 0) {
        let now = seconds
        state.withLock { $0.begin(at: done, now: now) }
    }

    /// Shows `done` of `total`; a `total` of 0 means that nobody knows it yet.
    public func update(_ done: Int, of total: Int) {
        guard !console.isQuiet else { return }
        let now = seconds
        if let text = state.withLock({ $0.text(done, of: total, now: now) }) { console.raw(text) }
    }

    /// Ends the line with what came of the step.
    public func finish(_ result: String) {
        console.note(
            (console.isTerminal ? "\r\u{1B}[K" : "") + "\(label): \(result) (\(String(format: "%.1f s", seconds)))")
    }

    /// Since the line was made.
    private var seconds: Double {
        let spent = (ContinuousClock.now - start).components
        return Double(spent.seconds) + Double(spent.attoseconds) * 1e-18
    }
}
