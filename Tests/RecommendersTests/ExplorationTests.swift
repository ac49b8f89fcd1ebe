import Domain
import Numerics
import Recommenders
import Testing

/// New items on shelves, within a budget.
@Suite struct ExplorationTests {
    private static let start = Timestamp(year: 2026, month: 3, day: 1)

    @Test func `a prior is that of the kind, drawn to category and shop`() {
        typealias Kind = ClickPriors.Kind
        var items: [(kind: Kind, seen: Exposure)] = []
        for number in 0..<40 {
            let kind = Kind(category: UInt32(number % 2), level: number % 4 < 2 ? .low : .high)
            items.append((kind, Exposure(impressions: 1000, clicks: number % 2 == 0 ? 100 + number : 20 + number)))
        }
        let priors = ClickPriors(items)
        let (often, seldom) = (
            priors.prior(Kind(category: 0, level: .low)), priors.prior(Kind(category: 1, level: .low))
        )
        #expect(often.mean > 0.1 && seldom.mean < 0.06 && priors.rate > 0.06 && priors.rate < 0.1)
        #expect(abs(often.alpha + often.beta - priors.strength) < 1e-9)
        #expect(ClickPriors.strengthRange.contains(priors.strength))
        // An unknown price level has its category's rate, an unknown category the shop's.
        #expect(abs(priors.prior(Kind(category: 0, level: .middle)).mean - often.mean) < 0.03)
        #expect(abs(priors.prior(Kind(category: 99, level: .low)).mean - priors.rate) < 1e-12)
        let none = ClickPriors.none
        #expect(none.rate == ClickPriors.defaultRate && none.strength == ClickPriors.defaultStrength)
        let damaged = ClickPriors([(kind: Kind(category: 0, level: .low), seen: Exposure(impressions: 5, clicks: 50))])
        #expect(damaged.prior(Kind(category: 0, level: .low)).mean < 1)
    }

    @Test func `the strength is that of the spread it was made with`() {
        var random = SeededGenerator(seed: 21)
        for strength in [30.0, 200] {
            let truth = BetaDistribution(alpha: 0.08 * strength, beta: 0.92 * strength)
            let items = (0..<1500).map { _ in
                let (rate, trials) = (truth.draw(&random), Int.random(in: 20...400, using: &random))
                let clicks = (0..<trials).count { _ in random.unit() < rate }
                return (
                    kind: ClickPriors.Kind(category: 0, level: .middle),
                    seen: Exposure(impressions: trials, clicks: clicks)
                )
            }
            let priors = ClickPriors(items)
            #expect(abs(priors.strength / strength - 1) < 0.25, "\(priors.strength) for \(strength)")
        }
    }

    @Test func `price levels are those of the category`() {
        typealias Level = ClickPriors.PriceLevel
        #expect(Level(price: 100, median: 200) == .low && Level(price: 200, median: 200) == .middle)
        #expect(Level(price: 300, median: 200) == .high)
        for (price, median) in [(nil, 200), (100, nil), (-1, 200), (100, 0)] as [(Int64?, Int64?)] {
            #expect(Level(price: price, median: median) == .middle)
        }
    }

    @Test func `what was shown often enough is not explored`() {
        let kind = ClickPriors.Kind(category: nil, level: .middle)
        let priors = ClickPriors([(kind: kind, seen: Exposure(impressions: 1000, clicks: 50))])
        var random = SeededGenerator(seed: 3)
        let known = (
            item: ItemNumber(1), kind: kind, seen: Exposure(impressions: Exploration.impressionLimit, clicks: 150)
        )
        let fresh = (item: ItemNumber(2), kind: kind, seen: Exposure(impressions: 3, clicks: 2))
        for _ in 0..<50 {
            let chosen = Exploration.choose([known, fresh], priors: priors, places: 4, &random)
            #expect(chosen.allSatisfy { $0.item == ItemNumber(2) && $0.draw > priors.rate })
        }
        #expect(Exploration.choose([fresh], priors: priors, places: 0, &random).isEmpty)
        #expect(Exploration.mix(["x", "y"], into: ["a", "b", "c", "d", "e"]) == ["a", "b", "c", "x", "d"])
        #expect(Exploration.mix(["x"], into: ["a", "b"]) == ["a", "b"])
    }

