import Foundation

/// How many cases a fuzz test tries, and where it begins.
public enum FuzzCases {
    /// The seeds of this run: `count` of them from 0, or what `SOUK_FUZZ_CASES` and `SOUK_FUZZ_SEED` say (`make fuzz`).
    ///
    /// A case depends on its seed alone: a failure is repeated with that seed and one case.
    public static func seeds(_ count: UInt64) -> Range<UInt64> {
        func number(_ name: String) -> UInt64? { ProcessInfo.processInfo.environment[name].flatMap { UInt64($0) } }
        let start = number("SOUK_FUZZ_SEED") ?? 0
        return start..<start + (number("SOUK_FUZZ_CASES") ?? count)
    }

    /// Writes the seed to where a crash leaves it: `SOUK_FUZZ_LOG`, if that is set.
    public static func note(_ test: String, _ seed: UInt64) {
        guard let path = ProcessInfo.processInfo.environment["SOUK_FUZZ_LOG"] else { return }
        // A note that cannot be written is missed only if the process stops.
        try? Data("\(test) \(seed)\n".utf8).write(to: URL(filePath: path))
    }
}
