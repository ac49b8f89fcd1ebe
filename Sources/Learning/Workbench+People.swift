import Domain
import JSON
public import Storage

extension Workbench {
    public var keys: KeyStore { KeyStore(store: store) }
    public var accounts: AccountStore { AccountStore(store: store) }

    /// Notes in the audit log what was done from the command line.
    public func audit(_ action: String, _ detail: String) throws {
        try AuditLog(store: store).append(
            .init(time: SystemClock.now(), person: "command line", action: action, detail: detail))
    }

    /// Everything stored about a person, as JSON: attributes, campaigns are left to the shop's own system.
    ///
    /// - Throws: `missing` for somebody who is not known.
    public func exportJSON(of raw: String) throws -> String {
        let user = try pseudonymiser.pseudonym(of: raw)
        let export = PersonExport(
            user: raw, attributes: try store.customer(user)?.attributes ?? [:],
            events: try store.events(of: user, limit: .max).map(\.event))
        guard !export.isEmpty else { throw LearningError(.missing, "Nothing is stored about this person.") }
        var writer = JSONWriter(reservingCapacity: 4096)
        writer.object { export.write(to: &$0) }
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    /// Removes a person; earlier generations that hold traces can no longer be restored.
    ///
    /// - Returns: How many events went.
    public func erase(_ raw: String) throws -> Int {
        let count = try store.erase(pseudonymiser.pseudonym(of: raw))
        _ = try PublicationStore(folder: folder).markUnrestorable(erasuresBelow: try store.erasureCount())
        try audit("user.erase", "\(count) events")
        return count
    }
}
