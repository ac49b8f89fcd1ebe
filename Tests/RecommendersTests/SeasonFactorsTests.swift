import Domain
import Features
import Testing

@testable import Recommenders

/// A shop that sells garden things in spring and gifts in December, and bread all year.
@Suite struct SeasonFactorsTests {
    private let names = ["Garden", "Gifts", "Bread"]

    /// - Parameter days: How long the log is; it ends before day `now`, which is day 330 of a year of 364 days.
    private func set(days: Int, isSeasonal: Bool = true) throws -> TrainingSet {
        var facts = ItemFacts()
        for number in 0..<9 {
            var item = Item(id: try #require(ItemID("x\(number)")), title: "Item \(number)")
            item.productType = [names[number % 3]]
            facts.set(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
        }
        let now = 4 * 364 + 330
        var lines: [InteractionLog.Line] = []
        for day in (now - days)..<now {
            let date = day % 364
            for user in 0..<10 {
                // Items 0, 3 and 6 are for the garden, 1, 4 and 7 are gifts; lower numbers sell more.
                let kind = !isSeasonal ? user % 3 : date >= 330 ? 1 : (60..<150).contains(date) ? 0 : 2
                let item = kind + (user < 6 ? 0 : user < 9 ? 3 : 6)
                lines.append(
                    InteractionLog.Line(
                        user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                        time: Timestamp(milliseconds: Int64(day) * 86_400_000), price: 100, group: Int64(day)))
            }
        }
        return TrainingSet(
            log: InteractionLog(lines, itemLimit: 9), facts: facts,
            now: Timestamp(milliseconds: Int64(now) * 86_400_000))
    }

    private func popular(_ set: TrainingSet) -> [UInt32] {
        PopularityModel.train(set).candidates(for: RecommendationContext(now: set.now), limit: 3).map(\.item.rawValue)
    }

    @Test func `what sold in the weeks to come of earlier years rises, what ended falls`() throws {
        let factors = try #require(SeasonFactors(try set(days: 3 * 364)))
        #expect(factors.factor(of: 1) == SeasonFactors.most && factors.factor(of: 4) == SeasonFactors.most)
        #expect(factors.factor(of: 2) < 0.5)
        #expect(abs(factors.factor(of: 0) - 1) < 0.05)
        // Without a type there is no season.
        #expect(factors.factor(of: 100) == 1)
    }

    @Test func `shares are drawn to those of the whole log`() throws {
        // Two years and two windows: of 280 lines of either window all are bread before and all gifts after, in both years that are seen.
        let set = try set(days: 2 * 364 + 28)
        let lines = Double(set.log.count)
        let gifts = Double(set.log.items.count { $0 % 3 == 1 }) / lines
        let bread = Double(set.log.items.count { $0 % 3 == 2 }) / lines
        let factors = try #require(SeasonFactors(set))
        let strength = SeasonFactors.strength
        #expect(factors.factor(of: 1) == min(4, (560 + strength * gifts) / (strength * gifts)))
        let expected = strength * bread / (560 + strength * bread)
        #expect(abs(factors.factor(of: 2) - max(0.25, expected)) < 1e-12)
    }

    @Test func `a log of one year knows no season`() throws {
        #expect(SeasonFactors(try set(days: 364 + 20)) == nil)
        #expect(SeasonFactors(try set(days: 364 + 28)) != nil)
        #expect(SeasonFactors(TrainingSet(log: InteractionLog([], itemLimit: 0))) == nil)
    }

    @Test func `where sales do not hang on the season nothing changes its place`() throws {
        let factors = try #require(SeasonFactors(try set(days: 3 * 364, isSeasonal: false)))
        for item: UInt32 in 0..<9 { #expect(abs(factors.factor(of: item) - 1) < 1e-9) }
    }

    @Test func `gifts enter what is popular before they sell`() throws {
        let long = try set(days: 3 * 364)
        // A year's log has nothing but bread in its last weeks that counts.
        #expect(popular(try set(days: 200)) == [2, 5, 8])
        // One gift sold lately, as does bread: its season decides.
        var lines = [InteractionLog.Line]()
        for user in 0..<long.log.userLimit {
            for place in long.log.range(of: UserNumber(UInt32(user))) {
                lines.append(
                    InteractionLog.Line(
                        user: UserNumber(UInt32(user)), item: ItemNumber(long.log.items[place]),
                        time: Timestamp(milliseconds: long.log.times[place]), price: 100, group: Int64(place)))
            }
        }
        for day in 1...40 {
            lines.append(
                InteractionLog.Line(
                    user: UserNumber(UInt32(day % 10)), item: ItemNumber(1),
                    time: long.now.adding(days: -Double(day)), price: 100, group: Int64(1_000_000 + day)))
        }
        var mixed = long
        mixed.log = InteractionLog(lines, itemLimit: 9)
        let season = try #require(SeasonFactors(mixed))
        let (gift, bread) = (season.factor(of: 1), season.factor(of: 2))
        #expect(gift > 1.5 && bread < 0.6)
        #expect(popular(mixed).contains(1))
    }
}
