public import Domain
public import Numerics

/// Shows new items to learn what they are worth: Thompson sampling (Thompson, 1933; Chapelle and Li, NIPS 2011) with a budget.
///
/// For each new item a click rate is drawn from what is known of it; the largest draws take places of a shelf if they pass the
/// shop's own rate, which a place earns otherwise. Little known means wide draws, so that what is unknown gets its chance, and what
/// turns out badly is soon left alone.
public enum Exploration {
    /// An item shown this often is known: it has to hold its own.
    public static let impressionLimit = 200
    /// Shorter shelves are left alone; the first explored place, and the distance to the next.
    public static let firstPlace = 3
    private static let distance = 4

    public struct Choice: Hashable, Sendable {
        public var item: ItemNumber
        /// The click rate that was drawn for it.
        public var draw: Double
        /// What is known of it.
        public var posterior: BetaDistribution
    }

    /// The items to show at `places` places or fewer, largest draw first.
    ///
    /// - Parameter candidates: New items with what is known of each; those shown often enough are passed over.
    public static func choose(
        _ candidates: [(item: ItemNumber, kind: ClickPriors.Kind, seen: Exposure)], priors: ClickPriors, places: Int,
        _ random: inout some RandomNumberGenerator
    ) -> [Choice] {
        guard places > 0 else { return [] }
        var choices: [Choice] = []
        for (item, kind, seen) in candidates where seen.impressions < impressionLimit {
            let posterior = priors.posterior(kind, seen)
            let draw = posterior.draw(&random)
            if draw > priors.rate { choices.append(Choice(item: item, draw: draw, posterior: posterior)) }
        }
        return Array(choices.sorted { ($1.draw, $0.item) < ($0.draw, $1.item) }.prefix(places))
    }

    /// Where explored items stand in a shelf of so many: the fourth place and every fourth after it.
    public static func places(in count: Int) -> [Int] { Array(stride(from: firstPlace, to: count, by: distance)) }

    /// Puts explored items into their places; what stood there moves on, and as many fall off the end.
    public static func mix<Entry>(_ explored: [Entry], into shelf: [Entry]) -> [Entry] {
        var result = shelf
        for (place, entry) in zip(places(in: shelf.count), explored) { result.insert(entry, at: place) }
        return Array(result.prefix(shelf.count))
    }
}

/// How many places of shelves may go to new items: a share of those that shoppers saw in the last days.
///
/// Places that were promised in an answer and not yet reported as seen count too, for a while.
public struct ExplorationBudget: Hashable, Sendable {
    public static let windowDays: Int64 = 7
    /// Milliseconds after which an answer that nobody reported as seen no longer counts.
    public static let promiseLifetime: Int64 = 600_000

    private struct Day: Hashable, Sendable {
        var places = 0
        var explored = 0
    }

    /// 0...0.2.
    public let share: Double
    private var days: [Int64: Day] = [:]
    private var promised = 0
    private var promisedAt: Int64 = .min

    public init(share: Double) { self.share = share.isFinite ? min(0.2, max(0, share)) : 0 }

    /// Notes what a shopper saw: places of shelves, and how many of them showed new items.
    public mutating func saw(places: Int, explored: Int, at time: Timestamp) {
        days[Self.day(time), default: Day()].places += places
        days[Self.day(time), default: Day()].explored += explored
        promised = max(0, promised - explored)
        guard days.count > 2 * Int(Self.windowDays) else { return }
        let newest = days.keys.max() ?? 0
        days = days.filter { $0.key > newest - Self.windowDays }
    }

    /// Notes that an answer shows so many new items.
    public mutating func promise(_ count: Int, at now: Timestamp) {
        forget(now)
        promised += count
        if count > 0 { promisedAt = now.milliseconds }
    }

    /// How many of the `places` of an answer may show new items: so that all together stay within the share.
    public mutating func room(places: Int, at now: Timestamp) -> Int {
        forget(now)
        let seen = window(now)
        let allowed = share * Double(seen.places + places)
        // Shares such as .1 are not exact: a place must not be lost to the last bit.
        return max(0, Int((allowed + 1e-9).rounded(.down)) - seen.explored - promised)
    }

    /// Places seen in the window, and those of them that showed new items.
    public func window(_ now: Timestamp) -> (places: Int, explored: Int) {
        let today = Self.day(now)
        return days.reduce(into: (places: 0, explored: 0)) { sum, day in
            guard day.key > today - Self.windowDays, day.key <= today else { return }
            sum.places += day.value.places
            sum.explored += day.value.explored
        }
    }

    private mutating func forget(_ now: Timestamp) {
        if now.milliseconds - Self.promiseLifetime > promisedAt { promised = 0 }
    }

    private static func day(_ time: Timestamp) -> Int64 {
        // Rounded down, also before 1970.
        time.milliseconds >= 0 ? time.milliseconds / 86_400_000 : (time.milliseconds - 86_399_999) / 86_400_000
    }
}
