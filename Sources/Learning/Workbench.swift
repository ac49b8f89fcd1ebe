public import Domain
import Foundation
public import Storage

/// One shop, opened for jobs: import, index, train, evaluate, publish, and questions about people.
///
/// Every command of the command line that is not the server goes through here.
public struct Workbench: Sendable {
    public let folder: ShopFolder
    public let config: ShopConfig
    public let store: SQLiteStore
    public let pseudonymiser: Pseudonymiser

    /// Opens the shop in `path`; throws `notFound` if there is none.
    public init(path: String) throws {
        folder = ShopFolder(path: path)
        config = try folder.config()
        pseudonymiser = try folder.pseudonymiser()
        store = try folder.openStore(.readWrite)
    }

    /// Makes an empty shop: its folder, configuration, key of pseudonyms and database.
    ///
    /// - Parameter title: What shoppers see; `nil` takes the folder's name.
    /// - Parameter notice: What the foot of a demonstration's pages says of its data.
    /// - Parameter ideas: Queries that the front page suggests.
    public static func create(
        path: String, title: String?, currency: Currency, language: String, isDemo: Bool, notice: String = "",
        ideas: [String] = []
    ) throws {
        let name = URL(filePath: path).lastPathComponent
        guard let shop = ShopID(name) else {
            throw LearningError(
                .unusable,
                "The folder's name becomes the shop's name: '\(name)' needs 1 to 64 of a-z, 0-9, - and _ alone.")
        }
        var config = ShopConfig(
            shop: shop, title: title ?? name, currency: currency, language: language, isDemo: isDemo)
        (config.notice, config.ideas) = (notice, ideas)
        _ = try ShopFolder.create(path: path, config: config)
    }

    /// The first unused version folder below `parent`: `1`, `2`, …
    func nextVersion(in parent: String) throws -> Int { (try versions(in: parent).last ?? 0) + 1 }

    /// Versions below `parent`, oldest first; none if the folder does not exist.
    func versions(in parent: String) throws -> [Int] {
        guard FileSystem.exists(parent) else { return [] }
        return try FileSystem.names(in: parent).compactMap { Int($0) }.sorted()
    }

    /// Removes all but the newest `count` versions below `parent`, and those that a generation still names.
    func prune(_ parent: String, keeping count: Int, named: Set<String>) throws {
        for version in try versions(in: parent).dropLast(count) {
            let path = "\(parent)/\(version)"
            if !named.contains(where: { path.hasSuffix("/" + $0) }) { try FileSystem.remove(path) }
        }
    }

    /// Calls `body` with every item, in the order of numbers.
    func forEachItem(_ body: (StoredItem) throws -> Void) throws {
        var last: ItemNumber?
        while true {
            let page = try store.items(after: last, limit: 4096)
            guard let end = page.last else { return }
            for item in page { try body(item) }
            last = end.number
        }
    }
}

/// Why a job could not be done.
public struct LearningError: Error, Sendable, CustomStringConvertible {
    public enum Code: String, Sendable {
        /// What was asked for cannot be done with this input.
        case unusable
        /// Something that is needed does not exist yet.
        case missing
        /// New models are worse than those in service.
        case worse
    }

    public let code: Code
    public let message: String
    public var description: String { message }

    public init(_ code: Code, _ message: String) { (self.code, self.message) = (code, message) }
}
