import Foundation
import Meaning
import Storage

extension Workbench {
    /// The best of the newest models of `souk-train cnn` below `var/models/cnn`, or below the folder that `SOUK_PICTURES` names; else the
    /// small one of `make shop`; `nil` without any.
    ///
    /// - Throws: `StorageError` for a model that was changed.
    public static func defaultPictureEncoder() throws -> String? {
        let named = ProcessInfo.processInfo.environment["SOUK_PICTURES"]
        return try bestModel(below: named.map { [$0] } ?? ["var/models/cnn", "var/models/cnn-small"])
    }

    /// The newest model in the first of these folders that holds one, but no model that was measured to be worse than an older one.
    static func bestModel(below parents: [String]) throws -> String? {
        for parent in parents {
            let names = (try? FileSystem.names(in: parent)) ?? []  // No folder means that nothing was trained.
            let models = names.compactMap { Int($0) }.sorted().map { "\(parent)/\($0)" }
            guard var best = models.first else { continue }
            for model in models.dropFirst() {
                let verdict = NetworkGuard(
                    candidate: try NetworkMeasure(folder: model), served: try NetworkMeasure(folder: best)
                ).verdict
                if case .worse = verdict { continue }
                best = model
            }
            return best
        }
        return nil
    }

    /// Whether the shop's items have pictures.
    public var hasPictures: Bool { FileSystem.exists(folder.picturesPath) }

    /// The folders of picture artefacts, below `models/`.
    var picturesFolder: String { "\(folder.modelsFolder)/\(PictureIndex.kind)" }

    /// Encodes what every item looks like in the next folder below `models/pictures/`.
    ///
    /// - Parameter encoder: A folder that `souk-train cnn` wrote.
    /// - Parameter allowsWorse: Whether one is taken that `check` refuses.
    /// - Returns: How many pictures were encoded.
    /// - Throws: `worse`, see `check`.
    public func buildPictures(
        encoder: String, allowsWorse: Bool = false, note: (String) -> Void = { _ in },
        progress: @Sendable (Int, Int) -> Void
    ) throws -> Int {
        try check(encoder, for: .pictures, allowsWorse: allowsWorse, note: note)
        let table = try PictureTable(path: folder.picturesPath, verify: .checksums)
        var builder = try PictureIndexBuilder(weights: encoder, table: table)
        try forEachItem { builder.add($0) }
        try FileSystem.makeFolder(picturesFolder)
        try builder.write(
            to: "\(picturesFolder)/\(try nextVersion(in: picturesFolder))",
            record: try NetworkMeasure.record(of: encoder),
            progress: progress)
        return builder.pictureCount
    }
}
