public import Domain
internal import Synchronization

extension SQLiteStore {
    public func append(_ events: [Event]) throws(StorageError) -> EventReceipt {
        if events.isEmpty { return EventReceipt() }
        let key = memory.withLock { $0.eventKey }
        var prepared: [PreparedEvent] = []
        prepared.reserveCapacity(events.count)
        for event in events { prepared.append(try PreparedEvent(event, key: key)) }
        let weight = events.reduce(events.count) { $0 + $1.items.count / 8 }
        return try commits.submit(.init(prepared, weight: weight)) { group in commit(group) }
    }

    private typealias Batch = CommitQueue<[PreparedEvent], EventReceipt>.Batch

    /// Writes several batches in one transaction; a batch that breaks a rule fails alone.
    private func commit(_ group: [Batch]) -> [Result<EventReceipt, StorageError>] {
        do {
            return try write { connection throws(StorageError) in
                let version = try connection.integer("PRAGMA data_version") ?? 0
                var log = try memory.withLock { memory throws(StorageError) in
                    if memory.dataVersion != version { memory.forget() }
                    memory.dataVersion = version
                    // Taken out, so that a new person does not copy all the others.
                    let users = exchange(&memory.users, with: [:])
                    return try EventLogWriter(connection, users, directory.loaded(from: connection))
                }
                var results: [Result<EventReceipt, StorageError>] = []
                for batch in group { results.append(try log.append(batch.content, alone: group.count == 1)) }
                try log.finish()
                memory.withLock { $0.users = log.users }
                return results
            }
        } catch {
            return group.map { _ in .failure(error) }
        }
    }
}

/// Writes events inside one transaction.
private struct EventLogWriter {
    var users: [PseudonymKey: UInt32]
    private let connection: SQLiteConnection
    private let items: ItemDirectory.Content
    private var unlisted: [ItemID: Int64] = [:]
    private var sequence: Int64
    private var nextUser: Int64
    private var count: Int64
    private let findEvent: SQLiteStatement
    private let insertEvent: SQLiteStatement
    private let insertItem: SQLiteStatement

    init(
        _ connection: SQLiteConnection, _ users: [PseudonymKey: UInt32], _ items: ItemDirectory.Content
    ) throws(StorageError) {
        (self.connection, self.items, self.users) = (connection, items, users)
        sequence = try connection.counter("last_sequence")
        nextUser = try connection.counter("next_user")
        count = try connection.counter("events")
        findEvent = try connection.statement("SELECT id FROM event WHERE id_hash = ?1")
        insertEvent = try connection.statement(
            """
            INSERT INTO event (sequence, id_hash, id, name, time, user, channel, synthetic, session, market, store, query,
                result_count, impression, list, rating, currency)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)
            """)
        insertItem = try connection.statement(
            """
            INSERT INTO event_item (event, position, item, quantity, price, discount, coupon, rank)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            """)
    }

    /// Throws only what spoils the whole transaction.
    mutating func append(
        _ batch: [PreparedEvent], alone: Bool
    ) throws(StorageError) -> Result<EventReceipt, StorageError> {
        if alone { return .success(try write(batch)) }
        let (sequence, nextUser, count) = (self.sequence, self.nextUser, self.count)
        try connection.execute("SAVEPOINT batch")
        do {
            let receipt = try write(batch)
            try connection.execute("RELEASE batch")
            return .success(receipt)
        } catch {
            guard connection.isInTransaction, error.code == .constraint else { throw error }
            for statement in [findEvent, insertEvent, insertItem] { statement.reset() }
            try connection.execute("ROLLBACK TO batch; RELEASE batch")
            (self.sequence, self.nextUser, self.count) = (sequence, nextUser, count)
            (users, unlisted) = ([:], [:])
            return .failure(error)
        }
    }

    func finish() throws(StorageError) {
        try connection.setCounter("last_sequence", sequence)
        try connection.setCounter("next_user", nextUser)
        try connection.setCounter("events", count)
    }

    private mutating func write(_ batch: [PreparedEvent]) throws(StorageError) -> EventReceipt {
        var receipt = EventReceipt()
        for prepared in batch {
            if try isKnown(prepared) {
                receipt.repeated += 1
            } else {
                try write(prepared)
                receipt.accepted += 1
            }
        }
        return receipt
    }

    private func isKnown(_ prepared: PreparedEvent) throws(StorageError) -> Bool {
        findEvent.bind(1, prepared.idHash)
        defer { findEvent.reset() }
        while try findEvent.step() { if findEvent.text(0) == prepared.event.id { return true } }
        return false
    }

