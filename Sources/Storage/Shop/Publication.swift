public import Domain
internal import JSON

/// What a server serves: the content of `published.json` and of `generations/N.json`.
public struct Publication: Hashable, Sendable {
    public static let formatVersion = 1

    /// Grows with every publication; 0 before it is published.
    public internal(set) var generation: Int
    public var created: Timestamp
    /// The index artefact's folder, relative to the shop; `nil` before the first.
    public var index: String?
    /// Folders of model artefacts by name, relative to the shop.
    public var models: [String: String]
    /// How many people had been erased when the models were trained: a smaller number than now means traces are left.
    public var erasures: Int
    /// Whether a roll-back may bring it back: `false` once a person in its models was erased.
    public var isRestorable: Bool

    public init(
        index: String?, models: [String: String], erasures: Int, created: Timestamp = SystemClock.now(),
        isRestorable: Bool = true
    ) {
        (generation, self.created, self.index) = (0, created, index)
        (self.models, self.erasures, self.isRestorable) = (models, erasures, isRestorable)
    }

    static func load(from path: String) throws(StorageError) -> Publication {
        let root = try JSONFile.read(path, maximumBytes: 1 << 20)
        try JSONFile.checkFormat(root, path, formatVersion)
        guard let generation = root["generation"]?.integerValue.flatMap({ Int(exactly: $0) }), generation > 0,
            let created = root["created"]?.stringValue.flatMap({ Timestamp(iso8601: $0) }),
            let erasures = root["erasures"]?.integerValue.flatMap({ Int(exactly: $0) }),
            let isRestorable = root["restorable"]?.boolValue, let models = root["models"]?.objectValue
        else { throw JSONFile.invalid(path, "generation, created, erasures, restorable or models is missing or wrong") }
        var publication = Publication(
            index: root["index"]?.stringValue, models: [:], erasures: erasures, created: created,
            isRestorable: isRestorable)
        publication.generation = generation
        for member in models {
            guard let folder = member.value.stringValue else {
                throw JSONFile.invalid(path, "the folder of model “\(member.name)” must be a text")
            }
            publication.models[member.name] = folder
        }
        for folder in publication.models.values + [publication.index].compactMap(\.self) where !isInside(folder) {
            throw JSONFile.invalid(path, "“\(folder)” is not a folder inside the shop")
        }
        return publication
    }

    var encoded: [UInt8] {
        var writer = JSONWriter()
        writer.object { object in
            object.member("format", Self.formatVersion)
            object.member("generation", generation)
            object.member("created", created.description)
            if let index { object.member("index", index) }
            object.object("models") { inner in
                for (name, folder) in models.sorted(by: { $0.key < $1.key }) {
                    inner.name(dynamic: name)
                    inner.value(folder)
                }
            }
            object.member("erasures", erasures)
            object.member("restorable", isRestorable)
        }
        return writer.finish() + [0x0A]
    }

    static func isInside(_ folder: String) -> Bool {
        !folder.isEmpty && folder.utf8.first != UInt8(ascii: "/")
            && !folder.split(separator: "/", omittingEmptySubsequences: false).contains { $0.isEmpty || $0 == ".." }
    }
}
