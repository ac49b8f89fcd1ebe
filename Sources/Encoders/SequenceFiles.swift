public import Storage

/// What `souk-train` wrote of a network of people's histories, in memory.
public struct SequenceFiles: Sendable, Hashable {
    static let weightsFile = "weights.safetensors"

    /// Which network it is, one of `SequenceEncoders.names`.
    public let kind: String
    /// The names of the items, in the order of the rows of the weights.
    public let names: [String]
    /// The bytes of `shape.json`.
    public let shape: [UInt8]
    /// The bytes of `weights.safetensors`.
    public let weights: [UInt8]

    public init(kind: String, names: [String], shape: [UInt8], weights: [UInt8]) {
        (self.kind, self.names, self.shape, self.weights) = (kind, names, shape, weights)
    }

    /// Reads a folder whose files were checked.
    public init(_ artefact: Artefact) throws(StorageError) {
        self.init(
            kind: artefact.manifest.kind, names: try SequenceSource.names(artefact),
            shape: try artefact.read("shape.json"), weights: try artefact.read(Self.weightsFile))
    }
}

/// What an encoder of histories is made from, wherever it lies.
struct SequenceSource {
    let names: [String]
    let shape: ShapeReader
    let file: SafetensorsFile

    /// A model's folder: `weights.safetensors`, `items.txt` and `shape.json` under a manifest.
    init(folder: String, kind: String, formatVersion: Int) throws {
        let artefact = try Artefact.open(folder: folder, kind: kind, formatVersion: formatVersion, verify: .checksums)
        (names, shape) = (try Self.names(artefact), try ShapeReader(artefact))
        file = try SafetensorsFile(path: artefact.path(of: SequenceFiles.weightsFile))
    }

    init(_ files: SequenceFiles) throws {
        (names, shape) = (files.names, try ShapeReader(files.shape))
        file = try SafetensorsFile(bytes: files.weights, name: "the network's \(SequenceFiles.weightsFile)")
    }

    static func names(_ artefact: Artefact) throws(StorageError) -> [String] {
        String(decoding: try artefact.read("items.txt"), as: UTF8.self).split(separator: "\n").map(String.init)
    }
}
