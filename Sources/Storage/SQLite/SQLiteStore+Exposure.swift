public import Domain

/// How often an item was shown, chosen or bought on one day, in one list.
public struct ExposureRow: Hashable, Sendable {
    public var item: ItemNumber
    /// `viewItemList`, `selectItem` or `purchase`.
    public var name: EventName
    /// Days since 1970, in UTC.
    public var day: Int64
    /// Which list or shelf it was, as far as the event says.
    public var list: String?
    public var count: Int
    public var isSynthetic: Bool
}

extension SQLiteStore {
    /// Calls `body` with the log's counts by item, event, day and list, from a moment on.
    ///
    /// - Parameter names: Which of the three events count.
    /// - Parameter includesSynthetic: Whether simulated events do.
    /// - Complexity: reads the log's rows once.
    public func forEachExposure(
        of names: Set<EventName>, since start: Timestamp? = nil, includesSynthetic: Bool = false,
        _ body: (ExposureRow) -> Void
    ) throws(StorageError) {
        try read { connection throws(StorageError) in
            let rows = try connection.statement(
                """
                SELECT i.item, e.name, e.time / 86400000 - (e.time % 86400000 < 0), e.list, count(*), e.synthetic
                FROM event e CROSS JOIN event_item i ON i.event = e.sequence
                WHERE e.name IN (?1, ?2, ?3) AND e.time >= ?4 AND e.synthetic <= ?5 AND i.item >= 0
                GROUP BY 1, 2, 3, 4, 6 ORDER BY 1, 3, 2, 4, 6
                """)
            defer { rows.reset() }
            for (place, name) in [EventName.viewItemList, .selectItem, .purchase].enumerated() {
                let code: Int64 = names.contains(name) ? Int64(name.code) : -1
                rows.bind(Int32(place + 1), code)
            }
            let first: Int64 = start?.milliseconds ?? .min
            rows.bind(4, first)
            let mostSynthetic: Int64 = includesSynthetic ? 1 : 0
            rows.bind(5, mostSynthetic)
            while try rows.step() {
                guard let code = UInt8(exactly: rows.integer(1)), let name = EventName(code: code) else { continue }
                body(
                    ExposureRow(
                        item: ItemNumber(UInt32(truncatingIfNeeded: rows.integer(0))), name: name,
                        day: rows.integer(2), list: rows.optionalText(3), count: Int(rows.integer(4)),
                        isSynthetic: rows.integer(5) != 0))
            }
        }
    }
}
