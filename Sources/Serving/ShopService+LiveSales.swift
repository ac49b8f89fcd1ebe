import Domain
import Features
import Recommenders
import Storage
import Synchronization

extension ShopService {
    /// Days of purchases before now that are counted at most where the models are older.
    private static let mostLiveDays = 56.0

    /// Lets the models count what the log holds since they were trained, or since this was called last.
    ///
    /// Reads from the log, so that an event counts once, however often it was sent, whichever program wrote it.
    /// Complexity: O(purchases since).
    func followPurchases() throws {
        try followingPurchases.withLock { _ in
            guard let backend = try snapshot().backends.recommendation, let known = backend.lastSequence else { return }
            let now = now()
            var last = known
            var baskets: [(sequence: Int64, basket: LiveBasket)] = []
            var filter = EventFilter(names: [.purchase], afterSequence: known, includesSynthetic: false)
            filter.from = now.adding(days: -Self.mostLiveDays)
            try store.forEachInteraction(filter) { row in
                last = max(last, row.sequence)
                guard row.quantity > 0 else { return }
                if baskets.last?.sequence != row.sequence {
                    // What a demonstration's visitors buy counts as bought at its last moment.
                    baskets.append((row.sequence, LiveBasket(items: [], time: min(row.time, now), user: row.user)))
                }
                baskets[baskets.count - 1].basket.items.append(row.item)
            }
            guard last > known else { return }
            let hidden = facts.excluded
            for place in baskets.indices { baskets[place].basket.items.removeAll { hidden.contains($0) } }
            backend.learn(baskets.map(\.basket), until: last)
        }
    }
}
