public import Domain

extension SQLiteStore {
    public func forEachEvent(
        _ filter: EventFilter, _ body: (LoggedEvent) throws(StorageError) -> Void
    ) throws(StorageError) {
        try read { connection throws(StorageError) in
            try connection.snapshot { () throws(StorageError) in
                var reader = try EventReader(connection, directory.loaded(from: connection))
                let rows = try connection.statement(
                    "SELECT \(EventReader.columns) FROM event e WHERE \(Self.condition) ORDER BY e.sequence")
                defer { rows.reset() }
                Self.bind(filter, rows)
                while try rows.step() { try body(try reader.event(rows)) }
            }
        }
    }

    public func forEachInteraction(
        _ filter: EventFilter, _ body: (InteractionRow) throws(StorageError) -> Void
    ) throws(StorageError) {
        try read { connection throws(StorageError) in
            try connection.snapshot { () throws(StorageError) in
                let listed = try connection.unlistedNumbers()
                let rows = try connection.statement(
                    """
                    SELECT e.sequence, e.name, e.time, e.user, e.channel, e.synthetic, e.rating, i.item, i.quantity,
                        i.price, i.discount
                    FROM event e CROSS JOIN event_item i ON i.event = e.sequence
                    WHERE \(Self.condition) ORDER BY e.sequence, i.position
                    """)
                defer { rows.reset() }
                Self.bind(filter, rows)
                while try rows.step() {
                    var item = rows.integer(7)
                    if item < 0 { item = listed[item] ?? -1 }
                    guard item >= 0, let name = EventName(code: UInt8(truncatingIfNeeded: rows.integer(1))) else {
                        continue
                    }
                    var row = InteractionRow(
                        sequence: rows.integer(0), name: name, time: Timestamp(milliseconds: rows.integer(2)),
                        user: rows.optionalInteger(3).map { UserNumber(UInt32(truncatingIfNeeded: $0)) },
                        item: ItemNumber(UInt32(truncatingIfNeeded: item)))
                    row.channel = Channel(code: rows.integer(4))
                    row.isSynthetic = rows.integer(5) != 0
                    row.rating = rows.optionalDouble(6)
                    row.quantity = Int32(clamping: rows.integer(8))
                    row.priceMinorUnits = rows.optionalInteger(9)
                    row.discountMinorUnits = rows.integer(10)
                    try body(row)
                }
            }
        }
    }

    public func events(of user: Pseudonym, limit: Int) throws(StorageError) -> [LoggedEvent] {
        try read { connection throws(StorageError) in
            try connection.snapshot { () throws(StorageError) in
                guard let number = try connection.user(PseudonymKey(user)) else { return [] }
                var reader = try EventReader(connection, directory.loaded(from: connection))
                let rows = try connection.statement(
                    """
                    SELECT \(EventReader.columns) FROM event e WHERE e.user = ?1
                    ORDER BY e.time DESC, e.sequence DESC LIMIT ?2
                    """)
                defer { rows.reset() }
                rows.bind(1, number)
                rows.bind(2, Int64(max(0, limit)))
                var events: [LoggedEvent] = []
                while try rows.step() { events.append(try reader.event(rows)) }
                return events.reversed()
            }
        }
    }

    public func userNumber(of user: Pseudonym) throws(StorageError) -> UserNumber? {
        try read { connection throws(StorageError) in
            try connection.user(PseudonymKey(user)).map { UserNumber(UInt32(truncatingIfNeeded: $0)) }
        }
    }

    public func pseudonym(of user: UserNumber) throws(StorageError) -> Pseudonym? {
        try read { connection throws(StorageError) in try connection.pseudonym(Int64(user.rawValue)) }
    }

    public func userNumberLimit() throws(StorageError) -> Int {
        try read { connection throws(StorageError) in
            try connection.integer("SELECT max(number) FROM user").map { Int($0) + 1 } ?? 0
        }
    }

    public func eventCount() throws(StorageError) -> Int {
        try read { connection throws(StorageError) in Int(try connection.counter("events")) }
    }

    public func lastSequence() throws(StorageError) -> Int64 {
        try read { connection throws(StorageError) in
            try connection.integer("SELECT max(sequence) FROM event") ?? 0
        }
    }

    private static let condition = """
        e.sequence > ?1 AND e.time >= ?2 AND e.time < ?3 AND (?4 >> e.name) & 1 AND e.synthetic <= ?5
        """

    private static func bind(_ filter: EventFilter, _ statement: SQLiteStatement) {
        statement.bind(1, filter.afterSequence ?? 0)
        statement.bind(2, filter.from?.milliseconds ?? .min)
        statement.bind(3, filter.before?.milliseconds ?? .max)
        let names = filter.names ?? Set(EventName.allCases)
        statement.bind(4, names.reduce(Int64(0)) { $0 | 1 << Int64($1.code) })
        statement.bind(5, filter.includesSynthetic ? 1 : 0 as Int64)
    }
}

