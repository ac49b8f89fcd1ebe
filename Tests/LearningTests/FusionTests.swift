import Domain
import Evaluation
import Meaning
import Numerics
import SearchIndex
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct FusionLearnerTests {
    /// Queries whose grades follow one part; the other parts are noise.
    private static func examples(_ count: Int, part: Int, seed: UInt64) -> [FusionLearner.Example] {
        var random = SeededGenerator(seed: seed)
        return (0..<count).map { _ in
            let parts = (0..<14).map { _ in (0..<Fusion.Weights.count).map { _ in Float(random.unit()) } }
            let grades = parts.map { $0[part] > 0.8 ? 3 : $0[part] > 0.5 ? 1 : 0 }
            return FusionLearner.Example(parts: parts, grades: grades, judged: grades)
        }
    }

    private func ndcg(_ examples: [FusionLearner.Example], _ weights: [Float]) -> Double {
        let values = examples.map { example in
            let scores = example.parts.map { zip($0, weights).reduce(Float(0)) { $0 + $1.0 * $1.1 } }
            let order = scores.indices.sorted { scores[$0] > scores[$1] }
            return RankingMetrics.ndcg(grades: order.map { example.grades[$0] }, judged: example.grades, at: 10) ?? 0
        }
        return values.reduce(0, +) / Double(values.count)
    }

    @Test(arguments: [2, 5])
    func `weights go to the part that tells the better from the worse, also on other queries`(part: Int) {
        let weights = FusionLearner.weights(Self.examples(16, part: part, seed: 1))
        let other = Self.examples(40, part: part, seed: 2)
        let prior = FusionLearner.prior.map { Float($0) }
        #expect(ndcg(other, weights.list) > ndcg(other, prior) + 0.1)
        #expect(weights.list.allSatisfy { $0 >= 0 && $0.isFinite })
        #expect(FusionLearner.weights(Self.examples(16, part: part, seed: 1)) == weights)
    }

    @Test func `nothing to learn from leaves the shipped weights`() {
        let prior = Fusion.additive().weights
        #expect(FusionLearner.weights([]) == prior)
        let ungraded = FusionLearner.Example(parts: [[1, 1, 1, 1, 1, 1]], grades: [0], judged: [0])
        #expect(FusionLearner.weights([ungraded]) == prior)
        let equal = FusionLearner.Example(
            parts: [[1, 0, 0, 0, 0, 0], [0, 1, 0, 0, 0, 0]], grades: [2, 2], judged: [2, 2])
        #expect(zip(FusionLearner.weights([equal]).list, prior.list).allSatisfy { abs($0 - $1) < 1e-6 })
    }

    @Test func `a choice far down says more than one at the top, and what nobody was shown has no grade`() throws {
        let store = MemoryStore()
        func event(_ number: Int, _ name: EventName, _ items: [(String, Int)], isSynthetic: Bool = false) -> Event {
            var event = Event(id: "e\(number)", name: name, time: Timestamp(milliseconds: Int64(number)))
            (event.query, event.isSynthetic) = ("Red Wine", isSynthetic)
            event.items = items.map { EventItem(item: ItemID($0.0)!, position: $0.1) }
            return event
        }
        var events: [Event] = []
        for number in 0..<10 {
            events.append(event(number, .viewItemList, [("a", 1), ("b", 2), ("c", 3)]))
            if number < 8 { events.append(event(100 + number, .selectItem, [("a", 1)])) }
            if number < 2 { events.append(event(200 + number, .selectItem, [("b", 2)])) }
        }
        events.append(event(300, .viewItemList, [("d", 3), ("e", 1)]))
        events += (0..<2).map { event(301 + $0, .selectItem, [("d", 3)]) }
        events.append(event(400, .selectItem, [("c", 3)], isSynthetic: true))
        _ = try store.append(events)
        let graded = try ClickJudgements(store, includesSynthetic: false).graded
        #expect(graded.count == 1 && graded[0].query == "red wine")
        let grades = Dictionary(uniqueKeysWithValues: graded[0].grades.map { ($0.key.rawValue, $0.value) })
        #expect(grades == ["a": 2, "b": 2, "c": 0, "d": 3, "e": 0])
        let all = try ClickJudgements(store, includesSynthetic: true).graded
        #expect(all[0].grades[ItemID("c")!] == 1)
        #expect(try ClickJudgements(MemoryStore(), includesSynthetic: true).graded.isEmpty)
    }

    @Test func `a fusion is kept with its weights, and a damaged one refused`() throws {
        let folder = try TemporaryFolder()
        let weights = Fusion.Weights([0.25, 0, 1.5, 0.125, 2, 0])
        try FusionModel.save(weights, to: folder.file("1"), metrics: ["queries": 30], inputs: [:])
        #expect(try FusionModel.load(folder: folder.file("1")) == .learned(weights))
        try AtomicFile.write(Array("{\"weights\":[1,2]}".utf8), to: folder.file("1/weights.json"))
        #expect(throws: StorageError.self) { try FusionModel.load(folder: folder.file("1")) }
    }
}
