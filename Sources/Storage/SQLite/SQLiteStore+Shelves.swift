public import Domain

/// One item of one real event, for what shelves count: when items were first seen, what branches sell, what was shown.
public struct ShelfRow: Sendable {
    public var item: ItemNumber
    public var time: Timestamp
    public var name: EventName
    /// Where it was bought; `nil` if the event does not say, or is no purchase.
    public var store: String?
}

extension SQLiteStore {
    /// Calls `body` for each item of each event that was not simulated, in the order of the log.
    ///
    /// Complexity: reads the whole log once.
    public func forEachShelfRow(_ body: (ShelfRow) -> Void) throws(StorageError) {
        try read { connection throws(StorageError) in
            let rows = try connection.statement(
                """
                SELECT i.item, e.time, e.name, iif(e.name = 7, e.store, NULL)
                FROM event e CROSS JOIN event_item i ON i.event = e.sequence
                WHERE e.synthetic = 0 AND i.item >= 0
                """)
            defer { rows.reset() }
            while try rows.step() {
                guard let name = EventName(code: UInt8(truncatingIfNeeded: rows.integer(2))) else { continue }
                body(
                    ShelfRow(
                        item: ItemNumber(UInt32(truncatingIfNeeded: rows.integer(0))),
                        time: Timestamp(milliseconds: rows.integer(1)), name: name,
                        store: rows.optionalText(3)))
            }
        }
    }

    /// When items were added after a moment, by number; those of the time when nobody noted it are left out.
    public func additions(after moment: Timestamp) throws(StorageError) -> [(item: ItemNumber, time: Timestamp)] {
        try read { connection throws(StorageError) in
            let rows = try connection.statement("SELECT number, added FROM item WHERE added > ?1 ORDER BY number")
            defer { rows.reset() }
            rows.bind(1, moment.milliseconds)
            var additions: [(item: ItemNumber, time: Timestamp)] = []
            while try rows.step() {
                additions.append(
                    (
                        ItemNumber(UInt32(truncatingIfNeeded: rows.integer(0))),
                        Timestamp(milliseconds: rows.integer(1))
                    ))
            }
            return additions
        }
    }
}
