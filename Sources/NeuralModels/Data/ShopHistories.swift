internal import Domain
internal import Features
internal import Meaning
internal import Numerics
internal import Recommenders
internal import Storage

/// A shop's purchases as histories in the order of time, parted by moments: nothing at or after a moment is learned from before it.
///
/// Lines of one basket stand in random order, as a receipt's order says nothing; an item stands once in a basket. A history that is longer than
/// the network reads is cut into stretches from its end, each beginning with the last item of the one before.
struct ShopHistories {
    /// Days in which first baskets are asked for.
    struct Window: Hashable {
        let start: Timestamp
        let end: Timestamp
    }

    /// What is learned before a moment.
    struct Part {
        let set: SequenceSet
        /// Names of the items, by their number in `set`.
        let items: [String]
        /// How often each was bought.
        let counts: [Int]
        let content: ItemContent?
    }

    /// A moment needs so many days of log before it.
    static let leastDays = 28.0

    let plan: ShopPlan
    /// Newest first, side by side.
    let windows: [Window]
    /// The end of what is known.
    let end: Timestamp
    private let log: InteractionLog
    /// By item number; empty for numbers without an item.
    private let names: [String]
    private let hidden: ItemMask
    private let vectors: ShopVectors?
    private let seed: UInt64

    /// - Throws: `StorageError` for a shop that cannot be read, or lacks vectors; `badData` for a log that is empty or too short.
    init(reading shop: ShopFolder, _ store: any CatalogueStore & EventStore, _ plan: ShopPlan, seed: UInt64) throws {
        let set = try TrainingSet(reading: shop, store, before: plan.before)
        try self.init(
            set, plan, names: try Self.names(store),
            vectors: plan.content.isEmpty ? nil : try ShopVectors(shop, kinds: plan.content), seed: seed)
    }

    init(_ set: TrainingSet, _ plan: ShopPlan, names: [String], vectors: ShopVectors?, seed: UInt64) throws {
        guard let first = set.log.times.min() else {
            throw NeuralError(
                .badData,
                "The log holds no purchases of known people\(plan.before.map { " before \($0.dateDescription)" } ?? "")"
                    + ": import events first.")
        }
        let days = set.now.days(since: Timestamp(milliseconds: first))
        let needed = Double(plan.windowDays * plan.windowCount) + Self.leastDays
        guard days >= needed else {
            throw NeuralError(
                .badData,
                "The log covers \(Int(days)) days: \(plan.windowCount) windows of \(plan.windowDays) days and \(Int(Self.leastDays)) "
                    + "days before them are needed. Give a smaller --window or fewer --windows, or wait.")
        }
        let (now, length) = (set.now, Double(plan.windowDays))
        windows = (0..<plan.windowCount).map {
            Window(start: now.adding(days: -length * Double($0 + 1)), end: now.adding(days: -length * Double($0)))
        }
        (self.plan, log, end, hidden) = (plan, set.log, now, set.facts.hidden)
        (self.names, self.vectors, self.seed) = (names, vectors, seed)
    }

    private static func names(_ store: any CatalogueStore) throws -> [String] {
        var names = [String](repeating: "", count: try store.numberLimit())
        var last: ItemNumber?
        while true {
            let page = try store.items(after: last, limit: 4096)
            guard let end = page.last else { return names }
            for item in page { names[item.number.index] = item.item.id.rawValue }
            last = end.number
        }
    }

    /// What is learned before a moment, and the first baskets of a window as questions.
    ///
    /// - Parameter length: The longest history that the network reads.
    /// - Throws: `badData` if there is nothing to learn, or nothing to ask in the window.
    func part(before cut: Timestamp, asking window: Window?, length: Int) throws -> Part {
        let since = plan.days.map { cut.adding(days: -Double($0)) }
        let histories = (0..<log.userLimit).map { history(of: UserNumber(UInt32($0)), before: cut) }
        let learned = histories.map { history in
            history.filter { line in since.map { line.time >= $0 } ?? true }.map(\.item)
        }
        let table = ItemRows(
            learned, least: plan.least, itemLimit: names.count,
            others: vectors.map { vectors in
                { item in
                    let number = ItemNumber(UInt32(item))
                    return !names[item].isEmpty && !hidden.contains(number) && vectors.hasVector(of: number)
                }
            })
        let questions = try window.map { window in
            let questions = histories.indices.compactMap { user in
                question(UserNumber(UInt32(user)), histories[user], window, table)
            }
            guard !questions.isEmpty else {
                throw NeuralError(
                    .badData,
                    "Nobody who bought before \(window.start.dateDescription) bought "
                        + (plan.repeats == .first ? "something new " : "")
                        + "in the \(plan.windowDays) days from then on. Give a longer --window.")
            }
            return questions
        }
        let stretches = learned.flatMap { Self.stretches($0.compactMap { table.row(of: $0) }, length: length) }
        let set = try SequenceSet(
            histories: stretches, questions: questions, itemCount: table.items.count, asksAgain: plan.repeats == .all)
        return Part(
            set: set, items: table.items.map { names[Int($0)] }, counts: table.counts, content: content(table.items))
    }

