import Foundation
import Meaning
import Storage

extension Workbench {
    /// The newest model of `souk-train cnn` below `var/models/cnn`, or below the folder that `SOUK_PICTURES` names; else the small one
    /// of `make shop`; `nil` without either.
    public static var defaultPictureEncoder: String? {
        let named = ProcessInfo.processInfo.environment["SOUK_PICTURES"]
        return newestModel(below: named.map { [$0] } ?? ["var/models/cnn", "var/models/cnn-small"])
    }

    /// The model with the highest number in the first of these folders that holds one.
    static func newestModel(below parents: [String]) -> String? {
        for parent in parents {
            let names = (try? FileSystem.names(in: parent)) ?? []  // No folder means that nothing was trained.
            if let version = names.compactMap({ Int($0) }).max() { return "\(parent)/\(version)" }
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