    private mutating func write(_ prepared: PreparedEvent) throws(StorageError) {
        let event = prepared.event
        sequence += 1
        count += 1
        insertEvent.bind(1, sequence)
        insertEvent.bind(2, prepared.idHash)
        insertEvent.bind(3, event.id)
        insertEvent.bind(4, Int64(event.name.code))
        insertEvent.bind(5, event.time.milliseconds)
        insertEvent.bind(6, try userNumber(prepared.user))
        insertEvent.bind(7, event.channel.code)
        insertEvent.bind(8, event.isSynthetic ? 1 : 0 as Int64)
        insertEvent.bind(9, event.session)
        insertEvent.bind(10, event.market == Offer.defaultMarket ? nil : event.market)
        insertEvent.bind(11, event.store)
        insertEvent.bind(12, event.query)
        insertEvent.bind(13, event.resultCount.map { Int64($0) })
        insertEvent.bind(14, event.impressionID)
        insertEvent.bind(15, event.list)
        insertEvent.bind(16, event.rating)
        insertEvent.bind(17, event.currency?.code)
        try insertEvent.run()
        for (position, item) in event.items.enumerated() {
            insertItem.bind(1, sequence)
            insertItem.bind(2, Int64(position))
            insertItem.bind(3, try itemReference(item.item))
            insertItem.bind(4, Int64(item.quantity))
            insertItem.bind(5, item.priceMinorUnits)
            insertItem.bind(6, item.discountMinorUnits)
            insertItem.bind(7, item.couponMinorUnits)
            insertItem.bind(8, item.position.map { Int64($0) })
            try insertItem.run()
        }
    }

    private mutating func userNumber(_ key: PseudonymKey?) throws(StorageError) -> Int64? {
        guard let key else { return nil }
        if let known = users[key] { return Int64(known) }
        let number = try connection.user(key, creatingWith: &nextUser)
        if users.count >= 1_000_000 { users = [:] }
        users[key] = UInt32(number)
        return number
    }

    /// The item's number, or a negative reference for an identifier that the catalogue does not know.
    private mutating func itemReference(_ id: ItemID) throws(StorageError) -> Int64 {
        if let number = items.numbers[id] { return Int64(number) }
        if let known = unlisted[id] { return -known }
        let reference = try connection.unlistedReference(id)
        unlisted[id] = reference
        return -reference
    }
}

extension SQLiteConnection {
    func counter(_ name: String) throws(StorageError) -> Int64 {
        let statement = try statement("SELECT value FROM counter WHERE name = ?1")
        defer { statement.reset() }
        statement.bind(1, name)
        guard try statement.step() else {
            throw StorageError(.corrupt, "\(path) lacks the counter \(name). Restore a backup.")
        }
        return statement.integer(0)
    }

    func setCounter(_ name: String, _ value: Int64) throws(StorageError) {
        let statement = try statement("UPDATE counter SET value = ?2 WHERE name = ?1")
        statement.bind(1, name)
        statement.bind(2, value)
        try statement.run()
    }

    /// The number of a person, who gets `next` if new.
    func user(_ key: PseudonymKey, creatingWith next: inout Int64) throws(StorageError) -> Int64 {
        if let known = try user(key) { return known }
        guard next < Int64(UInt32.max) else { throw StorageError(.constraint, "There are too many users.") }
        let insert = try statement("INSERT INTO user (number, pseudonym) VALUES (?1, ?2)")
        insert.bind(1, next)
        insert.bind(2, blob: key.bytes)
        try insert.run()
        next += 1
        return next - 1
    }

    func user(_ key: PseudonymKey) throws(StorageError) -> Int64? {
        let find = try statement("SELECT number FROM user WHERE pseudonym = ?1")
        defer { find.reset() }
        find.bind(1, blob: key.bytes)
        return try find.step() ? find.integer(0) : nil
    }

    /// The positive reference of an identifier outside the catalogue.
    func unlistedReference(_ id: ItemID) throws(StorageError) -> Int64 {
        let find = try statement("SELECT reference FROM unlisted_item WHERE id = ?1")
        defer { find.reset() }
        find.bind(1, id.rawValue)
        if try find.step() { return find.integer(0) }
        let insert = try statement("INSERT INTO unlisted_item (id) VALUES (?1) RETURNING reference")
        defer { insert.reset() }
        insert.bind(1, id.rawValue)
        _ = try insert.step()
        return insert.integer(0)
    }
}
