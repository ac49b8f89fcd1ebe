import Foundation
import Synchronization

/// Shows how far a long step has come: a bar on a terminal, a line at each tenth elsewhere.
public final class ProgressLine: Sendable {
    private struct State {
        var lastShown: ContinuousClock.Instant?
        var lastTenth = -1
        var done = 0
    }

    private let label: String
    private let console: Console
    private let start = ContinuousClock.now
    private let state = Mutex(State())

    init(label: String, console: Console) { (self.label, self.console) = (label, console) }

    /// Shows `done` of `total`; a `total` of 0 means that nobody knows it yet.
    public func update(_ done: Int, of total: Int) {
        guard !console.isQuiet else { return }
        let now = ContinuousClock.now
        let text: String? = state.withLock { state in
            state.done = done
            let tenth = total > 0 ? done * 10 / total : done / 500_000
            if console.isTerminal {
                if let last = state.lastShown, now - last < .milliseconds(100), done < total { return nil }
                state.lastShown = now
                return "\r\u{1B}[K" + bar(done, total, seconds: (now - start).seconds)
            }
            guard tenth > state.lastTenth else { return nil }
            state.lastTenth = tenth
            return total > 0 ? "\(label): \(done * 100 / total)% (\(done) of \(total))\n" : "\(label): \(done)\n"
        }
        if let text { console.raw(text) }
    }

    /// Ends the line with what came of the step.
    public func finish(_ result: String) {
        let seconds = String(format: "%.1f s", (ContinuousClock.now - start).seconds)
        console.note((console.isTerminal ? "\r\u{1B}[K" : "") + "\(label): \(result) (\(seconds))")
    }

    private func bar(_ done: Int, _ total: Int, seconds: Double) -> String {
        let rate = seconds > 0 ? Double(done) / seconds : 0
        guard total > 0 else { return "\(label) \(done)  \(Int(rate))/s" }
        let width = 28
        let full = min(width, done * width / total)
        let left = rate > 0 ? Int((Double(total - done) / rate).rounded(.up)) : 0
        let filled = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        return "\(label.padded(to: 18)) \(filled) \(done * 100 / total)%  \(Int(rate))/s  \(left) s left"
    }
}

extension Duration {
    /// The length in seconds, with fraction.
    var seconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
