/// An opened artefact: a folder whose manifest and files match.
public struct Artefact: Hashable, Sendable {
    public enum Verification: Sendable {
        /// Every file exists and has its length: what a server does when it starts.
        case sizes
        /// Every file has its SHA-256, too: reads all bytes.
        case checksums
    }

    public let folder: String
    public let manifest: Manifest

    /// Opens a folder, and refuses what is unknown or does not match.
    ///
    /// - Parameter oldest: The first version of the format that is still read; `nil` for this one alone.
    /// - Throws: `notFound`; `unknownFormat` for another kind or version; `corrupt` if a file is missing or changed.
    public static func open(
        folder: String, kind: String, formatVersion: Int, oldest: Int? = nil, verify: Verification = .sizes
    ) throws(StorageError) -> Artefact {
        let artefact = try Artefact(folder: folder, verify: verify)
        let manifest = artefact.manifest
        guard manifest.kind == kind else {
            throw StorageError(.unknownFormat, "\(folder) holds “\(manifest.kind)”, not “\(kind)”. Check the path.")
        }
        guard (oldest ?? formatVersion)...formatVersion ~= manifest.version else {
            throw StorageError(
                .unknownFormat,
                "\(folder): \(kind) has format \(manifest.version); this Souk knows \(formatVersion). "
                    + "Build it again: run `\(manifest.creator)`, then `souk publish`.")
        }
        return artefact
    }

    /// Opens a folder of any kind and version.
    public init(folder: String, verify: Verification) throws(StorageError) {
        let manifest = try Manifest.load(folder: folder)
        (self.folder, self.manifest) = (folder, manifest)
        for (name, file) in manifest.files.sorted(by: { $0.key < $1.key }) {
            let path = folder + "/" + name
            guard FileSystem.exists(path) else {
                throw StorageError(.corrupt, "\(path) is missing. Restore it, or build the artefact again.")
            }
            let bytes = try FileSystem.size(of: path)
            guard bytes == file.bytes else {
                throw StorageError(
                    .corrupt, "\(path) has \(bytes) bytes, not \(file.bytes). Restore it, or build the artefact again.")
            }
            if verify == .checksums, try SHA256.hex(ofFile: path) != file.sha256 {
                throw StorageError(
                    .corrupt, "\(path): the SHA-256 does not match. Restore it, or build the artefact again.")
            }
        }
    }

    /// The path of a file that the manifest names.
    public func path(of name: String) throws(StorageError) -> String {
        guard manifest.files[name] != nil else {
            throw StorageError(.corrupt, "\(folder) has no file “\(name)”. Build the artefact again.")
        }
        return folder + "/" + name
    }

    public func map(_ name: String) throws(StorageError) -> MappedFile { try MappedFile(path: path(of: name)) }

    public func read(_ name: String) throws(StorageError) -> [UInt8] { try FileSystem.read(path(of: name)) }
}
