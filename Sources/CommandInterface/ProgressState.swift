import Foundation

/// Decides what a line of progress says; times are seconds of one clock.
struct ProgressState {
    /// Before so many seconds have gone by, nothing is said of the time left: first steps are slow.
    private static let leastSeconds = 1.0
    /// A terminal's bar is drawn again after so many seconds.
    private static let pause = 0.1
    /// Where nobody knows the total, a line stands at each of so many.
    private static let stride = 500_000

    let label: String
    let isTerminal: Bool
    private var start: Double
    /// What was done before the clock ran: the pace is that of the rest.
    private var first = 0
    private var lastShown: Double?
    private var lastTenth = -1

    init(label: String, isTerminal: Bool, now: Double) {
        (self.label, self.isTerminal, start) = (label, isTerminal, now)
    }

    /// Begins another part of the work, of which `done` was done before.
    mutating func begin(at done: Int, now: Double) {
        (first, start, lastShown, lastTenth) = (done, now, nil, -1)
    }

    /// What is written now, with its line's end; `nil` for nothing.
    mutating func text(_ done: Int, of total: Int, now: Double) -> String? {
        if isTerminal {
            if let lastShown, now - lastShown < Self.pause, done < total { return nil }
            lastShown = now
            return "\r\u{1B}[K" + bar(done, total, now: now)
        }
        let tenth = total > 0 ? done * 10 / total : done / Self.stride
        guard tenth > lastTenth else { return nil }
        lastTenth = tenth
        guard total > 0 else { return "\(label): \(done)\n" }
        let left = timeLeft(done, total, now: now).map { ", \($0) left" } ?? ""
        return "\(label): \(done * 100 / total)% (\(done) of \(total)\(left))\n"
    }

    private func bar(_ done: Int, _ total: Int, now: Double) -> String {
        let pace = pace(done, now: now).map { "  \(Int($0))/s" } ?? ""
        guard total > 0 else { return "\(label) \(done)\(pace)" }
        let width = 28
        let full = min(width, done * width / total)
        let filled = String(repeating: "█", count: full) + String(repeating: "░", count: width - full)
        let left = timeLeft(done, total, now: now).map { "  \($0) left" } ?? ""
        return "\(label.padded(to: 18)) \(filled) \(done * 100 / total)%\(pace)\(left)"
    }

    /// What is done in a second since the part began; `nil` as long as it cannot be told.
    private func pace(_ done: Int, now: Double) -> Double? {
        now - start >= Self.leastSeconds && done > first ? Double(done - first) / (now - start) : nil
    }

    private func timeLeft(_ done: Int, _ total: Int, now: Double) -> String? {
        guard done < total, let pace = pace(done, now: now) else { return nil }
        let seconds = Double(total - done) / pace
        return switch seconds {
        case ..<120: "\(Int(seconds.rounded(.up))) s"
        case ..<7200: "\(Int((seconds / 60).rounded(.up))) min"
        default: String(format: "%.1f h", seconds / 3600)
        }
    }
}
