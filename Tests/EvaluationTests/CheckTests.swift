import Evaluation
import JSON
import Testing

@Suite struct CheckTests {
    @Test func `lines at or after the cut fail the split, and so do lines that are missing`() {
        #expect(HonestyChecks.split(newest: 99, cut: 100, lines: (5, 5)).isPassed)
        #expect(!HonestyChecks.split(newest: 100, cut: 100, lines: (5, 5)).isPassed)
        #expect(!HonestyChecks.split(newest: 99, cut: 100, lines: (6, 5)).isPassed)
        #expect(HonestyChecks.split(newest: nil, cut: 100, lines: (0, 0)).isPassed)
    }

    /// People `0..<count`, of whom the last `copied` did what the first did.
    private func people(_ count: Int, copied: Int) -> [[Int32]] {
        (0..<Int32(count)).map { user in
            let own = Int(user) < count - copied ? user : 0
            return [own, own + 1, 7, 8, 9]
        }
    }

    @Test func `copies of people fail beyond a few`() {
        #expect(HonestyChecks.copies(people(200, copied: 0)).isPassed)
        #expect(HonestyChecks.copies(people(200, copied: 5)).isPassed)
        let found = HonestyChecks.copies(people(200, copied: 20))
        #expect(!found.isPassed && found.detail.hasPrefix("21 of 200 people"))
        // Too few people to tell, and lines too short to say anything.
        #expect(HonestyChecks.copies(people(50, copied: 40)).isPassed)
        #expect(HonestyChecks.copies(people(200, copied: 100).map { Array($0.prefix(4)) }).isPassed)
    }

    @Test func `a scorer that knows nothing fails above chance`() {
        let chance = [Double](repeating: 0.1, count: 400)
        // The standard error of 400 tries at one in ten is .015.
        func found(_ hits: Int) -> [Double] { (0..<400).map { $0 < hits ? 1 : 0 } }
        #expect(HonestyChecks.uninformed("c", "it", found: found(40), chance: chance).isPassed)
        #expect(HonestyChecks.uninformed("c", "it", found: found(69), chance: chance).isPassed)
        #expect(!HonestyChecks.uninformed("c", "it", found: found(71), chance: chance).isPassed)
        #expect(HonestyChecks.uninformed("c", "it", found: found(71), chance: chance, spread: 0.05).isPassed)
        #expect(HonestyChecks.uninformed("c", "it", found: [1, 1], chance: [0.1, 0.1]).isPassed)
    }

    @Test func `the spread of a list by lot follows the variance of a sample without putting back`() {
        // Four items of which one holds everything: variance 1/4; two drawn of four, half is left.
        #expect(abs(HonestyChecks.spread([1, 0, 0, 0], listLength: 2, draws: 1) - 0.5) < 1e-12)
        #expect(abs(HonestyChecks.spread([1, 0, 0, 0], listLength: 2, draws: 4) - 0.25) < 1e-12)
        #expect(HonestyChecks.spread([1, 0], listLength: 2, draws: 1) == 0)
    }

    @Test func `figures that come from ties fail, and those that ties harm do not`() {
        let (high, low) = ([Double](repeating: 0.4, count: 150), [Double](repeating: 0.2, count: 150))
        let flattered = HonestyChecks.ties("NDCG@10", shown: high, byLot: low, cut: 150)
        #expect(!flattered.isPassed && flattered.detail.contains("150 of 150 lists hang on ties"))
        #expect(HonestyChecks.ties("NDCG@10", shown: low, byLot: high, cut: 150).isPassed)
        #expect(HonestyChecks.ties("NDCG@10", shown: high, byLot: high, cut: 3).isPassed)
        #expect(HonestyChecks.ties("NDCG@10", shown: [0.4], byLot: [0.2], cut: 1).isPassed)
    }

    @Test func `a failed check gives the figures and an error`() throws {
        let good = CheckList([.init(name: "split", isPassed: true, detail: "fine.")])
        #expect(
            try good.line([.init("n", .integer(1))]) == #"{"n":1,"checks":{"split":{"passed":true,"found":"fine."}}}"#)
        let bad = CheckList(good.checks + [.init(name: "ties", isPassed: false, detail: "they decide.")])
        let error = #expect(throws: FailedChecks.self) { try bad.line([.init("n", .integer(1))]) }
        #expect(error?.description == "The figures are worthless: check 'ties' failed: they decide.")
        #expect(error?.line.contains(#""ties":{"passed":false"#) == true)
    }

    @Test func `a place among ties is a chance`() {
        let place = TiedPlace(of: 2, among: [3, 2, 2, 2, 1])
        #expect(place == TiedPlace(above: 1, tied: 3))
        #expect(place.chance(at: 1) == 0 && place.chance(at: 2) == 1.0 / 3 && place.chance(at: 10) == 1)
        #expect(place.isCut(at: 2) && place.isCut(at: 3) && !place.isCut(at: 4) && !place.isCut(at: 1))
        #expect(TiedPlace.ndcg([], relevantCount: 0, at: 10) == nil)
    }

    @Test func `tastes are fifths by how much of the tail people had`() {
        // Item 0 makes nine tenths of all counts: it alone is a best seller.
        let bias = PopularityBias(counts: [90, 5, 5, 0])
        #expect(bias.isTail == [false, true, true, true])
        let profiles = [[0], [1], [0, 1], [0, 2], [1, 2], [0, 1, 2], [0], [0, 3], [0, 1], [0, 1], []]
        let tastes = bias.tastes(profiles)
        #expect(tastes.indices.filter { tastes[$0] == .niche } == [1, 4])
        #expect(tastes.indices.filter { tastes[$0] == .bestsellers } == [0, 6])
        #expect(bias.averagePopularity([[], []]) == nil && bias.longTailShare([]) == nil)
        #expect(bias.lift(profiles: [[3]], lists: [[0]]) == nil)
    }
}