/// Builds events from rows of `event` and `event_item`, remembering names that come again.
struct EventReader {
    static let columns = """
        e.sequence, e.id, e.name, e.time, e.user, e.channel, e.synthetic, e.session, e.market, e.store, e.query, \
        e.result_count, e.impression, e.list, e.rating, e.currency
        """
    private let connection: SQLiteConnection
    private let items: ItemDirectory.Content
    private let lines: SQLiteStatement
    private let listed: [Int64: Int64]
    private var pseudonyms: [Int64: Pseudonym] = [:]

    init(_ connection: SQLiteConnection, _ items: ItemDirectory.Content) throws(StorageError) {
        (self.connection, self.items) = (connection, items)
        listed = try connection.unlistedNumbers()
        lines = try connection.statement(
            """
            SELECT item, quantity, price, discount, coupon, rank FROM event_item WHERE event = ?1 ORDER BY position
            """)
    }

    mutating func event(_ row: SQLiteStatement) throws(StorageError) -> LoggedEvent {
        let sequence = row.integer(0)
        guard let name = EventName(code: UInt8(truncatingIfNeeded: row.integer(2))) else {
            throw StorageError(.unknownFormat, "An event has an unknown name. Use the newer Souk that wrote it.")
        }
        var event = Event(id: row.text(1), name: name, time: Timestamp(milliseconds: row.integer(3)))
        let user = row.optionalInteger(4)
        event.user = try user.flatMap { number throws(StorageError) in try pseudonym(number) }
        event.channel = Channel(code: row.integer(5))
        event.isSynthetic = row.integer(6) != 0
        event.session = row.optionalText(7)
        event.market = row.optionalText(8) ?? Offer.defaultMarket
        event.store = row.optionalText(9)
        event.query = row.optionalText(10)
        event.resultCount = row.optionalInteger(11).map { Int($0) }
        event.impressionID = row.optionalText(12)
        event.list = row.optionalText(13)
        event.rating = row.optionalDouble(14)
        event.currency = row.optionalText(15).flatMap { Currency($0) }
        let numbers = try addItems(to: &event, sequence)
        return LoggedEvent(
            sequence: sequence, event: event, user: user.map { UserNumber(UInt32(truncatingIfNeeded: $0)) },
            items: numbers)
    }

    private func addItems(to event: inout Event, _ sequence: Int64) throws(StorageError) -> [ItemNumber?] {
        var numbers: [ItemNumber?] = []
        lines.bind(1, sequence)
        defer { lines.reset() }
        while try lines.step() {
            let reference = lines.integer(0)
            let number = reference >= 0 ? reference : listed[reference] ?? -1
            var line = EventItem(item: try id(reference))
            line.quantity = Int(lines.integer(1))
            line.priceMinorUnits = lines.optionalInteger(2)
            line.discountMinorUnits = lines.integer(3)
            line.couponMinorUnits = lines.integer(4)
            line.position = lines.optionalInteger(5).map { Int($0) }
            event.items.append(line)
            numbers.append(number >= 0 ? ItemNumber(UInt32(truncatingIfNeeded: number)) : nil)
        }
        return numbers
    }

    private func id(_ reference: Int64) throws(StorageError) -> ItemID {
        if reference >= 0, reference < items.ids.count { return items.ids[Int(reference)] }
        let statement = try connection.statement("SELECT id FROM unlisted_item WHERE reference = ?1")
        defer { statement.reset() }
        statement.bind(1, -reference)
        guard try statement.step(), let id = ItemID(statement.text(0)) else {
            throw StorageError(.corrupt, "\(connection.path): an event names an item that is lost. Restore a backup.")
        }
        return id
    }

    private mutating func pseudonym(_ number: Int64) throws(StorageError) -> Pseudonym? {
        if let known = pseudonyms[number] { return known }
        let pseudonym = try connection.pseudonym(number)
        if pseudonyms.count >= 100_000 { pseudonyms = [:] }
        pseudonyms[number] = pseudonym
        return pseudonym
    }
}

extension SQLiteConnection {
    func pseudonym(_ number: Int64) throws(StorageError) -> Pseudonym? {
        let statement = try statement("SELECT pseudonym FROM user WHERE number = ?1")
        defer { statement.reset() }
        statement.bind(1, number)
        return try statement.step() ? Pseudonym(bytes: statement.blob(0)) : nil
    }

    /// Numbers of items that events named before the catalogue knew them, by negative reference.
    func unlistedNumbers() throws(StorageError) -> [Int64: Int64] {
        let statement = try statement("SELECT reference, number FROM unlisted_item WHERE number IS NOT NULL")
        defer { statement.reset() }
        var numbers: [Int64: Int64] = [:]
        while try statement.step() { numbers[-statement.integer(0)] = statement.integer(1) }
        return numbers
    }
}
