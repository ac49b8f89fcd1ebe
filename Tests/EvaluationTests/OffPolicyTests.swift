import Evaluation
import Foundation
import Numerics
import TestSupport
import Testing

@Suite struct OffPolicyTests {
    /// Ten items chosen uniformly; item *i* is clicked with chance i/20. The policy in question always takes item 9 or 8.
    static func rows(count: Int, expected: (Int) -> Double) -> [OffPolicy.Row] {
        var random = SeededGenerator(seed: 5)
        return (0..<count).map { _ in
            let item = Int.random(in: 0..<10, using: &random)
            let reward: Double = random.unit() < Double(item) / 20 ? 1 : 0
            return OffPolicy.Row(
                reward: reward, propensity: 0.1, target: item >= 8 ? 0.5 : 0, expected: expected(item),
                expectedUnderTarget: 0.5 * expected(8) + 0.5 * expected(9))
        }
    }

    @Test func `estimators find the value of a policy that never acted`() throws {
        let truth = 0.5 * 8 / 20 + 0.5 * 9 / 20
        let rows = Self.rows(count: 40_000) { Double($0) / 20 }
        for estimate in [OffPolicy.ips(rows), OffPolicy.snips(rows), OffPolicy.doublyRobust(rows)] {
            let estimate = try #require(estimate)
            #expect(abs(estimate.value - truth) < 4 * estimate.standardError && estimate.standardError < 0.02)
        }
        #expect(abs(OffPolicy.effectiveSampleSize(rows) - 8000) < 400)
    }

    @Test func `a wrong model of rewards misleads the direct method, not the doubly robust one`() throws {
        let rows = Self.rows(count: 40_000) { _ in 0.1 }
        let (direct, robust) = (try #require(OffPolicy.directMethod(rows)), try #require(OffPolicy.doublyRobust(rows)))
        #expect(abs(direct.value - 0.1) < 1e-9 && abs(robust.value - 0.425) < 4 * robust.standardError)
    }

    @Test func `small values by hand`() throws {
        let rows = [
            OffPolicy.Row(reward: 1, propensity: 0.5, target: 1),
            OffPolicy.Row(reward: 0, propensity: 0.25, target: 0.5),
            OffPolicy.Row(reward: 1, propensity: 0.5, target: 0),
        ]
        #expect(OffPolicy.ips(rows).map { abs($0.value - 2.0 / 3) < 1e-12 } == true)
        #expect(OffPolicy.snips(rows)?.value == 0.5)
        #expect(OffPolicy.effectiveSampleSize(rows) == 2)
        #expect(OffPolicy.ips([]) == nil && OffPolicy.snips([rows[2]]) == nil)
    }

    @Test(arguments: [
        "item_id,position,click,propensity_score\n1,1,2,0.5\n", "item_id,position,click,propensity_score\n1,1,1,0\n",
        "item_id,position,click,propensity_score\n1,1,1,nan\n", "item_id,position,click\n1,1,1\n",
        "item_id,position,click,propensity_score\n1,1\n", "item_id,position,click,propensity_score\n", "",
    ])
    func `a log that makes no sense is refused`(_ text: String) throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log.csv"
        try text.write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: EvaluationError.self) { try ImpressionLog(path: path) }
    }

    @Test func `columns may come in any order among others`() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/log.csv"
        try ",click,age,position,item_id,propensity_score\n0,1,5,3,b,0.5\n1,0,6,1,a,0.25\n"
            .write(toFile: path, atomically: true, encoding: .utf8)
        let log = try ImpressionLog(path: path)
        #expect(log.items == ["a", "b"] && log.positions == ["1", "3"] && log.meanReward == 0.5)
        #expect(log.impressions.map(\.propensity) == [0.5, 0.25])
    }
}
