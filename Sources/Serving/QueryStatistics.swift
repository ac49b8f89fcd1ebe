import Storage
import Synchronization

/// What people search for: counts of the most frequent queries, the log's and those since the start, in bounded memory.
///
/// Space-saving by halves: when the table is full, the rarer half goes.
public final class QueryStatistics: Sendable {
    public enum Kind: String, Sendable, CaseIterable { case top, empty, slow }

    public struct Entry: Sendable {
        public var query: String
        public var count = 0
        /// How many of them were simulated.
        public var synthetic = 0
        /// How many results it had the last time; `nil` if the log did not say.
        public var results: Int?
        public var slowestMilliseconds = 0.0
        public var clicks = 0
    }

    private let capacity: Int
    private let entries = Mutex<[String: Entry]>([:])

    public init(capacity: Int = 4000) { self.capacity = max(2, capacity) }

    func searched(_ query: String, results: Int, milliseconds: Double) {
        guard !query.isEmpty else { return }
        entries.withLock { entries in
            if entries.count >= capacity, entries[query] == nil { entries.keepMost(capacity / 2) { $0.count } }
            var entry = entries[query] ?? Entry(query: query)
            entry.count += 1
            entry.results = results
            entry.slowestMilliseconds = max(entry.slowestMilliseconds, milliseconds)
            entries[query] = entry
        }
    }

    /// Adds what the log says, once.
    func seed(_ logged: [LoggedQuery]) {
        entries.withLock { entries in
            for query in logged {
                let text = query.query.lowercased()
                if entries.count >= capacity, entries[text] == nil { return }
                var entry = entries[text] ?? Entry(query: text)
                entry.count += query.count
                entry.synthetic += query.synthetic
                entry.clicks += query.clicks
                entry.results = entry.results ?? query.results
                entries[text] = entry
            }
        }
    }

    func clicked(_ query: String) {
        entries.withLock { $0[query]?.clicks += 1 }
    }

    /// The leading entries of a kind; ties by query.
    public func list(_ kind: Kind, limit: Int = 50) -> [Entry] {
        let all = entries.withLock { Array($0.values) }
        let chosen =
            switch kind {
            case .top: all
            case .empty: all.filter { $0.results == 0 }
            case .slow: all.filter { $0.slowestMilliseconds > 0 }
            }
        func weight(_ entry: Entry) -> Double {
            kind == .slow ? entry.slowestMilliseconds : Double(entry.count)
        }
        return Array(chosen.sorted { (weight($0), $1.query) > (weight($1), $0.query) }.prefix(limit))
    }
}
