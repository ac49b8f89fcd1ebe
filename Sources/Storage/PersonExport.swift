public import Domain
public import JSON

/// Everything that a shop stores about one person, as it is handed out.
///
/// Names are those of the feeds; amounts are in minor units of the event's currency, exact.
public struct PersonExport: Hashable, Sendable {
    /// The shop's own identifier, as the caller gave it.
    public var user: String
    public var attributes: [String: String]
    /// Oldest first.
    public var events: [Event]

    public init(user: String, attributes: [String: String], events: [Event]) {
        (self.user, self.attributes, self.events) = (user, attributes, events)
    }

    public var isEmpty: Bool { attributes.isEmpty && events.isEmpty }

    /// Writes the members of a JSON object.
    public func write(to writer: inout JSONWriter) {
        writer.member("user", user)
        writer.object("attributes") { writer in
            for (name, value) in attributes.sorted(by: { $0.key < $1.key }) {
                writer.name(dynamic: name)
                writer.value(value)
            }
        }
        writer.array("events") { writer in
            for event in events { writer.object { Self.write(event, to: &$0) } }
        }
    }

    private static func write(_ event: Event, to writer: inout JSONWriter) {
        writer.member("event_id", event.id)
        writer.member("event_name", event.name.rawValue)
        writer.member("time", event.time.description)
        if let session = event.session { writer.member("session_id", session) }
        writer.member("market", event.market)
        writer.member("channel", event.channel.rawValue)
        if let store = event.store { writer.member("store", store) }
        if let query = event.query { writer.member("search_term", query) }
        if let count = event.resultCount { writer.member("result_count", count) }
        if let impression = event.impressionID { writer.member("impression_id", impression) }
        if let list = event.list { writer.member("list", list) }
        if let rating = event.rating { writer.member("rating", rating) }
        if let currency = event.currency { writer.member("currency", currency.code) }
        writer.array("items") { writer in
            for item in event.items { writer.object { write(item, to: &$0) } }
        }
        if event.isSynthetic { writer.member("is_synthetic", true) }
    }

    private static func write(_ item: EventItem, to writer: inout JSONWriter) {
        writer.member("item_id", item.item.rawValue)
        writer.member("quantity", item.quantity)
        if let price = item.priceMinorUnits { writer.member("price_minor_units", price) }
        if item.discountMinorUnits != 0 { writer.member("discount_minor_units", item.discountMinorUnits) }
        if item.couponMinorUnits != 0 { writer.member("coupon_minor_units", item.couponMinorUnits) }
        if let position = item.position { writer.member("position", position) }
    }
}
