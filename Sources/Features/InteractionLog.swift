public import Domain
public import Storage

/// Who had what when, as columns: grouped by user, sorted by time within a user.
///
/// 28 bytes a line: 1.4 million lines take 39 MB. Users and items are dense numbers.
public struct InteractionLog: Sendable {
    /// Stands for an unknown price.
    public static let noPrice: Int32 = -1

    /// Where the lines of each user start, shape `[userLimit + 1]`.
    public let offsets: [Int]
    /// Shape `[count]`, as are all columns below.
    public let items: [UInt32]
    /// Milliseconds since 1970.
    public let times: [Int64]
    public let quantities: [Int32]
    /// Minor units of what one piece cost, or `noPrice`.
    public let prices: [Int32]
    /// Numbers the baskets (events) within the whole log, in the order of lines.
    public let baskets: [Int32]
    /// One more than the largest item number that may occur.
    public let itemLimit: Int

    /// One line before grouping.
    public struct Line: Hashable, Sendable {
        public var user: UserNumber
        public var item: ItemNumber
        public var time: Timestamp
        public var quantity: Int32
        public var price: Int32
        /// Lines of one user with the same value belong to one basket.
        public var group: Int64

        public init(
            user: UserNumber, item: ItemNumber, time: Timestamp, quantity: Int32 = 1,
            price: Int32 = InteractionLog.noPrice, group: Int64
        ) {
            (self.user, self.item, self.time, self.quantity) = (user, item, time, quantity)
            (self.price, self.group) = (price, group)
        }
    }

    /// Groups lines in any order; equal times keep the order of `group`, then of appearance.
    ///
    /// Complexity: O(*n* log *n*) at worst; O(*n*) for lines in the order of time.
    public init(_ lines: [Line], itemLimit: Int = 0) {
        let userLimit = (lines.map(\.user.index).max() ?? -1) + 1
        var starts = [Int](repeating: 0, count: userLimit + 1)
        for line in lines { starts[line.user.index + 1] += 1 }
        for user in 0..<userLimit { starts[user + 1] += starts[user] }
        var order = [Int32](repeating: 0, count: lines.count)
        var next = starts
        for (place, line) in lines.enumerated() {
            order[next[line.user.index]] = Int32(place)
            next[line.user.index] += 1
        }
        for user in 0..<userLimit {
            Self.sort(&order, in: starts[user]..<starts[user + 1], by: lines)
        }
        var baskets = [Int32](repeating: 0, count: lines.count)
        var basket: Int32 = -1
        for place in order.indices {
            let line = lines[Int(order[place])]
            let previous = place > 0 ? lines[Int(order[place - 1])] : nil
            if previous?.user != line.user || previous?.group != line.group { basket += 1 }
            baskets[place] = basket
        }
        offsets = starts
        items = order.map { lines[Int($0)].item.rawValue }
        times = order.map { lines[Int($0)].time.milliseconds }
        quantities = order.map { lines[Int($0)].quantity }
        prices = order.map { lines[Int($0)].price }
        self.baskets = baskets
        self.itemLimit = max(itemLimit, (lines.map(\.item.index).max() ?? -1) + 1)
    }

    /// Reads what people did from a store.
    ///
    /// - Parameter names: Which events count; purchases unless told.
    /// - Parameter before: Only earlier events: nothing at or after this moment has any influence.
    /// - Parameter isExcluded: Items whose lines are left out.
    /// - Note: Lines without a known user, and with a quantity of zero or less, are left out.
    public init(
        reading store: any EventStore, before: Timestamp? = nil, includesSynthetic: Bool = false,
        names: Set<EventName> = [.purchase], itemLimit: Int = 0,
        excluding isExcluded: (ItemNumber) -> Bool = { _ in false }
    ) throws(StorageError) {
        let filter = EventFilter(names: names, before: before, includesSynthetic: includesSynthetic)
        var lines: [Line] = []
        try store.forEachInteraction(filter) { row throws(StorageError) in
            guard let user = row.user, row.quantity > 0, !isExcluded(row.item) else { return }
            lines.append(
                Line(
                    user: user, item: row.item, time: row.time, quantity: row.quantity,
                    price: row.priceMinorUnits.map { Int32(clamping: max(0, $0)) } ?? Self.noPrice,
                    group: row.sequence))
        }
        self.init(lines, itemLimit: itemLimit)
    }

    public var count: Int { items.count }
    /// One more than the largest user number.
    public var userLimit: Int { offsets.count - 1 }
    /// The time of the newest line, or `nil` for an empty log.
    public var end: Timestamp? { times.max().map { Timestamp(milliseconds: $0) } }

    /// Where the lines of one user stand; empty for an unknown one.
    public func range(of user: UserNumber) -> Range<Int> {
        guard user.index < userLimit else { return 0..<0 }
        return offsets[user.index]..<offsets[user.index + 1]
    }

    /// The lines of some users alone, as if nobody else had been there; numbers stay as they are.
    public func filtered(_ isKept: (UserNumber) -> Bool) -> InteractionLog {
        var lines: [Line] = []
        lines.reserveCapacity(count)
        for user in 0..<userLimit where isKept(UserNumber(UInt32(user))) {
            let number = UserNumber(UInt32(user))
            for place in range(of: number) {
                lines.append(
                    Line(
                        user: number, item: ItemNumber(items[place]), time: Timestamp(milliseconds: times[place]),
                        quantity: quantities[place], price: prices[place], group: Int64(baskets[place])))
            }
        }
        return InteractionLog(lines, itemLimit: itemLimit)
    }

    /// The lines of one user before `before`.
    public func range(of user: UserNumber, before: Timestamp) -> Range<Int> {
        let all = range(of: user)
        var (low, high) = (all.lowerBound, all.upperBound)
        while low < high {
            let middle = (low + high) / 2
            if times[middle] < before.milliseconds { low = middle + 1 } else { high = middle }
        }
        return all.lowerBound..<low
    }

    /// What one user did, oldest first.
    public func history(of user: UserNumber, before: Timestamp? = nil) -> [Interaction] {
        let range = before.map { self.range(of: user, before: $0) } ?? range(of: user)
        return range.map { place in
            Interaction(
                item: ItemNumber(items[place]), time: Timestamp(milliseconds: times[place]),
                quantity: quantities[place], priceMinorUnits: prices[place] >= 0 ? Int64(prices[place]) : nil,
                basket: baskets[place])
        }
    }

    /// Stable by time, then by group; most groups arrive sorted.
    private static func sort(_ order: inout [Int32], in range: Range<Int>, by lines: [Line]) {
        func precedes(_ left: Int32, _ right: Int32) -> Bool {
            let (a, b) = (lines[Int(left)], lines[Int(right)])
            return (a.time.milliseconds, a.group, left) < (b.time.milliseconds, b.group, right)
        }
        let isSorted = range.dropFirst().allSatisfy { !precedes(order[$0], order[$0 - 1]) }
        guard !isSorted else { return }
        order[range].sort(by: precedes)
    }
}