    @Test func `explored places stay within the share, whatever is seen`() {
        var random = SeededGenerator(seed: 8)
        for share in [0.0, 0.02, 0.1, 0.2, 0.9, .nan] {
            var budget = ExplorationBudget(share: share)
            let bound = share.isNaN ? 0 : min(0.2, share)
            var (places, explored, now) = (0, 0, Self.start)
            for _ in 0..<2000 {
                now = Timestamp(milliseconds: now.milliseconds + 20_000)
                let room = budget.room(places: 12, at: now)
                budget.promise(room, at: now)
                // Some answers are never looked at.
                guard random.unit() < 0.8 else { continue }
                budget.saw(places: 12, explored: room, at: now)
                (places, explored) = (places + 12, explored + room)
                #expect(Double(explored) <= bound * Double(places) + 1e-6)
            }
            #expect(bound == 0 ? explored == 0 : Double(explored) > 0.5 * bound * Double(places))
            let window = budget.window(now)
            #expect(window.places == places && window.explored == explored)
        }
    }

    @Test func `what was spent a week ago is forgotten, what was promised counts`() {
        var budget = ExplorationBudget(share: 0.1)
        budget.saw(places: 100, explored: 60, at: Self.start)
        #expect(budget.room(places: 100, at: Self.start) == 0)
        let later = Self.start.adding(days: 8)
        #expect(budget.room(places: 100, at: later) == 10)
        budget.promise(10, at: later)
        #expect(budget.room(places: 100, at: later) == 0)
        let evening = Timestamp(milliseconds: later.milliseconds + ExplorationBudget.promiseLifetime + 1)
        #expect(budget.room(places: 100, at: evening) == 10)
    }

    /// Clicks lost against the shelf of the truly best items, over all shelves.
    private static func regret(share: Double, seed: UInt64) -> Double {
        let (old, new, length, rounds) = (40, 20, 10, 2500)
        var random = SeededGenerator(seed: seed)
        let spread = BetaDistribution(alpha: 2, beta: 38)
        let rates = (0..<old + new).map { _ in spread.draw(&random) }
        let best = rates.sorted(by: >).prefix(length).reduce(0, +)
        let kind = ClickPriors.Kind(category: 0, level: .middle)
        var seen = rates.enumerated().map { index, rate in
            guard index < old else { return Exposure() }
            return Exposure(impressions: 2000, clicks: (0..<2000).count { _ in random.unit() < rate })
        }
        let priors = ClickPriors(seen.map { (kind: kind, seen: $0) })
        var budget = ExplorationBudget(share: share)
        var lost = 0.0
        for round in 0..<rounds {
            let now = Timestamp(milliseconds: start.milliseconds + Int64(round) * 30_000)
            let order = seen.indices.sorted {
                (priors.posterior(kind, seen[$1]).mean, $0) < (priors.posterior(kind, seen[$0]).mean, $1)
            }
            let usual = Array(order.prefix(length))
            let candidates = (old..<old + new).filter { !usual.contains($0) }.map {
                (item: ItemNumber(UInt32($0)), kind: kind, seen: seen[$0])
            }
            let room = min(budget.room(places: length, at: now), Exploration.places(in: length).count)
            let chosen = Exploration.choose(candidates, priors: priors, places: room, &random)
            let shelf = Exploration.mix(chosen.map(\.item.index), into: usual)
            for item in shelf {
                seen[item].impressions += 1
                if random.unit() < rates[item] { seen[item].clicks += 1 }
            }
            budget.saw(places: length, explored: chosen.count, at: now)
            lost += best - shelf.reduce(0) { $0 + rates[$1] }
        }
        return lost
    }

    @Test func `exploration loses fewer clicks than ranking by what is known`() {
        var (plain, explored) = (0.0, 0.0)
        for seed in 1...UInt64(3) {
            plain += Self.regret(share: 0, seed: seed)
            explored += Self.regret(share: 0.1, seed: seed)
        }
        #expect(explored < 0.8 * plain, "\(explored) and \(plain)")
    }
}
