import Domain
import Features
import Testing

@testable import Recommenders

@Suite struct ExplanationTests {
    private static let set = ShortHistoryTests.set(weeks: 20)
    private static let recommendations = Recommendations(models: RecommenderModels.train(set), facts: ItemFacts())

    private func list(
        _ scenario: Scenario, lines: Int = .max, _ change: (inout RecommendationContext) -> Void = { _ in }
    )
        -> (plain: [Recommendation], explained: [Recommendation])
    {
        let history = Array(Self.set.log.history(of: UserNumber(3)).suffix(lines))
        var context = RecommendationContext(now: Self.set.now, user: UserNumber(3), history: history)
        change(&context)
        let plain = Self.recommendations.answer(scenario, for: context, limit: 8)
        context.explains = true
        return (plain, Self.recommendations.answer(scenario, for: context, limit: 8))
    }

    @Test func `every part of the ranker's features has its group`() {
        #expect(Set(BasketFeature.allCases.map(\.part)) == Set(RankerPart.allCases))
        #expect(RankerPart.allCases.map(\.number) == Array(0..<RankerPart.allCases.count))
    }

    @Test(arguments: [Scenario.home, .buyAgain])
    func `parts of a ranked item add up to its chance, and change nothing of the list`(_ scenario: Scenario) throws {
        let (plain, explained) = list(scenario)
        #expect(explained.map(\.item) == plain.map(\.item) && explained.map(\.score) == plain.map(\.score))
        #expect(explained.count == 8)
        for found in explained {
            #expect(found.contributions.map(\.part) == ["candidates"] + RankerPart.allCases.map(\.rawValue))
            #expect(found.contributions.allSatisfy { $0.model == "hybrid" })
            #expect(abs(found.contributions.reduce(0) { $0 + $1.value } - found.score) < 1e-6)
        }
        // All have one comparison, and what the person bought speaks more for the first than for the last.
        let bases = explained.compactMap { $0.contributions.first?.value }
        #expect(bases.allSatisfy { abs($0 - bases[0]) < 1e-12 })
        func own(_ found: Recommendation) throws -> Double {
            try #require(found.contributions.first { $0.part == "own" }).value
        }
        #expect(try own(explained[0]) > own(explained[7]))
        #expect(plain.allSatisfy { $0.contributions == [.init(model: "hybrid", value: $0.score)] })
    }

    @Test func `a short history is explained by the blend's sums, and what is popular is one part`() {
        let (plain, explained) = list(.home, lines: 5)
        #expect(explained.map(\.item) == plain.map(\.item))
        for found in explained {
            #expect(found.contributions.map(\.part) == ["own", "people", "sales"])
            #expect(found.contributions.allSatisfy { $0.model == "blend" && $0.value >= 0 })
            #expect(abs(found.contributions.reduce(0) { $0 + $1.value } - found.score) < 1e-9)
        }
        #expect(explained[0].contributions[0].value > 0)
        let stranger = list(.home, lines: 0).explained
        #expect(!stranger.isEmpty)
        for found in stranger { #expect(found.contributions == [.init(model: "popularity", value: found.score)]) }
    }

    @Test func `a list that was put together anew is explained all the same`() {
        let (plain, explained) = list(.home) { $0.reranking.method = .mmr(0.3) }
        #expect(explained.map(\.item) == plain.map(\.item))
        #expect(explained.allSatisfy { $0.contributions.count == RankerPart.allCases.count + 1 })
    }
}
