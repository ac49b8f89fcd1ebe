public import Domain

/// What the log says of one query.
public struct LoggedQuery: Hashable, Sendable {
    public var query: String
    public var count: Int
    /// How many of them were simulated.
    public var synthetic: Int
    /// Results of the newest search; `nil` if its event did not say.
    public var results: Int?
    public var clicks = 0
}

/// How often an item was chosen after a query.
public struct LoggedChoice: Hashable, Sendable {
    /// As it was typed.
    public var query: String
    public var item: ItemNumber
    public var count: Int
    public var synthetic: Int
}

/// The stars that an item was given.
public struct LoggedRating: Hashable, Sendable {
    public var item: ItemNumber
    public var count: Int
    public var sum: Double
    public var sumOfSquares: Double
    public var synthetic: Int
}

/// How many events of one name came in one minute.
public struct LoggedMinute: Hashable, Sendable {
    public var minute: Timestamp
    public var name: EventName
    public var count: Int
}

extension SQLiteStore {
    /// Queries as they were typed with counts, most frequent first, over the newest `depth` events of the log.
    ///
    /// Complexity: reads those events once.
    public func loggedQueries(limit: Int, depth: Int64 = 2_000_000) throws(StorageError) -> [LoggedQuery] {
        try read { connection throws(StorageError) in
            // The bare column beside max() is that of the newest row: SQLite promises it.
            let statement = try connection.statement(
                """
                SELECT query, sum(name = 9) AS searches, sum(synthetic * (name = 9)), result_count, sum(name = 3),
                    max(iif(name = 9, sequence, 0))
                FROM event WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM event) - ?2
                    AND name IN (3, 9) AND query IS NOT NULL AND query <> ''
                GROUP BY query HAVING searches > 0 ORDER BY searches DESC, query LIMIT ?1
                """)
            defer { statement.reset() }
            statement.bind(1, Int64(max(0, limit)))
            statement.bind(2, depth)
            var queries: [LoggedQuery] = []
            while try statement.step() {
                queries.append(
                    LoggedQuery(
                        query: statement.text(0), count: Int(statement.integer(1)),
                        synthetic: Int(statement.integer(2)), results: statement.optionalInteger(3).map { Int($0) },
                        clicks: Int(statement.integer(4))))
            }
            return queries
        }
    }

    /// What shoppers searched for next in the same session, within ten minutes of a query; most frequent first.
    ///
    /// Complexity: reads the log's rows twice.
    public func reformulations(of query: String, limit: Int) throws(StorageError) -> [(query: String, count: Int)] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT session, lower(query), time FROM event
                WHERE name = 9 AND query IS NOT NULL AND session IN (
                    SELECT session FROM event WHERE name = 9 AND lower(query) = ?1 AND session IS NOT NULL)
                ORDER BY session, time, sequence
                """)
            defer { statement.reset() }
            statement.bind(1, query)
            var counts: [String: Int] = [:]
            var asked: (session: String, time: Int64)?
            while try statement.step() {
                let (session, text, time) = (statement.text(0), statement.text(1), statement.integer(2))
                if text == query {
                    asked = (session, time)
                } else if let last = asked, last.session == session {
                    if time - last.time <= 600_000 { counts[text, default: 0] += 1 }
                    asked = nil
                }
            }
            let sorted = counts.sorted { ($1.value, $0.key) < ($0.value, $1.key) }
            return sorted.prefix(max(0, limit)).map { ($0.key, $0.value) }
        }
    }

    /// What was looked at or put into a basket after which query, most frequent first, over the newest `depth` events of the log.
    ///
    /// Complexity: reads those events once.
    public func loggedChoices(limit: Int, depth: Int64 = 2_000_000) throws(StorageError) -> [LoggedChoice] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT e.query, i.item, count(*) AS choices, sum(e.synthetic)
                FROM event e CROSS JOIN event_item i ON i.event = e.sequence
                WHERE e.sequence > (SELECT coalesce(max(sequence), 0) FROM event) - ?2
                    AND e.name IN (3, 4) AND e.query IS NOT NULL AND e.query <> '' AND i.item >= 0
                GROUP BY e.query, i.item ORDER BY choices DESC, e.query, i.item LIMIT ?1
                """)
            defer { statement.reset() }
            statement.bind(1, Int64(max(0, limit)))
            statement.bind(2, depth)
            var choices: [LoggedChoice] = []
            while try statement.step() {
                choices.append(
                    LoggedChoice(
                        query: statement.text(0), item: ItemNumber(UInt32(truncatingIfNeeded: statement.integer(1))),
                        count: Int(statement.integer(2)), synthetic: Int(statement.integer(3))))
            }
            return choices
        }
    }

    /// Stars by item, in the order of numbers. Complexity: reads the whole log once.
    public func loggedRatings() throws(StorageError) -> [LoggedRating] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT i.item, count(*), sum(e.rating), sum(e.rating * e.rating), sum(e.synthetic)
                FROM event e CROSS JOIN event_item i ON i.event = e.sequence
                WHERE e.name = 11 AND e.rating IS NOT NULL AND i.item >= 0 GROUP BY i.item ORDER BY i.item
                """)
            defer { statement.reset() }
            var ratings: [LoggedRating] = []
            while try statement.step() {
                ratings.append(
                    LoggedRating(
                        item: ItemNumber(UInt32(truncatingIfNeeded: statement.integer(0))),
                        count: Int(statement.integer(1)), sum: statement.double(2), sumOfSquares: statement.double(3),
                        synthetic: Int(statement.integer(4))))
            }
            return ratings
        }
    }

    /// Events by minute since a moment, among the newest `depth` of the log.
    public func loggedMinutes(since start: Timestamp, depth: Int64 = 200_000) throws(StorageError) -> [LoggedMinute] {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT time / 60000, name, count(*) FROM event
                WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM event) - ?2 AND time >= ?1
                GROUP BY 1, 2 ORDER BY 1, 2
                """)
            defer { statement.reset() }
            statement.bind(1, start.milliseconds)
            statement.bind(2, depth)
            var minutes: [LoggedMinute] = []
            while try statement.step() {
                guard let name = EventName(code: UInt8(truncatingIfNeeded: statement.integer(1))) else { continue }
                minutes.append(
                    LoggedMinute(
                        minute: Timestamp(milliseconds: statement.integer(0) * 60_000), name: name,
                        count: Int(statement.integer(2))))
            }
            return minutes
        }
    }

    /// The newest time before a moment among the real events that are the newest `depth` of the log.
    public func newestRealTime(before moment: Timestamp, depth: Int64) throws(StorageError) -> Timestamp? {
        try read { connection throws(StorageError) in
            let statement = try connection.statement(
                """
                SELECT max(time) FROM event WHERE sequence > (SELECT coalesce(max(sequence), 0) FROM event) - ?2
                    AND synthetic = 0 AND time < ?1
                """)
            defer { statement.reset() }
            statement.bind(1, moment.milliseconds)
            statement.bind(2, depth)
            guard try statement.step() else { return nil }
            return statement.optionalInteger(0).map { Timestamp(milliseconds: $0) }
        }
    }

    /// How many events were simulated. Complexity: reads the log's rows once.
    public func syntheticEventCount() throws(StorageError) -> Int {
        try read { connection throws(StorageError) in
            Int(try connection.integer("SELECT count(*) FROM event WHERE synthetic = 1") ?? 0)
        }
    }
}
