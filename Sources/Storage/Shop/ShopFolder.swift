internal import Domain

/// The folder of one shop: where each thing lies in it. A value; nothing is opened or kept.
public struct ShopFolder: Hashable, Sendable {
    public let path: String

    public init(path: String) {
        var bytes = Array(path.utf8)
        while bytes.count > 1, bytes.last == UInt8(ascii: "/") { bytes.removeLast() }
        self.path = String(decoding: bytes, as: UTF8.self)
    }

    /// Makes a new shop: folders, `config.json`, the identity key and an empty database.
    ///
    /// - Throws: `constraint` if the folder holds a shop already.
    public static func create(path: String, config: ShopConfig) throws(StorageError) -> ShopFolder {
        let folder = ShopFolder(path: path)
        guard !FileSystem.exists(folder.configPath) else {
            throw StorageError(.constraint, "\(folder.path) holds a shop already. Choose another folder.")
        }
        for path in [folder.path, folder.indexFolder, folder.modelsFolder, folder.generationsFolder] {
            try FileSystem.makeFolder(path)
        }
        _ = try IdentityKey(file: folder.identityKeyPath, creates: true)
        try folder.openStore(.readWrite).close()
        try config.save(to: folder.configPath)
        return folder
    }

    public func config() throws(StorageError) -> ShopConfig {
        guard FileSystem.exists(configPath) else {
            throw StorageError(.notFound, "\(path) is no shop: it has no config.json. Make one with `souk init`.")
        }
        return try ShopConfig.load(from: configPath)
    }

    public var configPath: String { path + "/config.json" }
    public var databasePath: String { path + "/shop.sqlite" }
    public var identityKeyPath: String { path + "/identity.key" }
    public var indexFolder: String { path + "/index" }
    public var modelsFolder: String { path + "/models" }
    public var publishedPath: String { path + "/published.json" }
    public var generationsFolder: String { path + "/generations" }
    public var promotionsPath: String { path + "/promotions.bin" }
    /// The items' pictures.
    public var picturesPath: String { path + "/pictures.bin" }
    /// A merchandiser's rules, and the versions of them that were published.
    public var rulesPath: String { path + "/rules.json" }
    public var rulesHistoryFolder: String { path + "/rules" }
    /// Rows that an import refused, with line and reason; one JSON object a line.
    public var rejectsPath: String { path + "/rejects.jsonl" }

    /// Opens the database with the shop's key, so that personal attributes can be read; without one they cannot.
    public func openStore(_ mode: SQLiteStore.Mode) throws(StorageError) -> SQLiteStore {
        let key = FileSystem.exists(identityKeyPath) ? try IdentityKey(file: identityKeyPath) : nil
        return try SQLiteStore(path: databasePath, mode: mode, sealer: key.map { Sealer(key: $0) })
    }

    public func pseudonymiser() throws(StorageError) -> Pseudonymiser { try Pseudonymiser(keyFile: identityKeyPath) }
}
