import Testing

@testable import Learning

@Suite struct MedianRuleTests {
    /// Means after one window .1 to .5; the last two rivals ended there.
    private let rule = MedianRule(rivals: [[0.1, 0.9], [0.2, 0.9], [0.3, 0.9], [0.4], [0.5]])

    @Test func `a trial below the median of the trials before it ends`() {
        #expect(rule.ends([0.29]))
        #expect(!rule.ends([0.3]) && !rule.ends([0.6]))
    }

    @Test func `nothing ends before its first window, or beside too few`() {
        #expect(!rule.ends([]))
        // Three rivals have two windows.
        #expect(!rule.ends([0.0, 0.0]))
        #expect(!MedianRule(rivals: []).ends([0]))
    }

    @Test func `a trial that ended early stands beside the first as in the windows it has`() {
        #expect(MedianRule.standing([0.3, 0.5], beside: [0.1, 0.1]) == 0.4)
        // .05 better in the first window than the first trial, whose mean is .25.
        #expect(abs(MedianRule.standing([0.25], beside: [0.2, 0.3]) - 0.3) < 1e-12)
        #expect(MedianRule.standing([0.7], beside: []) == 0.7)
    }

    @Test func `choices are drawn as often as they did well`() {
        let space = SearchSpace([.init("kind", choices: ["a", "b", "c"], shipped: "b")])
        let kind = space.parameters[0]
        #expect([0, 0.34, 0.7, 1].map(kind.value) == [0, 1, 2, 2])
        for value in [0.0, 1, 2] { #expect(kind.value(at: kind.unit(of: value)) == value) }
        let sampler = Sampler(method: .tpe, choices: [3], seed: 1)
        let earlier = (0..<24).map { number in
            let choice = Double(number % 3)
            return (place: [kind.unit(of: choice)], value: choice == 2 ? 1.0 : 0.0)
        }
        let drawn = (24..<44).map { space.values(at: sampler.next($0, after: earlier))[0] }
        #expect(drawn.allSatisfy { $0 == 2 })
    }
}
