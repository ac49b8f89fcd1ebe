public import Domain
import Features
import Numerics

/// Examples of the question "does this person buy this item within so many days?", as it stands at one moment.
///
/// Rows are the features of the stacked ranker (`BasketFeature`), computed by the code that serves, from events before the moment
/// alone; the label looks at what came from there on. As many examples are negative as positive, so a chance that a model
/// learns from them is a chance among such pairs, not among all pairs of the shop.
public struct PurchaseExamples: Sendable {
    /// Where the items that were not bought come from.
    public enum Negatives: String, Sendable, CaseIterable {
        /// Every item that sold before the moment, each as probable as another.
        case catalogue
        /// Lines of purchases before the moment: an item is as probable as it sells.
        case popular
        /// The items that the shop would recommend to the person.
        case candidates
    }

    /// How examples are made.
    public struct Plan: Sendable, Hashable {
        /// Length of the time in which a purchase counts, in days.
        public var days = 14
        public var negatives = Negatives.popular
        /// The most examples of one moment, half of them positive.
        public var limit = 10_000
        /// The most bought items of one person.
        public var positivesEach = 4
        public var seed: UInt64 = 1
        public init() {}
    }

    /// Names of the columns.
    public static let features = BasketFeature.allCases.map { String(describing: $0) }

    /// Shape `[count, features.count]`; NaN stands for what does not exist.
    public private(set) var rows: [Float] = []
    /// Shape `[count]`, as are both below.
    public private(set) var labels: [Bool] = []
    public private(set) var users: [UInt32] = []
    public private(set) var items: [UInt32] = []
    public var count: Int { labels.count }

    public init() {}

    public mutating func append(_ other: PurchaseExamples) {
        rows += other.rows
        labels += other.labels
        users += other.users
        items += other.items
    }

    /// Makes examples of people who bought before `cut` and within `plan.days` from it, people in an order drawn by the seed.
    ///
    /// - Parameter set: Purchases up to the end of those days at least.
    /// - Complexity: That of the ranker's evidence at `cut`, and of its rows for `plan.limit` pairs.
    public init(at cut: Timestamp, from set: TrainingSet, plan: Plan) {
        self.init(RankerRows(at: cut, from: set), plan: plan)
    }

    /// The same at the moment of rows that are at hand.
    public init(_ ranker: RankerRows, plan: Plan) {
        let (cut, set) = (ranker.moment, ranker.set)
        let source = NegativeSource(set, before: cut, plan.negatives)
        var random = SeededGenerator(seed: plan.seed ^ UInt64(bitPattern: cut.milliseconds))
        let people = (0..<UInt32(set.log.userLimit)).shuffled(using: &random)
        for person in people where count + 2 <= plan.limit {
            let user = UserNumber(person)
            let known = set.log.range(of: user, before: cut)
            let end = set.log.range(of: user, before: cut.adding(days: Double(plan.days))).upperBound
            let bought = Set(set.log.items[known.upperBound..<end])
            guard !known.isEmpty, !bought.isEmpty else { continue }
            let asked = ranker.asked(by: user)
            let pairs = source.draw(min(plan.positivesEach, (plan.limit - count) / 2), bought, &random) {
                asked.candidates.map(\.item.rawValue)
            }
            rows += ranker.evidence.rows(of: pairs, asked)
            labels += pairs.map(bought.contains)
            users += pairs.map { _ in person }
            items += pairs
        }
    }
}

/// Draws items that somebody bought, and as many that they did not, from the same range of items.
private struct NegativeSource {
    private static let tries = 50
    private let kind: PurchaseExamples.Negatives
    /// What is drawn from, each entry as probable as another.
    private let pool: [UInt32]
    private let range: Set<UInt32>

    init(_ set: TrainingSet, before cut: Timestamp, _ kind: PurchaseExamples.Negatives) {
        self.kind = kind
        let log = set.log
        let sold = log.items.indices.lazy
            .filter { log.times[$0] < cut.milliseconds && !set.facts.hidden.contains(ItemNumber(log.items[$0])) }
            .map { log.items[$0] }
        range = kind == .candidates ? [] : Set(sold)
        pool =
            switch kind {
            case .catalogue: range.sorted()
            case .popular: Array(sold)
            case .candidates: []
            }
    }

    /// At most `limit` bought items with as many others behind them, each once.
    func draw(
        _ limit: Int, _ bought: Set<UInt32>, _ random: inout SeededGenerator, candidates: () -> [UInt32]
    ) -> [UInt32] {
        let own = kind == .candidates ? candidates() : []
        let range = kind == .candidates ? Set(own) : range
        let positives = Array(bought.intersection(range).sorted().shuffled(using: &random).prefix(limit))
        if kind == .candidates {
            let others = own.filter { !bought.contains($0) }.shuffled(using: &random).prefix(positives.count)
            return Array(positives.prefix(others.count)) + others
        }
        var (others, seen): ([UInt32], Set<UInt32>) = ([], bought)
        for _ in 0..<positives.count * Self.tries where others.count < positives.count {
            guard let item = pool.randomElement(using: &random) else { break }
            if seen.insert(item).inserted { others.append(item) }
        }
        return Array(positives.prefix(others.count)) + others
    }
}
