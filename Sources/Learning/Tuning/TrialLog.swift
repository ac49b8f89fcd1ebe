import Foundation
import JSON

/// One set of parameters that was measured.
public struct Trial: Hashable, Sendable {
    public let number: Int
    public let values: [Double]
    /// Part of the users that were measured, 0...1.
    public let share: Double
    /// By window of the validation part that was measured: the first of them where the trial ended early.
    public let windows: [Double]
    /// Mean of the windows; for a trial that ended early what it would be, see `MedianRule`.
    public let score: Double
    /// Whether the trial ended before its last window.
    public let isPruned: Bool
    public let seconds: Double

    init(
        number: Int, values: [Double], share: Double = 1, windows: [Double], score: Double, isPruned: Bool = false,
        seconds: Double
    ) {
        (self.number, self.values, self.share, self.windows) = (number, values, share, windows)
        (self.score, self.isPruned, self.seconds) = (score, isPruned, seconds)
    }

    /// The best trial on all users and windows; the earlier of equals.
    static func best(of trials: [Trial]) -> Trial? {
        trials.filter { $0.share == 1 && !$0.isPruned }.min { ($1.score, $0.number) < ($0.score, $1.number) }
    }
}

/// Every trial of a search as one line of JSON, written when it ends: a search goes on where it stopped.
struct TrialLog {
    private let path: String
    let header: String
    private(set) var trials: [Trial] = []

    /// Reads what is there; a last line that was cut off is left out.
    ///
    /// - Parameter header: What the search is about; a file about something else is refused.
    init(path: String, header: String, parameterCount: Int) throws(LearningError) {
        (self.path, self.header) = (path, header)
        guard FileManager.default.fileExists(atPath: path) else {
            try write(header + "\n")
            return
        }
        let text: String
        do { text = try String(contentsOfFile: path, encoding: .utf8) } catch {
            throw LearningError(.unusable, "Reading \(path): \(error.localizedDescription)")
        }
        let lines = text.split(separator: "\n", omittingEmptySubsequences: true)
        guard lines.first.map(String.init) == header else {
            throw LearningError(
                .unusable, "\(path) holds trials of another search: give another file, or remove it.")
        }
        for line in lines.dropFirst() {
            // A line that was cut off when the program ended is measured again.
            guard let trial = Self.trial(String(line), parameterCount) else { break }
            trials.append(trial)
        }
        try write(([header] + trials.map(Self.line)).joined(separator: "\n") + "\n")
    }

    mutating func append(_ trial: Trial) throws(LearningError) {
        trials.append(trial)
        do {
            let file = try FileHandle(forWritingTo: URL(filePath: path))
            defer { try? file.close() }  // Written and synchronised already.
            try file.seekToEnd()
            try file.write(contentsOf: Data((Self.line(trial) + "\n").utf8))
            try file.synchronize()
        } catch {
            throw LearningError(.unusable, "Writing \(path): \(error.localizedDescription)")
        }
    }

    private func write(_ text: String) throws(LearningError) {
        do {
            try Data(text.utf8).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw LearningError(.unusable, "Writing \(path): \(error.localizedDescription)")
        }
    }

    private static func line(_ trial: Trial) -> String {
        var writer = JSONWriter()
        writer.object { object in
            object.member("trial", trial.number)
            object.member("share", trial.share)
            object.member("score", trial.score)
            object.member("seconds", trial.seconds)
            if trial.isPruned { object.member("pruned", true) }
            if trial.isPruned || trial.windows.count > 1 {
                object.array("windows") { array in for value in trial.windows { array.value(value) } }
            }
            object.array("values") { array in for value in trial.values { array.value(value) } }
        }
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func trial(_ line: String, _ parameterCount: Int) -> Trial? {
        // Damage ends the reading; see above.
        guard let json = try? JSONValue(parsing: Array(line.utf8)), let number = json["trial"]?.integerValue,  // Above.
            let share = Self.number(json["share"]), let score = Self.number(json["score"]),
            let seconds = Self.number(json["seconds"]), let list = json["values"]?.arrayValue
        else { return nil }
        let values = list.compactMap { Self.number($0) }
        guard values.count == parameterCount, values.count == list.count else { return nil }
        let windows = json["windows"]?.arrayValue?.compactMap { Self.number($0) } ?? [score]
        return Trial(
            number: Int(number), values: values, share: share, windows: windows, score: score,
            isPruned: json["pruned"]?.boolValue ?? false, seconds: seconds)
    }

    private static func number(_ value: JSONValue?) -> Double? {
        (value?.doubleValue ?? value?.integerValue.map { Double($0) }).flatMap { $0.isFinite ? $0 : nil }
    }
}
