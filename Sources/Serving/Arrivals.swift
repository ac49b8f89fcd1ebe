import Domain
import Recommenders

/// When items came into the shop, as far as the catalogue and the log tell, and how they sold since.
///
/// An item arrived when it was added to the catalogue after the shop was first published, or when the log first names it
/// more than `Arrivals.days` after the log begins, whichever is earlier. What was there from the beginning never arrived.
struct Arrivals: Sendable {
    /// How long an item counts as new.
    static let days = 30.0
    /// How many are proposed to the ranker.
    static let mostProposed = 300
    private static let never = Int64.min

    /// Milliseconds by item number; `never` for what was there from the beginning.
    private var times: [Int64] = []
    /// Purchases since the arrival, by item number.
    private var sales: [Int32] = []

    init(numberLimit: Int) {
        times = Array(repeating: Self.never, count: numberLimit)
        sales = Array(repeating: 0, count: numberLimit)
    }

    /// - Parameter firstSeen: When the log first names each item, milliseconds, `.max` for never; shape `[numberLimit]`.
    /// - Parameter sales: Purchases of each item within `days` before `now`; shape `[numberLimit]`.
    /// - Parameter added: Items added after the shop was first published.
    init(
        firstSeen: [Int64], sales: [Int32], logStart: Timestamp?, added: [(item: ItemNumber, time: Timestamp)],
        now: Timestamp
    ) {
        self.init(numberLimit: firstSeen.count)
        let begin = logStart.map { $0.adding(days: Self.days).milliseconds } ?? .max
        for (index, time) in firstSeen.enumerated() where time != .max && time > begin { times[index] = time }
        for (item, time) in added where item.index < times.count {
            // What the log knew before it was in the catalogue is as old as the log says.
            guard firstSeen[item.index] > time.milliseconds else { continue }
            times[item.index] = min(time, now).milliseconds
        }
        self.sales = sales
    }

    /// Takes over a new item; one that is known keeps its time.
    mutating func add(_ item: ItemNumber, at now: Timestamp) {
        guard item.index >= times.count else { return }
        let more = item.index + 1 - times.count
        times.append(contentsOf: repeatElement(Self.never, count: more))
        sales.append(contentsOf: repeatElement(0, count: more))
        times[item.index] = now.milliseconds
    }

    mutating func sold(_ item: ItemNumber) {
        if item.index < sales.count { sales[item.index] &+= 1 }
    }

    /// Days in the shop of the items that are new.
    ///
    /// - Complexity: O(items).
    func ages(at now: Timestamp) -> [ItemNumber: Double] {
        let oldest = now.adding(days: -Self.days).milliseconds
        var ages: [ItemNumber: Double] = [:]
        for (index, time) in times.enumerated() where time >= oldest && time <= now.milliseconds {
            ages[ItemNumber(UInt32(index))] = now.days(since: Timestamp(milliseconds: time))
        }
        return ages
    }

    /// Items that arrived within a span of time, with when, by number.
    func arrived(since start: Timestamp, until end: Timestamp) -> [(item: ItemNumber, time: Timestamp)] {
        times.indices.filter {
            times[$0] >= start.milliseconds && times[$0] <= end.milliseconds && times[$0] != Self.never
        }
        .map { (ItemNumber(UInt32($0)), Timestamp(milliseconds: times[$0])) }
    }

    /// New items, those that sell best for their days in the shop first: (sales + 1) / (days + 1).
    ///
    /// - Complexity: O(items).
    func proposals(at now: Timestamp, allows: (ItemNumber) -> Bool) -> [ScoredItem] {
        let oldest = now.adding(days: -Self.days).milliseconds
        var found: [ScoredItem] = []
        for index in times.indices where times[index] >= oldest && times[index] <= now.milliseconds {
            let item = ItemNumber(UInt32(index))
            guard allows(item) else { continue }
            let age = max(0, now.days(since: Timestamp(milliseconds: times[index])))
            found.append(
                ScoredItem(
                    item: item, score: (Double(sales[index]) + 1) / (age + 1), reason: .newArrival(days: Int(age))))
        }
        return Array(found.sorted(by: ScoredItem.precedes).prefix(Self.mostProposed))
    }
}
