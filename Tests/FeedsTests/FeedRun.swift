import Domain
import Feeds
import Foundation
import JSON
import Storage
import TestSupport
import Testing

/// Imports small feeds into one store, and reads what was refused.
struct FeedRun {
    static let now = Timestamp(year: 2026, month: 3, day: 1)
    let folder: TemporaryFolder
    let store: SQLiteStore

    /// One line of the rejects file.
    struct Reject: Equatable {
        let line: Int
        let reason: String
        let field: String
    }

    init() throws {
        folder = try TemporaryFolder()
        let key = try IdentityKey(file: folder.file("identity.key"), creates: true)
        store = try SQLiteStore(path: folder.file("shop.sqlite"), mode: .readWrite, sealer: Sealer(key: key))
    }

    @discardableResult
    func items(
        _ text: String, _ format: FeedSource.Format = .jsonLines, mode: FeedImporter.Mode = .delta, force: Bool = false,
        dryRun: Bool = false
    ) throws -> ImportSummary { try items(Array(text.utf8), format, mode: mode, force: force, dryRun: dryRun) }

    @discardableResult
    func items(
        _ bytes: [UInt8], _ format: FeedSource.Format = .jsonLines, mode: FeedImporter.Mode = .delta,
        force: Bool = false, dryRun: Bool = false
    ) throws -> ImportSummary {
        try FeedImporter(currency: .usd).importItems(
            .bytes(bytes, format: format), into: store, mode: mode, force: force, dryRun: dryRun,
            rejects: RejectsWriter(path: rejectsPath))
    }

    @discardableResult
    func events(_ text: String, dryRun: Bool = false) throws -> ImportSummary {
        try FeedImporter(currency: .usd).importEvents(
            .bytes(Array(text.utf8), format: .jsonLines), into: store, now: Self.now,
            rejects: RejectsWriter(path: rejectsPath), dryRun: dryRun, pseudonym: Self.pseudonym)
    }

    var rejectsPath: String { folder.file("rejects.jsonl") }

    func rejects() throws -> [Reject] {
        try String(contentsOfFile: rejectsPath, encoding: .utf8).split(separator: "\n").map { line in
            let value = try JSONValue(parsing: Array(line.utf8), maximumBytes: 1 << 16)
            let number = try #require(value["line"]?.integerValue)
            return Reject(
                line: Int(number), reason: value["reason"]?.stringValue ?? "", field: value["field"]?.stringValue ?? "")
        }
    }

    func item(_ id: String) throws -> StoredItem? { try store.item(try #require(ItemID(id))) }
    func price(_ id: String) throws -> Money? { try store.offers(of: try #require(ItemID(id))).first?.price }

    /// A pseudonym that a test can foresee.
    static func pseudonym(_ raw: String) throws -> Pseudonym {
        let digits = raw.utf8.reduce(UInt64(7)) { $0 &* 31 &+ UInt64($1) }
        let text = String(digits, radix: 16)
        return try #require(Pseudonym(String(repeating: "0", count: 32 - text.count) + text))
    }
}
