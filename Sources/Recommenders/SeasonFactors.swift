import Domain
import Features
import Foundation

/// How much more or less of each product type sells in the weeks to come than in the last ones, as in the same weeks of earlier years.
///
/// The ratio of a type's shares in both windows, each drawn to its share of the whole log as a Dirichlet prior of `strength` lines
/// would have it: what hardly sells has no season. Earlier years lie 52 weeks apart, so that days of the week agree. The idea is that of
/// multiplicative seasonal indices (Winters, Management Science 6, 1960).
struct SeasonFactors {
    static let windowDays = 28.0
    /// How many lines of the type's usual share count beside those of a window.
    static let strength = 200.0
    /// No season makes more of an item than this, or less than one part in it.
    static let most = 4.0
    private static let yearDays = 364.0
    private static let mostYears = 5

    /// By number of the product type.
    private let factors: [Double]
    private let facts: ItemFacts

    /// `nil` for a log that does not hold a whole year and both windows of an earlier one.
    ///
    /// - Complexity: O(lines).
    init?(_ set: TrainingSet) {
        guard let first = set.log.times.min() else { return nil }
        let known = set.now.days(since: Timestamp(milliseconds: first))
        let years = min(Self.mostYears, Int((known - Self.windowDays) / Self.yearDays))
        guard years > 0, !set.facts.typePaths.isEmpty else { return nil }
        var (coming, past, all) = (Shares(set.facts), Shares(set.facts), Shares(set.facts))
        for user in 0..<set.log.userLimit {
            for place in set.log.range(of: UserNumber(UInt32(user)), before: set.now) {
                let item = set.log.items[place]
                guard let type = set.facts.type(ItemNumber(item)) else { continue }
                all.add(type)
                let age = set.now.days(since: Timestamp(milliseconds: set.log.times[place]))
                let year = ((age + Self.windowDays) / Self.yearDays).rounded(.down)
                guard year >= 1, Int(year) <= years else { continue }
                // Days since this moment of that year.
                let since = year * Self.yearDays - age
                if since >= 0 && since < Self.windowDays { coming.add(type) }
                if since < 0 && since >= -Self.windowDays { past.add(type) }
            }
        }
        facts = set.facts
        factors = set.facts.typePaths.indices.map { type in
            let usual = all.share(type)
            let ratio =
                coming.share(type, prior: usual, strength: Self.strength)
                / past.share(type, prior: usual, strength: Self.strength)
            return ratio.isFinite ? min(Self.most, max(1 / Self.most, ratio)) : 1
        }
    }

    /// What an item's weight is multiplied by; 1 for an item without a type.
    func factor(of item: UInt32) -> Double { facts.type(ItemNumber(item)).map { factors[Int($0)] } ?? 1 }

    /// How lines are parted among types.
    private struct Shares {
        private var counts: [Double]
        private var total = 0.0

        init(_ facts: ItemFacts) { counts = Array(repeating: 0, count: facts.typePaths.count) }

        mutating func add(_ type: UInt32) {
            counts[Int(type)] += 1
            total += 1
        }

        func share(_ type: Int, prior: Double = 0, strength: Double = 0) -> Double {
            (counts[type] + strength * prior) / max(1, total + strength)
        }
    }
}
