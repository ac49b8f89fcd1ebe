public import Foundation

/// A folder of its own for one test, removed when the value goes away.
public final class TemporaryFolder: Sendable {
    public let url: URL
    public var path: String { url.path(percentEncoded: false) }

    public init() throws {
        url = FileManager.default.temporaryDirectory.appending(
            path: "souk-test-\(UUID().uuidString)", directoryHint: .isDirectory)
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }

    deinit {
        // A left-over folder in the temporary directory harms nobody: the error is of no use to a test.
        try? FileManager.default.removeItem(at: url)
    }

    /// Returns the path of `name` inside the folder.
    public func file(_ name: String) -> String { url.appending(path: name).path(percentEncoded: false) }
}
