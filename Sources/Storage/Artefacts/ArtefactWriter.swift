public import Domain

/// Writes an artefact beside its place and moves it there in one step: a folder is complete or absent.
public struct ArtefactWriter {
    /// Where the artefact will be.
    public let folder: String
    private let partial: String
    private let kind: String
    private let version: Int
    private let creator: String
    private let seed: UInt64?
    private var names: Set<String> = []

    /// - Throws: `constraint` if `folder` exists: published artefacts never change.
    public init(folder: String, kind: String, formatVersion: Int, creator: String, seed: UInt64?) throws(StorageError) {
        guard !FileSystem.exists(folder) else {
            throw StorageError(.constraint, "\(folder) exists already. Write to a new folder.")
        }
        (self.folder, partial, self.kind) = (folder, folder + ".partial", kind)
        (version, self.creator, self.seed) = (formatVersion, creator, seed)
        try FileSystem.remove(partial)
        try FileSystem.makeFolder(partial)
    }

    /// Writes one file.
    public mutating func add(_ name: String, _ bytes: [UInt8]) throws(StorageError) {
        try AtomicFile.write(bytes, to: path(for: name))
    }

    /// The path at which the caller writes a file itself, before `finish`.
    public mutating func path(for name: String) throws(StorageError) -> String {
        guard Manifest.isFileName(name) else { throw StorageError(.constraint, "“\(name)” is no name for a file.") }
        names.insert(name)
        return partial + "/" + name
    }

    /// Writes the manifest, makes all files durable, and gives the folder its name.
    public func finish(
        metrics: [String: Double] = [:], inputs: [String: String] = [:], created: Timestamp = SystemClock.now()
    ) throws(StorageError) -> Artefact {
        var files: [String: Manifest.File] = [:]
        for name in names.sorted() {
            let path = partial + "/" + name
            try FileSystem.sync(file: path)
            files[name] = Manifest.File(sha256: try SHA256.hex(ofFile: path), bytes: try FileSystem.size(of: path))
        }
        let manifest = Manifest(
            kind: kind, version: version, creator: creator, created: created, inputs: inputs, seed: seed,
            metrics: metrics, files: files)
        try AtomicFile.write(manifest.encoded, to: partial + "/" + Manifest.fileName)
        try FileSystem.rename(partial, to: folder)
        return try Artefact(folder: folder, verify: .sizes)
    }

    /// Removes what was written so far.
    public func cancel() throws(StorageError) { try FileSystem.remove(partial) }
}
