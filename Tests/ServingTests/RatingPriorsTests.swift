import Domain
import Foundation
import JSON
import Numerics
import Serving
import Testing

/// Stars drawn to the category's mean.
@Suite struct RatingPriorsTests {
    /// See `golden_ratings.py`; tolerance 1e-9, relative.
    @Test func `spread and stars agree with statsmodels`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_ratings.json")
        let cases = try JSONValue(parsing: try Data(contentsOf: file))["cases"]?.arrayValue ?? []
        #expect(cases.count == 12)
        for one in cases {
            let items = one["items"]?.arrayValue ?? []
            let observations = items.map { item in
                Self.observation(item["category"]?.integerValue.map { UInt32($0) }, Self.numbers(item["stars"]))
            }
            let priors = RatingPriors(observations)
            let variances = try #require(priors.variances)
            func check(_ value: Double, _ expected: JSONValue?) throws {
                let expected = try #require(Self.number(expected))
                #expect(abs(value - expected) <= 1e-9 * max(1, abs(expected)), "\(value) and \(expected)")
            }
            try check(variances.withinItems, one["within"])
            try check(variances.betweenItems, one["between"])
            try check(variances.betweenCategories, one["categories"])
            try check(priors.strength, one["strength"])
            try check(priors.shopMean, one["shop"])
            for (category, mean) in (one["category_means"]?.arrayValue ?? []).enumerated() {
                try check(try #require(priors.categoryMeans[UInt32(category)]), mean)
            }
            for (observation, item) in zip(observations, items) {
                let stars = priors.mean(
                    category: observation.category, count: observation.count, sum: observation.sum)
                try check(stars, item["expect"])
            }
        }
    }

    @Test func `stars are nearer to what items are worth than plain means`() {
        var random = SeededGenerator(seed: 5)
        func normal() -> Double {
            (-2 * log(max(1e-12, random.unit()))).squareRoot() * cos(2 * .pi * random.unit())
        }
        var (worths, observations): ([Double], [RatingPriors.Observation]) = ([], [])
        for category in 0..<30 {
            let level = 3.6 + 0.3 * normal()
            for _ in 0..<20 {
                worths.append(level + 0.4 * normal())
                let ratings = (0..<Int.random(in: 1...12, using: &random)).map { _ in (worths.last ?? 0) + normal() }
                observations.append(Self.observation(UInt32(category), ratings))
            }
        }
        let priors = RatingPriors(observations)
        // k = 1 / .16 = 6.25 in truth.
        #expect(abs(priors.strength - 6.25) < 1.5 && abs(priors.shopMean - 3.6) < 0.2)
        func error(_ estimate: (RatingPriors.Observation) -> Double) -> Double {
            zip(observations, worths).reduce(0) { $0 + pow(estimate($1.0) - $1.1, 2) } / Double(worths.count)
        }
        let plain = error { $0.sum / Double($0.count) }
        let toShop = error { ($0.sum + 10 * priors.shopMean) / (Double($0.count) + 10) }
        let drawn = error { priors.mean(category: $0.category, count: $0.count, sum: $0.sum) }
        #expect(drawn < toShop && drawn < 0.6 * plain, "\(drawn), \(toShop) and \(plain)")
    }

    @Test func `few, equal and damaged ratings leave a prior that can be used`() {
        let none = RatingPriors([])
        #expect(none.shopMean == 3 && none.strength == RatingPriors.defaultStrength && none.variances == nil)
        let one = RatingPriors([Self.observation(nil, [5])])
        #expect(one.shopMean == 5 && one.mean(category: 7, count: 1, sum: 5) == 5)
        let broken = RatingPriors.Observation(category: 1, count: 2, sum: .nan, sumOfSquares: 1)
        let empty = RatingPriors.Observation(category: 1, count: 0, sum: 0, sumOfSquares: 0)
        #expect(RatingPriors([broken, empty]) == none)
        // Nobody disagrees about anything: ratings say everything.
        let sure = RatingPriors((0..<40).map { Self.observation(0, [Double($0 % 5 + 1), Double($0 % 5 + 1)]) })
        #expect(abs(sure.mean(category: 0, count: 2, sum: 10) - 5) < 1e-4)
        // Items do not differ: their mean says everything.
        let same = RatingPriors((0..<40).map { _ in Self.observation(0, [1, 5]) })
        #expect(same.strength == RatingPriors.maximumStrength)
        #expect(abs(same.mean(category: 0, count: 2, sum: 10) - 3) < 0.01)
    }

    @Test func `pages show the stars that the log and new events give`() throws {
        func rate(_ item: Int, _ stars: Double, _ id: String) -> Event {
            var event = Event(id: id, name: .rateItem, time: Timestamp(year: 2026, month: 1, day: 1))
            (event.items, event.rating) = ([EventItem(item: itemID("i\(item)"))], stars)
            return event
        }
        let events = (0..<12).map { rate($0 % 2, $0 % 2 == 0 ? 5 : 2, "e\($0)") }
        let open = try OpenShop(titles: ["apple", "pear", "plum", "fig"], events: events)
        try open.service.warm()
        _ = try open.service.ingest([
            try JSONValue(
                parsing: Array(
                    """
                    {"event_id":"n1","name":"rate_item","rating":5,"items":[{"item_id":"i2"}]}
                    """.utf8))
        ])
        func stars(_ item: Int) throws -> Rating? { try open.service.item(itemID("i\(item)")).card.rating }
        let (many, one) = (try #require(try stars(0)), try #require(try stars(2)))
        #expect(many.mean == 5 && many.count == 6 && one.mean == 5 && one.count == 1)
        #expect(one.stars < many.stars && many.stars < 5)
        #expect(try stars(3) == nil)
        var call = SearchCall()
        call.sort = .rating
        #expect(try open.service.search(call).entries.map(\.card.item.id.rawValue) == ["i0", "i2", "i1", "i3"])
    }

    private static func observation(_ category: UInt32?, _ stars: [Double]) -> RatingPriors.Observation {
        RatingPriors.Observation(
            category: category, count: stars.count, sum: stars.reduce(0, +),
            sumOfSquares: stars.reduce(0) { $0 + $1 * $1 })
    }

    private static func numbers(_ value: JSONValue?) -> [Double] { value?.arrayValue?.compactMap(number) ?? [] }

    private static func number(_ value: JSONValue?) -> Double? {
        value?.doubleValue ?? value?.integerValue.map { Double($0) }
    }
}
