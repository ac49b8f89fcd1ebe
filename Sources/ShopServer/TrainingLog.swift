import Storage

/// What `souk-train` wrote of one part of a run: a row an epoch.
struct TrainingLog {
    /// A log of more bytes than this is not read.
    private static let bytesLimit = 1 << 20
    private static let file = "log.csv"
    /// Where a run that first chooses its number of epochs keeps what it tries, and where one with several folds does.
    private static let (choosing, folds) = ("choosing", "folds")

    /// `choosing`, `fold 2`; `nil` for the part that makes the model.
    let part: String?
    /// Names of the columns.
    let columns: [String]
    /// `nil` where nothing was measured.
    let epochs: [[Double?]]
    /// When it was last written, in seconds since 1970.
    let updated: Int

    /// Reads the log in a folder: numbers separated by commas below a line of names; `nil` if there is none, or it is too large.
    init?(_ folder: String, part: String?) throws {
        let path = "\(folder)/\(Self.file)"
        guard FileSystem.exists(path),
            let bytes = try? FileSystem.read(path, maximumBytes: Self.bytesLimit)  // One too large is not drawn.
        else { return nil }
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n")
        guard let columns = lines.first?.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        else { return nil }
        let rows = lines.dropFirst().map { line in
            line.split(separator: ",", omittingEmptySubsequences: false).map { Double($0) }
        }
        (self.part, self.columns) = (part, columns)
        epochs = rows.filter { $0.count == columns.count }
        updated = try FileSystem.modified(path)
    }

    /// How long the last epoch took.
    var lastSeconds: Double { columns.firstIndex(of: "seconds").flatMap { epochs.last?[$0] } ?? 0 }

    /// The logs of a run in its folder, in the order of its parts: what it tried, then the part that makes the model.
    static func all(below folder: String) throws -> [TrainingLog] {
        let numbers = FileSystem.isFolder("\(folder)/\(folds)") ? try FileSystem.names(in: "\(folder)/\(folds)") : []
        let tried = numbers.compactMap { Int($0) }.sorted().map { ("\(folds)/\($0)", "fold \($0)") }
        return try ([(choosing, choosing)] + tried).compactMap { try TrainingLog("\(folder)/\($0.0)", part: $0.1) }
            + [TrainingLog(folder, part: nil)].compactMap(\.self)
    }
}
