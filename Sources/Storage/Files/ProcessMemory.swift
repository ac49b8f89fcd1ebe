internal import CMalloc
import Foundation

/// Megabytes of this process, from `/proc`; 0 where that is absent.
public enum ProcessMemory {
    /// What is resident now.
    public static func current() -> Double { read("VmRSS:") }

    /// The most that was ever resident, or since `resetPeak`.
    public static func peak() -> Double { read("VmHWM:") }

    /// Forgets earlier peaks.
    public static func resetPeak() {
        // Where the system does not allow it, the peak of before stays: a figure is too large then, not too small.
        try? Data("5".utf8).write(to: URL(filePath: "/proc/self/clear_refs"))  // See above.
    }

    /// Gives what was freed back to the system, as after loading much: the allocator keeps it otherwise. Complexity: O(free blocks).
    public static func releaseFreed() { malloc_trim(0) }

    private static func read(_ name: String) -> Double {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""  // Shows as zero.
        let line = status.split(separator: "\n").first { $0.hasPrefix(name) } ?? ""
        return (Double(line.split(whereSeparator: { !$0.isNumber }).first ?? "0") ?? 0) / 1024
    }
}
