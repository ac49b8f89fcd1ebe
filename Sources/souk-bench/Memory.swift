import Foundation

/// Megabytes of this process, from `/proc`; 0 where that is absent.
enum Memory {
    static func current() -> Double { read("VmRSS:") }
    static func peak() -> Double { read("VmHWM:") }

    private static func read(_ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""  // Shows as zero.
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1024
    }
}
