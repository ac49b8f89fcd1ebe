public import Domain
import SearchIndex
public import Storage
import VectorIndex

/// The vectors that `souk index` wrote of a shop's items, without the encoders that made them.
public struct ShopVectors: Sendable {
    /// What a vector is of.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// What the sentence encoder makes of an item's words.
        case text
        /// What the picture network makes of an item's picture.
        case pictures

        /// The artefact below `models/`, its format, and the tensor that says which row is an item's.
        fileprivate var source: (artefact: String, format: Int, rows: String) {
            switch self {
            case .text: (MeaningIndex.kind, MeaningIndex.format, "texts")
            case .pictures: (PictureIndex.kind, PictureIndex.format, "pictures")
            }
        }
    }

    private struct Part: Sendable {
        let columns: VectorColumns
        /// By item number; `ShopVectors.none` for an item without a vector.
        let rows: [UInt32]
    }

    private static let none = UInt32.max
    private let parts: [Part]
    /// Numbers of a vector: those of all kinds together.
    public let width: Int

    /// Reads the newest vectors of each kind.
    ///
    /// - Parameter kinds: At least one; their vectors stand one after the other, in this order.
    /// - Throws: `notFound` for a kind that the shop does not have; `StorageError` for what is damaged.
    public init(_ shop: ShopFolder, kinds: [Kind]) throws {
        precondition(!kinds.isEmpty, "vectors of something")
        parts = try kinds.map { try Self.read(shop, $0) }
        width = parts.reduce(0) { $0 + $1.columns.width }
    }

    /// Kinds by their names with commas between, each once; `nil` for other names, and for none.
    public static func kinds(named text: String) -> [Kind]? {
        let words = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
        let kinds = words.compactMap(Kind.init)
        return kinds.count == words.count && Set(kinds).count == kinds.count ? kinds : nil
    }

    /// Kinds that a shop has vectors of.
    public static func kinds(of shop: ShopFolder) throws -> [Kind] {
        try Kind.allCases.filter { try newest(shop, $0) != nil }
    }

    private static func newest(_ shop: ShopFolder, _ kind: Kind) throws -> String? {
        let parent = "\(shop.modelsFolder)/\(kind.source.artefact)"
        guard FileSystem.exists(parent) else { return nil }
        return try FileSystem.names(in: parent).compactMap { Int($0) }.max().map { "\(parent)/\($0)" }
    }

    private static func read(_ shop: ShopFolder, _ kind: Kind) throws -> Part {
        guard let folder = try newest(shop, kind) else {
            let need =
                kind == .text ? "the sentence encoder is installed" : "the shop has pictures and a network for them"
            throw StorageError(
                .notFound,
                "\(shop.path) has no vectors of \(kind == .text ? "texts" : "pictures"): run `souk index --shop "
                    + "\(shop.path)` where \(need).")
        }
        let artefact = try Artefact.open(
            folder: folder, kind: kind.source.artefact, formatVersion: kind.source.format, verify: .checksums)
        let file = try SafetensorsFile(path: artefact.path(of: MeaningIndex.vectorsFile))
        let shape = file.shape(of: "numbers") ?? []
        let rows = try file.uint32s(kind.source.rows, shape: [file.shape(of: kind.source.rows)?.first ?? 0])
        guard shape.count == 2,
            let columns = VectorColumns(
                width: shape[1], numbers: try file.int8s("numbers", shape: shape),
                factors: try file.floats("factors", shape: [shape[0]])),
            rows.allSatisfy({ $0 == none || $0 < UInt32(columns.count) })
        else {
            throw StorageError(.corrupt, "\(folder): the vectors do not fit each other. Run `souk index` again.")
        }
        return Part(columns: columns, rows: rows)
    }

    /// Whether an item has a vector of any kind.
    public func hasVector(of item: ItemNumber) -> Bool { parts.contains { Self.has(item, $0) } }

    private static func has(_ item: ItemNumber, _ part: Part) -> Bool {
        item.index < part.rows.count && part.rows[item.index] != none
    }

    /// An item's vector, shape `[width]`; zeros stand for a kind that it lacks, `nil` for one that lacks all.
    public func vector(of item: ItemNumber) -> [Float]? {
        guard hasVector(of: item) else { return nil }
        return parts.flatMap { part in
            Self.has(item, part)
                ? part.columns.vector(Int(part.rows[item.index])) : [Float](repeating: 0, count: part.columns.width)
        }
    }
}
