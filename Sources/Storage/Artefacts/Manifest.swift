public import Domain
internal import JSON

/// What a folder of `manifest.json` and files holds and where it comes from.
public struct Manifest: Hashable, Sendable {
    public static let formatVersion = 2
    /// Manifests of this format carry no checksum of their own; they are still read.
    static let formatWithoutChecksum = 1
    public static let fileName = "manifest.json"
    /// The input that says how the nearest of an artefact's vectors are found.
    public static let nearestInput = "nearest"

    public struct File: Hashable, Sendable {
        public let sha256: String
        public let bytes: Int
    }

    /// What the artefact is, such as `search-index` or `pctm`.
    public let kind: String
    /// Version of the kind's own file format.
    public let version: Int
    public let creator: String
    public let created: Timestamp
    public let inputs: [String: String]
    public let seed: UInt64?
    public let metrics: [String: Double]
    public let files: [String: File]

    static func load(folder: String) throws(StorageError) -> Manifest {
        let path = folder + "/" + fileName
        let root = try JSONFile.read(path, maximumBytes: 16 << 20)
        try JSONFile.checkFormat(root, path, formatVersion, oldest: formatWithoutChecksum)
        guard let kind = root["kind"]?.stringValue,
            let version = root["version"]?.integerValue.flatMap({ Int(exactly: $0) }),
            let creator = root["creator"]?.stringValue,
            let created = root["created"]?.stringValue.flatMap({ Timestamp(iso8601: $0) }),
            let entries = root["files"]?.objectValue
        else { throw JSONFile.invalid(path, "kind, version, creator, created or files is missing or wrong") }
        var files: [String: File] = [:]
        for entry in entries {
            guard let sum = entry.value["sha256"]?.stringValue,
                let bytes = entry.value["bytes"]?.integerValue.flatMap({ Int(exactly: $0) }),
                isFileName(entry.name)
            else { throw JSONFile.invalid(path, "the entry of file “\(entry.name)” is wrong") }
            files[entry.name] = File(sha256: sum, bytes: bytes)
        }
        var (inputs, metrics): ([String: String], [String: Double]) = ([:], [:])
        for member in root["inputs"]?.objectValue ?? [] { inputs[member.name] = member.value.stringValue }
        for member in root["metrics"]?.objectValue ?? [] { metrics[member.name] = member.value.doubleValue }
        let manifest = Manifest(
            kind: kind, version: version, creator: creator, created: created, inputs: inputs,
            seed: root["seed"]?.stringValue.flatMap { UInt64($0) }, metrics: metrics, files: files)
        let hasChecksum = root["format"]?.integerValue.map { $0 > formatWithoutChecksum } ?? true
        guard !hasChecksum || root["checksum"]?.stringValue == manifest.checksum else {
            throw StorageError(
                .corrupt, "\(path): the checksum does not match. Restore the file, or build the artefact again.")
        }
        return manifest
    }

    /// SHA-256 of the manifest as it is written but for this member.
    private var checksum: String { SHA256.hex(of: encoded(checksum: nil)) }

    var encoded: [UInt8] { encoded(checksum: checksum) }

    private func encoded(checksum: String?) -> [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("format", Self.formatVersion)
            object.member("kind", kind)
            object.member("version", version)
            object.member("creator", creator)
            object.member("created", created.description)
            object.object("inputs") { inner in
                for (name, value) in inputs.sorted(by: { $0.key < $1.key }) {
                    inner.name(dynamic: name)
                    inner.value(value)
                }
            }
            // As a text: a JSON number need not hold 64 bits.
            if let seed { object.member("seed", String(seed)) }
            object.object("metrics") { inner in
                for (name, value) in metrics.sorted(by: { $0.key < $1.key }) {
                    inner.name(dynamic: name)
                    inner.value(value)
                }
            }
            object.object("files") { inner in
                for (name, file) in files.sorted(by: { $0.key < $1.key }) {
                    inner.name(dynamic: name)
                    inner.object { entry in
                        entry.member("sha256", file.sha256)
                        entry.member("bytes", file.bytes)
                    }
                }
            }
            if let checksum { object.member("checksum", checksum) }
        }
        return writer.finish() + [0x0A]
    }

    /// A plain name: no folders, nothing hidden, so that a manifest cannot point outside its folder.
    static func isFileName(_ name: String) -> Bool {
        !name.isEmpty && name.utf8.count <= 128 && name != fileName && name.utf8.first != UInt8(ascii: ".")
            && name.utf8.allSatisfy { $0 > 32 && $0 < 127 && $0 != UInt8(ascii: "/") && $0 != UInt8(ascii: "\\") }
    }
}
