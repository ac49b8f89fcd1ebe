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
        let events = try store.events(of: user, limit: .max)
        let attributes = try store.customer(user)?.attributes ?? [:]
        guard !events.isEmpty || !attributes.isEmpty else {
            throw LearningError(.missing, "Nothing is stored about this person.")
        }
        var writer = JSONWriter(reservingCapacity: 4096)
        writer.object { writer in
            writer.member("user", raw)
            writer.object("attributes") { writer in
                for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                    writer.name(dynamic: name)
                    writer.value(value)
                }
            }
            writer.array("events") { writer in
                for logged in events { writer.object { Self.write(logged.event, to: &$0) } }
            }
        }
        return String(decoding: writer.finish(), as: UTF8.self)
    }

    private static func write(_ event: Event, to writer: inout JSONWriter) {
        writer.member("event_id", event.id)
        writer.member("event_name", event.name.rawValue)
        writer.member("time", event.time.description)
        writer.member("channel", event.channel.rawValue)
        if let store = event.store { writer.member("store", store) }
        if let session = event.session { writer.member("session_id", session) }
        if let query = event.query { writer.member("search_term", query) }
        if let rating = event.rating { writer.member("rating", rating) }
        if let currency = event.currency { writer.member("currency", currency.code) }
        writer.array("items") { writer in
            for item in event.items {
                writer.object { writer in
                    writer.member("item_id", item.item.rawValue)
                    writer.member("quantity", item.quantity)
                    if let price = item.priceMinorUnits { writer.member("price_minor_units", price) }
                    if item.discountMinorUnits != 0 { writer.member("discount_minor_units", item.discountMinorUnits) }
                }
            }
        }
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