    /// What somebody bought before a moment, oldest first.
    private func history(of user: UserNumber, before cut: Timestamp) -> [(item: UInt32, time: Timestamp)] {
        var random = SeededGenerator(seed: seed &+ UInt64(user.rawValue) &* 0x9E37_79B9_7F4A_7C15)
        var (lines, seen): ([(item: UInt32, time: Timestamp)], Set<UInt32>) = ([], [])
        let range = log.range(of: user, before: cut)
        var start = range.lowerBound
        while start < range.upperBound {
            let end = basketEnd(start, range)
            if plan.repeats == .all { seen = [] }
            let own = (start..<end).map { log.items[$0] }.filter { seen.insert($0).inserted }
            let time = Timestamp(milliseconds: log.times[start])
            lines += own.shuffled(using: &random).map { (item: $0, time: time) }
            start = end
        }
        return lines
    }

    private func basketEnd(_ start: Int, _ range: Range<Int>) -> Int {
        range[start...].first { log.baskets[$0] != log.baskets[start] } ?? range.upperBound
    }

    /// The first basket of a window; `nil` for somebody who bought nothing before it, or nothing that is asked for in it.
    private func question(
        _ user: UserNumber, _ history: [(item: UInt32, time: Timestamp)], _ window: Window, _ table: ItemRows
    ) -> SequenceSet.Question? {
        let all = log.range(of: user, before: window.end)
        let start = log.range(of: user, before: window.start).upperBound
        let known = history.compactMap { table.row(of: $0.item) }
        guard start < all.upperBound, !known.isEmpty else { return nil }
        var basket = Set(log.items[start..<basketEnd(start, start..<all.upperBound)])
        if plan.repeats == .first { basket.subtract(history.map(\.item)) }
        guard !basket.isEmpty else { return nil }
        return .init(
            history: known, targets: basket.sorted().compactMap { table.row(of: $0) }, targetCount: basket.count)
    }

    /// Parts of at most `length + 1` items, each but the first beginning with the last item of the one before it.
    static func stretches(_ items: [Int32], length: Int) -> [[Int32]] {
        var (parts, end): ([[Int32]], Int) = ([], items.count)
        while end > 0 {
            let start = max(0, end - length - 1)
            parts.append(Array(items[start..<end]))
            end = start == 0 ? 0 : start + 1
        }
        return parts.reversed()
    }

    private func content(_ items: [UInt32]) -> ItemContent? {
        guard let vectors else { return nil }
        let none = [Float](repeating: 0, count: vectors.width)
        return ItemContent(width: vectors.width, values: items.flatMap { vectors.vector(of: ItemNumber($0)) ?? none })
    }
}

/// Which items a network knows, and by which number.
private struct ItemRows {
    /// Item numbers in ascending order.
    let items: [UInt32]
    /// Purchases by row; 0 for an item that is known by its content alone.
    let counts: [Int]
    /// By item number; -1 for one without a row, or without purchases enough.
    private let rows: [Int32]

    /// - Parameter least: Items with fewer purchases are no part of histories.
    /// - Parameter others: Whether an item that is no part of them has a row all the same; `nil` for none.
    init(_ histories: [[UInt32]], least: Int, itemLimit: Int, others: ((Int) -> Bool)?) {
        var bought = [Int](repeating: 0, count: itemLimit)
        for history in histories { for item in history where item < itemLimit { bought[Int(item)] += 1 } }
        var (items, counts): ([UInt32], [Int]) = ([], [])
        var rows = [Int32](repeating: -1, count: itemLimit)
        for item in 0..<itemLimit {
            let isKnown = bought[item] >= max(1, least)
            guard isKnown || others?(item) ?? false else { continue }
            if isKnown { rows[item] = Int32(items.count) }
            items.append(UInt32(item))
            counts.append(isKnown ? bought[item] : 0)
        }
        (self.items, self.counts, self.rows) = (items, counts, rows)
    }

    func row(of item: UInt32) -> Int32? {
        guard item < rows.count, rows[Int(item)] >= 0 else { return nil }
        return rows[Int(item)]
    }
}
