internal import Domain
internal import Features
internal import Meaning
internal import Storage

extension TextPairs {
    /// How pairs are made of a shop.
    struct Plan: Sendable, Hashable {
        /// The newest days of the log, which are held out.
        var heldOutDays = 28
        /// Baskets before the cut that must hold two texts together; of the held-out days a share of it, at least two.
        var leastTogether = 6
        /// How many times more often than by chance they must be bought together.
        var leastLift = 2.0
        /// Of a larger basket only so many texts count, the first by number.
        var largestBasket = 60
        /// Questions made up for each text.
        var syntheticEach = 2
        var seed: UInt64 = 1
    }

    /// Reads a shop's folder, which is not changed.
    ///
    /// - Parameter kinds: The kinds that are kept; all that there are for `nil`.
    /// - Throws: `StorageError` for a shop that cannot be read, `badData` for one without items.
    init(shop: String, heldOutDays: Int, kinds: [String]?, seed: UInt64) throws {
        let folder = ShopFolder(path: shop)
        _ = try folder.config()
        try self.init(
            reading: try folder.openStore(.readOnly), plan: Plan(heldOutDays: heldOutDays, seed: seed))
        if let kinds { parts.removeAll { !kinds.contains($0.kind.rawValue) } }
    }

    /// Reads the texts that `souk index` encodes, and pairs of real events; simulated events do not count.
    ///
    /// - Throws: `badData` for a shop without items.
    /// - Complexity: O(lines × texts of a basket).
    init(reading store: any CatalogueStore & EventStore, plan: Plan) throws {
        var texts: [String] = []
        var placeOfText: [String: Int] = [:]
        var textOfItem = [Int?](repeating: nil, count: try store.numberLimit())
        var last: ItemNumber?
        while true {
            let items = try store.items(after: last, limit: 1000)
            guard let end = items.last else { break }
            last = end.number
            for stored in items where !stored.isWithdrawn {
                let text = ItemText.text(of: stored.item)
                guard !text.isEmpty else { continue }
                let place = placeOfText[text] ?? texts.count
                if place == texts.count {
                    placeOfText[text] = place
                    texts.append(text)
                }
                textOfItem[stored.number.index] = place
            }
        }
        guard texts.count > 1 else { throw NeuralError(.badData, "The shop has no items with texts: import a feed.") }
        self.init(texts: texts, parts: [])
        add(.queries, try Self.queries(store, textOfItem, plan: plan))
        add(.baskets, try Self.baskets(store, textOfItem, plan: plan))
        add(.synthetic, SyntheticQueries.make(texts, plan: plan))
    }

    /// Keeps a kind that has something to learn from and something to measure on.
    private mutating func add(_ kind: Kind, _ questions: (training: [Question], heldOut: [Question])) {
        guard !questions.training.isEmpty, !questions.heldOut.isEmpty else { return }
        func named(_ questions: [Question]) -> [Question] {
            questions.map { Question(query: $0.own.map { texts[$0] } ?? $0.query, answers: $0.answers, own: $0.own) }
        }
        parts.append(Part(kind: kind, training: named(questions.training), heldOut: named(questions.heldOut)))
    }

    /// Queries with the texts of items that were chosen or bought after them, before and from the cut on.
    private static func queries(
        _ store: any EventStore, _ textOfItem: [Int?], plan: Plan
    ) throws -> (training: [Question], heldOut: [Question]) {
        var rows: [(time: Timestamp, query: String, text: Int)] = []
        let filter = EventFilter(names: [.selectItem, .addToCart, .purchase], includesSynthetic: false)
        try store.forEachEvent(filter) { logged in
            let query = (logged.event.query ?? "").lowercased().split(separator: " ").joined(separator: " ")
            guard !query.isEmpty else { return }
            for item in logged.items {
                guard let item, item.index < textOfItem.count, let text = textOfItem[item.index] else { continue }
                rows.append((logged.event.time, query, text))
            }
        }
        guard let end = rows.map(\.time).max() else { return ([], []) }
        let cut = end.adding(days: -Double(plan.heldOutDays))
        func questions(_ rows: [(time: Timestamp, query: String, text: Int)]) -> [Question] {
            Dictionary(grouping: rows, by: \.query).map { query, rows in
                Question(query: query, answers: Set(rows.map(\.text)).sorted())
            }.sorted { $0.query < $1.query }
        }
        return (questions(rows.filter { $0.time < cut }), questions(rows.filter { $0.time >= cut }))
    }

    /// Texts with those that are bought with them, before and from the cut on.
    private static func baskets(
        _ store: any CatalogueStore & EventStore, _ textOfItem: [Int?], plan: Plan
    ) throws -> (training: [Question], heldOut: [Question]) {
        let excluded = try ItemFacts(reading: store).excluded
        let log = try InteractionLog(reading: store, itemLimit: textOfItem.count, excluding: { excluded.contains($0) })
        guard let end = log.end else { return ([], []) }
        let cut = end.adding(days: -Double(plan.heldOutDays)).milliseconds
        var (before, after) = (BasketCounts(), BasketCounts())
        var start = 0
        while start < log.count {
            var stop = start + 1
            while stop < log.count, log.baskets[stop] == log.baskets[start] { stop += 1 }
            let texts = Set(log.items[start..<stop].compactMap { textOfItem[Int($0)] }).sorted()
            let counted = Array(texts.prefix(plan.largestBasket))
            if log.times[start] < cut { before.add(counted) } else { after.add(counted) }
            start = stop
        }
        let share = Double(after.baskets) / Double(max(1, before.baskets))
        let least = max(2, Int((Double(plan.leastTogether) * share).rounded()))
        return (
            before.questions(leastTogether: plan.leastTogether, leastLift: plan.leastLift),
            after.questions(leastTogether: least, leastLift: plan.leastLift)
        )
    }
}

/// How many baskets hold a text, and two of them together.
struct BasketCounts {
    private(set) var baskets = 0
    private var alone: [Int: Int] = [:]
    private var together: [UInt64: Int32] = [:]

    /// - Parameter texts: Of one basket, ascending, each once.
    mutating func add(_ texts: [Int]) {
        baskets += 1
        for (place, text) in texts.enumerated() {
            alone[text, default: 0] += 1
            for other in texts[(place + 1)...] { together[UInt64(text) << 32 | UInt64(other), default: 0] += 1 }
        }
    }

    /// Each text with those that are bought with it at least `leastTogether` times, and `leastLift` times as often as by chance.
    func questions(leastTogether: Int, leastLift: Double) -> [TextPairs.Question] {
        var answers: [Int: [Int]] = [:]
        for (key, count) in together where count >= leastTogether {
            let (first, second) = (Int(key >> 32), Int(key & 0xFFFF_FFFF))
            let byChance = Double(alone[first] ?? 0) * Double(alone[second] ?? 0) / Double(max(1, baskets))
            guard Double(count) >= leastLift * byChance else { continue }
            answers[first, default: []].append(second)
            answers[second, default: []].append(first)
        }
        return answers.sorted { $0.key < $1.key }
            .map { TextPairs.Question(query: "", answers: $0.value.sorted(), own: $0.key) }
    }
}
