/// Where a feed comes from and how it is written.
public struct FeedSource: Sendable {
    public enum Format: String, Sendable, CaseIterable {
        case jsonLines = "jsonl"
        case csv
    }

    enum Content: Sendable {
        case file(String)
        case bytes([UInt8])
    }

    public let format: Format
    let content: Content

    public static func file(_ path: String, format: Format) -> FeedSource {
        FeedSource(format: format, content: .file(path))
    }

    public static func bytes(_ bytes: [UInt8], format: Format) -> FeedSource {
        FeedSource(format: format, content: .bytes(bytes))
    }

    /// A file whose name tells its format: `.csv`; `.jsonl`, `.ndjson` or `.json`. Returns `nil` for another name.
    public static func file(_ path: String) -> FeedSource? {
        let name = path.lowercased()
        if name.hasSuffix(".csv") { return .file(path, format: .csv) }
        if [".jsonl", ".ndjson", ".json"].contains(where: name.hasSuffix) { return .file(path, format: .jsonLines) }
        return nil
    }

    func open() throws(FeedError) -> ByteInput {
        switch content {
        case .file(let path): try ByteInput(path: path)
        case .bytes(let bytes): ByteInput(bytes: bytes)
        }
    }
}
