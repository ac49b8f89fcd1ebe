import JSON
public import SearchIndex
public import Storage

/// Learned weights of a fusion, as an artefact.
public enum FusionModel {
    public static let kind = "fusion"
    public static let format = 1
    private static let file = "weights.json"

    /// Opens an artefact and checks all of it.
    ///
    /// - Throws: `corrupt` unless it holds as many weights as there are parts, each from 0 to 1,000.
    public static func load(folder: String) throws -> Fusion {
        let artefact = try Artefact.open(folder: folder, kind: kind, formatVersion: format, verify: .checksums)
        let root: JSONValue
        do { root = try JSONValue(parsing: try artefact.read(file)) } catch { throw damaged(folder) }
        let list = root["weights"]?.arrayValue?.compactMap { $0.doubleValue ?? $0.integerValue.map { Double($0) } }
        guard let list, list.count == Fusion.Weights.count, list.allSatisfy({ (0...1000).contains($0) }) else {
            throw damaged(folder)
        }
        return .learned(Fusion.Weights(list.map { Float($0) }))
    }

    private static func damaged(_ folder: String) -> StorageError {
        StorageError(
            .corrupt, "\(folder): \(file) does not hold the weights of a fusion. Run `souk train --fusion` again.")
    }

    /// The fusion that a shop asks for.
    ///
    /// - Parameter learned: The folder of learned weights, relative to the shop's; `nil` if none are published.
    /// - Throws: `unknownFormat` for a setting that is none, and for learned weights that are not there.
    public static func fusion(of config: ShopConfig, learned: String?, in folder: ShopFolder) throws -> Fusion {
        guard !config.fusion.isEmpty else { return .additive() }
        let setting: FusionSetting
        do { setting = try FusionSetting(parsing: config.fusion) } catch {
            throw StorageError(.unknownFormat, "\(folder.configPath): \(error.message)", cause: error)
        }
        switch setting {
        case .fixed(let fusion): return fusion
        case .learned:
            guard let learned else {
                throw StorageError(
                    .unknownFormat,
                    "\(folder.configPath) asks for a learned fusion, and none is published: run `souk train --fusion` "
                        + "and `souk publish`, or name another.")
            }
            return try load(folder: folder.path + "/" + learned)
        }
    }

    /// - Parameter metrics: What was measured; kept in the manifest.
    public static func save(
        _ weights: Fusion.Weights, to folder: String, metrics: [String: Double], inputs: [String: String]
    ) throws {
        var writer = JSONWriter()
        writer.object { object in
            object.array("weights") { list in weights.list.forEach { list.value(Double($0)) } }
        }
        var artefact = try ArtefactWriter(
            folder: folder, kind: kind, formatVersion: format, creator: "souk train --fusion", seed: nil)
        try artefact.add(file, writer.finish() + [0x0A])
        _ = try artefact.finish(metrics: metrics, inputs: inputs)
    }
}
