public import Foundation

/// The folder of benchmark data beside a checkout (`../shared/data`), which the product never needs.
public enum BenchmarkData {
    /// The folder, or `nil` where it is absent: tests that need it skip with a message.
    public static var folder: URL? {
        let checkout = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let candidate = checkout.appending(path: "../shared/data").standardized
        return FileManager.default.fileExists(atPath: candidate.path(percentEncoded: false)) ? candidate : nil
    }
}
