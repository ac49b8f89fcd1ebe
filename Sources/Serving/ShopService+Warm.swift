import Domain
import Storage
import Synchronization

extension ShopService {
    /// Reads from the log what pages show of the past: queries, stars, the last hour, and how much is simulated.
    ///
    /// A server calls it once, beside its first answers. Complexity: reads the log's rows a few times.
    public func warm() throws {
        ratings.replace(with: try store.loggedRatings(), facts: facts)
        queries.seed(try store.loggedQueries(limit: 2000))
        try warmIntents()
        counters.seed(try store.loggedMinutes(since: clock().adding(days: -1 / 24)))
        let synthetic = try store.syntheticEventCount()
        syntheticEvents.withLock { $0 = synthetic }
        try withShelfCounts { _ in }
        try followPurchases()
        // The first request with identifiers would read them all.
        _ = try store.numbers(of: [])
    }

    /// How many events of the log were simulated.
    func syntheticEventCount() throws -> Int {
        if let known = syntheticEvents.withLock({ $0 }) { return known }
        let count = try store.syntheticEventCount()
        syntheticEvents.withLock { $0 = count }
        return count
    }
}
