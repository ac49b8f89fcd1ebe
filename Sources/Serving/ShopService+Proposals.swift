import Domain
import Recommenders
import Storage
import Synchronization

/// What the log and the catalogue tell of new items and of branches.
struct ShelfCounts: Sendable {
    var arrivals: Arrivals
    var branches: BranchSales
}

extension ShopService {
    /// Counts of the log up to now; read when first asked for, kept up to date by events and items after that.
    ///
    /// Complexity: the first call reads the whole log once.
    func withShelfCounts<Answer>(_ body: (ShelfCounts) -> Answer) throws -> Answer {
        if let ready = shelfCounts.withLock({ $0 }) { return body(ready) }
        return try shelfCountsReading.withLock { _ in
            if let ready = shelfCounts.withLock({ $0 }) { return body(ready) }
            let read = try readShelfCounts()
            shelfCounts.withLock { $0 = read }
            return body(read)
        }
    }

    private func readShelfCounts() throws -> ShelfCounts {
        let now = now()
        let limit = try store.numberLimit()
        var firstSeen = [Int64](repeating: .max, count: limit)
        var sales = [Int32](repeating: 0, count: limit)
        var start: Int64?
        var branches = BranchSales()
        let recent = now.adding(days: -Arrivals.days)
        try store.forEachShelfRow { row in
            guard row.item.index < limit else { return }
            firstSeen[row.item.index] = min(firstSeen[row.item.index], row.time.milliseconds)
            start = min(start ?? .max, row.time.milliseconds)
            guard row.isPurchase else { return }
            if row.time >= recent { sales[row.item.index] += 1 }
            if let store = row.store { branches.sold(row.item, at: store, time: row.time, now: now) }
        }
        let opened = try PublicationStore(folder: folder).history().first?.created
        let arrivals = Arrivals(
            firstSeen: firstSeen, sales: sales, logStart: start.map { Timestamp(milliseconds: $0) },
            added: try opened.map { try store.additions(after: $0) } ?? [], now: now)
        return ShelfCounts(arrivals: arrivals, branches: branches)
    }

    /// Lets shelves know of purchases that were just taken.
    func countForShelves(_ events: [Event]) throws {
        let purchases = events.filter { $0.name == .purchase && !$0.isSynthetic }
        guard !purchases.isEmpty, shelfCounts.withLock({ $0 != nil }) else { return }
        let numbers = try store.numbers(of: purchases.flatMap { $0.items.map(\.item) })
        let now = now()
        shelfCounts.withLock { counts in
            for event in purchases {
                for number in event.items.compactMap({ numbers[$0.item] }) {
                    counts?.arrivals.sold(number)
                    if let store = event.store {
                        counts?.branches.sold(number, at: store, time: min(event.time, now), now: now)
                    }
                }
            }
        }
    }

    /// What the shop itself proposes for a scenario; `nil` where it names a branch that the call does not.
    ///
    /// - Parameter usual: The branch where the person bought last.
    func propose(_ call: RecommendCall, _ offers: OfferColumns, usual: String?, _ query: inout RecommendationQuery)
        throws -> Store?
    {
        let (now, excluded) = (query.now, query.excluded)
        func allows(_ item: ItemNumber) -> Bool { offers.isSellable(item) && !excluded.contains(item) }
        switch call.scenario {
        case .newArrivals:
            query.proposals = try withShelfCounts { $0.arrivals.proposals(at: now, allows: allows) }
            return nil
        case .nearYou:
            guard let branch = try (call.conditions.store ?? usual).flatMap({ try branch($0) }) else { return nil }
            query.proposals = try withShelfCounts {
                $0.branches.proposals(of: branch.id, named: branch.name, allows: allows)
            }
            return branch
        default: return nil
        }
    }
}
