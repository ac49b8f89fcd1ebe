import Foundation
import Meaning
import Storage

extension Workbench {
    /// The newest model of `souk-train cnn` below `var/models/cnn`, or below the folder that `SOUK_PICTURES` names; `nil` without one.
    public static var defaultPictureEncoder: String? {
        let parent = ProcessInfo.processInfo.environment["SOUK_PICTURES"] ?? "var/models/cnn"
        let versions = (try? FileSystem.names(in: parent)) ?? []  // No folder means that nothing was trained.
        return versions.compactMap { Int($0) }.max().map { "\(parent)/\($0)" }
    }

    /// Whether the shop's items have pictures.
    public var hasPictures: Bool { FileSystem.exists(folder.picturesPath) }

    /// The folders of picture artefacts, below `models/`.
    var picturesFolder: String { "\(folder.modelsFolder)/\(PictureIndex.kind)" }

    /// Encodes what every item looks like in the next folder below `models/pictures/`.
    ///
    /// - Parameter encoder: A folder that `souk-train cnn` wrote.
    /// - Returns: How many pictures were encoded.
    public func buildPictures(encoder: String, progress: @Sendable (Int, Int) -> Void) throws -> Int {
        let table = try PictureTable(path: folder.picturesPath, verify: .checksums)
        var builder = try PictureIndexBuilder(weights: encoder, table: table)
        try forEachItem { builder.add($0) }
        try FileSystem.makeFolder(picturesFolder)
        try builder.write(to: "\(picturesFolder)/\(try nextVersion(in: picturesFolder))", progress: progress)
        return builder.pictureCount
    }
}
