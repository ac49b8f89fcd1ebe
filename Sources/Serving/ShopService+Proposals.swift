import Domain
import Recommenders
import Storage
import Synchronization

/// What the log and the catalogue tell of new items and of branches.
struct ShelfCounts: Sendable {
    var arrivals: Arrivals
    var branches: BranchSales
    /// How often each item stood in a list lately, by number.
    var impressions: [Int32]
}

extension ShelfCounts {
    mutating func shown(_ item: ItemNumber) {
        if item.index >= impressions.count {
            impressions.append(contentsOf: repeatElement(0, count: item.index + 1 - impressions.count))
        }
        impressions[item.index] &+= 1
    }
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

    func readShelfCounts() throws -> ShelfCounts {
        let now = now()
        let limit = try store.numberLimit()
        var firstSeen = [Int64](repeating: .max, count: limit)
        var sales = [Int32](repeating: 0, count: limit)
        var start: Int64?
        var branches = BranchSales()
        var impressions = sales
        let recent = now.adding(days: -Arrivals.days)
        try store.forEachShelfRow { row in
            guard row.item.index < limit else { return }
            firstSeen[row.item.index] = min(firstSeen[row.item.index], row.time.milliseconds)
            start = min(start ?? .max, row.time.milliseconds)
            if row.name == .viewItemList, row.time >= recent { impressions[row.item.index] += 1 }
            guard row.name == .purchase else { return }
            if row.time >= recent { sales[row.item.index] += 1 }
            if let store = row.store { branches.sold(row.item, at: store, time: row.time, now: now) }
        }
        let opened = try PublicationStore(folder: folder).history().first?.created
        let arrivals = Arrivals(
            firstSeen: firstSeen, sales: sales, logStart: start.map { Timestamp(milliseconds: $0) },
            added: try opened.map { try store.additions(after: $0) } ?? [], now: now)
        return ShelfCounts(arrivals: arrivals, branches: branches, impressions: impressions)
    }

    /// Lets shelves know of purchases and impressions that were just taken.
    func countForShelves(_ events: [Event]) throws {
        let counted = events.filter { ($0.name == .purchase || $0.name == .viewItemList) && !$0.isSynthetic }
        guard !counted.isEmpty, shelfCounts.withLock({ $0 != nil }) else { return }
        let numbers = try store.numbers(of: counted.flatMap { $0.items.map(\.item) })
        let now = now()
        shelfCounts.withLock { counts in
            for event in counted {
                for number in event.items.compactMap({ numbers[$0.item] }) {
                    guard event.name == .purchase else {
                        counts?.shown(number)
                        continue
                    }
                    counts?.arrivals.sold(number)
                    if let store = event.store {
                        counts?.branches.sold(number, at: store, time: min(event.time, now), now: now)
                    }
                }
            }
        }
    }

    /// Takes over how the list is put together; what people buy again and what is like an item keeps its order unless
    /// the call itself asks.
    func readReranking(_ call: RecommendCall, into query: inout RecommendationQuery) throws {
        let isExact = [.buyAgain, .similar, .boughtTogether].contains(call.scenario)
        query.reranking = call.reranking ?? (isExact ? .off : reranking)
        guard query.reranking.freshness > 0 || query.reranking.exploration > 0 else { return }
        let now = query.now
        query.knowledge = try withShelfCounts { counts in
            var knowledge = ListKnowledge()
            knowledge.ages = counts.arrivals.ages(at: now)
            knowledge.impressions = counts.impressions
            return knowledge
        }
    }

    /// The weights of `sequence` and `purchase` in a shop's configuration.
    ///
    /// - Throws: `invalid` for a scenario in which networks cannot take part, or weights that are more than 1 together.
    static func networkWeights(
        _ config: ShopConfig, _ folder: ShopFolder
    ) throws(ServingError) -> [Scenario: NetworkWeights] {
        var result: [Scenario: NetworkWeights] = [:]
        let members: [(String, [String: Double], WritableKeyPath<NetworkWeights, Double>)] = [
            ("sequence", config.sequence, \.sequence), ("purchase", config.purchase, \.purchase),
        ]
        for (member, weights, network) in members {
            for (name, weight) in weights {
                guard let scenario = Scenario(rawValue: name), NetworkWeights.scenarios.contains(scenario) else {
                    let names = NetworkWeights.scenarios.map(\.rawValue).joined(separator: ", ")
                    throw ServingError(
                        .invalid,
                        "“\(member)” in \(folder.configPath): there is no “\(name.prefix(32))”; it may name \(names).")
                }
                result[scenario, default: .none][keyPath: network] = weight
            }
        }
        guard result.values.allSatisfy(\.isValid) else {
            throw ServingError(
                .invalid, "“sequence” and “purchase” in \(folder.configPath) may be 1 together for a scenario.")
        }
        return result
    }

    /// What the shop itself proposes for a scenario; `nil` where it names a branch that the call does not.
    ///
    /// - Parameter usual: The branch where the person bought last.
    func propose(_ call: RecommendCall, _ offers: OfferColumns, usual: String?, _ query: inout RecommendationQuery)
        throws -> Store?
    {
        let (now, excluded) = (query.now, query.excluded)
        func allows(_ item: ItemNumber) -> Bool { offers.isSellable(item) && !excluded.contains(item) }
        // Somebody with purchases is known better than by their branch.
        if query.history.isEmpty, let branch = call.conditions.store ?? usual {
            query.branch = try withShelfCounts { $0.branches.weights(of: branch) }
        }
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
