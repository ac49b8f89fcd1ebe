public import Domain
public import JSON

/// Reads events from records with GA4 e-commerce names; checks every value before anything is kept.
public struct EventReader: Sendable {
    public static let maximumItems = 1000
    public static let maximumUserBytes = 256
    public static let maximumQueryBytes = 512

    /// For events that name none.
    public let currency: Currency
    /// Whether an event without a time is refused; otherwise it happened now.
    public let requiresTime: Bool

    public init(currency: Currency, requiresTime: Bool = false) {
        (self.currency, self.requiresTime) = (currency, requiresTime)
    }

    /// Reads one event; fields may also stand in GA4's `params`.
    ///
    /// - Parameter now: Events more than a day later are refused.
    /// - Parameter pseudonym: Turns the raw user identifier into its pseudonym; the raw one is kept nowhere.
    public func event(
        from value: JSONValue, now: Timestamp, pseudonym: (String) throws -> Pseudonym
    ) throws(FeedError) -> Event {
        let fields = try FieldReader(value, inner: "params")
        guard let text = try fields.text("event_name", "name", maximumBytes: 64) else {
            throw FeedError(.missingField, "The event has no `event_name`.", field: "event_name")
        }
        guard let name = EventName(rawValue: text) else {
            let names = EventName.allCases.map(\.rawValue).joined(separator: ", ")
            throw FeedError(.invalidValue, "`event_name` must be one of \(names).", field: "event_name")
        }
        var event = Event(id: try identifier(fields, name), name: name, time: try time(fields, now: now))
        event.user = try user(fields, pseudonym)
        event.session = try fields.identifier("session_id", "ga_session_id", "session")
        if let market = try fields.identifier("market", maximumBytes: 64) { event.market = market }
        if let text = try fields.text("channel", maximumBytes: 16) {
            guard let channel = Channel(rawValue: text) else {
                throw FeedError(.invalidValue, "`channel` must be web, app or store.", field: "channel")
            }
            event.channel = channel
        }
        event.store = try fields.identifier("store", "store_id")
        event.query = try fields.text("search_term", "query", maximumBytes: Self.maximumQueryBytes)
        event.resultCount = try fields.integer("result_count", in: 0...1_000_000_000).map { Int($0) }
        event.impressionID = try fields.identifier("impression_id")
        event.list = try fields.text("item_list_name", "item_list_id", "list", maximumBytes: 128)
        event.rating = try fields.number("rating", in: 1...5)
        event.isSynthetic = try fields.flag("is_synthetic") ?? false
        let named = try fields.currency("currency")
        event.items = try items(fields, currency: named ?? currency)
        if named != nil || event.items.contains(where: { $0.priceMinorUnits != nil }) {
            event.currency = named ?? currency
        }
        try checkCompleteness(event)
        return event
    }

    private func identifier(_ fields: FieldReader, _ name: EventName) throws(FeedError) -> String {
        if let id = try fields.identifier("event_id", maximumBytes: 128) { return id }
        if name == .purchase, let id = try fields.identifier("transaction_id", maximumBytes: 100) {
            return "purchase-\(id)"
        }
        throw FeedError(
            .missingField, "The event has no `event_id`, which makes sending twice harmless.", field: "event_id")
    }

    private func time(_ fields: FieldReader, now: Timestamp) throws(FeedError) -> Timestamp {
        let time: Timestamp
        if let micros = try fields.integer("timestamp_micros", in: 0...Int64(253_402_300_799_999_999)) {
            time = Timestamp(milliseconds: micros / 1000)
        } else if let (name, value) = fields.find(["time", "timestamp"]) {
            guard case .string(let text) = value, let read = Timestamp(iso8601: text) else {
                throw FeedError(.invalidValue, "`\(name)` must be a time such as 2017-11-01T10:20:30Z.", field: name)
            }
            time = read
        } else if requiresTime {
            throw FeedError(.missingField, "The event has no `timestamp_micros` or `time`.", field: "time")
        } else {
            return now
        }
        guard time.milliseconds <= now.milliseconds + Timestamp.millisecondsPerDay else {
            throw FeedError(.invalidValue, "The event's time lies more than a day in the future.", field: "time")
        }
        return time
    }

    private func user(
        _ fields: FieldReader, _ pseudonym: (String) throws -> Pseudonym
    ) throws(FeedError) -> Pseudonym? {
        guard let raw = try fields.identifier("user_id", "user", maximumBytes: Self.maximumUserBytes) else {
            return nil
        }
        do {
            return try pseudonym(raw)
        } catch {
            throw FeedError(.store, "The user's pseudonym could not be made.", field: "user_id", cause: error)
        }
    }

    private func items(_ fields: FieldReader, currency: Currency) throws(FeedError) -> [EventItem] {
        guard let (_, value) = fields.find(["items"]) else { return [] }
        guard let list = value.arrayValue else {
            throw FeedError(.wrongType, "`items` must be an array; it is \(value.kind).", field: "items")
        }
        guard list.count <= Self.maximumItems else {
            throw FeedError(.tooLong, "`items` has over \(Self.maximumItems) entries.", field: "items")
        }
        var items: [EventItem] = []
        for entry in list { items.append(try item(FieldReader(entry), currency: currency)) }
        return items
    }

    private func item(_ fields: FieldReader, currency: Currency) throws(FeedError) -> EventItem {
        guard let id = try fields.itemID("item_id", "id") else {
            throw FeedError(.missingField, "An entry of `items` has no `item_id`.", field: "items")
        }
        var item = EventItem(item: id)
        if let quantity = try fields.integer("quantity", in: 1...1_000_000) { item.quantity = Int(quantity) }
        if let (name, value) = fields.find(["price"]) {
            item.priceMinorUnits = try MoneyReader.minorUnits(value, name, currency: currency)
        }
        if let (name, value) = fields.find(["discount"]) {
            // GA4 gives the discount of one piece.
            let piece = try MoneyReader.minorUnits(value, name, currency: currency)
            let (line, overflow) = piece.multipliedReportingOverflow(by: Int64(item.quantity))
            guard !overflow else { throw FeedError(.invalidValue, "`discount` is too large.", field: name) }
            item.discountMinorUnits = line
        }
        if try fields.text("coupon", maximumBytes: 128, allowsNumber: true) != nil {
            item.couponMinorUnits = item.discountMinorUnits
        }
        if let position = try fields.integer("position", in: 1...1_000_000) {
            item.position = Int(position)
        } else if let index = try fields.integer("index", in: 0...999_999) {
            item.position = Int(index) + 1
        }
        return item
    }

    private func checkCompleteness(_ event: Event) throws(FeedError) {
        switch event.name {
        case .viewItem, .selectItem, .addToCart, .removeFromCart, .purchase, .addToWishlist, .rateItem:
            guard !event.items.isEmpty else {
                throw FeedError(.missingField, "A `\(event.name.rawValue)` needs `items`.", field: "items")
            }
        case .search:
            guard event.query != nil else {
                throw FeedError(.missingField, "A `search` needs `search_term`.", field: "search_term")
            }
        case .viewItemList, .beginCheckout, .refund: break
        }
        guard event.name != .rateItem || event.rating != nil else {
            throw FeedError(.missingField, "A `rate_item` needs `rating`, from 1 to 5.", field: "rating")
        }
    }
}
