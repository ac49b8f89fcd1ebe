import Domain
import Features
import Foundation
import Meaning
import Recommenders
import Storage
import TestSupport
import Testing
import VectorIndex

@testable import NeuralModels

@Suite struct ShopHistoryTests {
    private static let day: Int64 = 86_400_000

    /// Each person's baskets by day; an item may stand in a basket twice.
    private static func set(_ people: [[(day: Int, items: [UInt32])]], now: Int) -> TrainingSet {
        var lines: [InteractionLog.Line] = []
        for (user, baskets) in people.enumerated() {
            for (number, basket) in baskets.enumerated() {
                for item in basket.items {
                    lines.append(
                        .init(
                            user: UserNumber(UInt32(user)), item: ItemNumber(item),
                            time: Timestamp(milliseconds: Int64(basket.day) * day), group: Int64(number)))
                }
            }
        }
        return TrainingSet(log: InteractionLog(lines), now: Timestamp(milliseconds: Int64(now) * day))
    }

    private static func histories(
        _ set: TrainingSet, vectors: ShopVectors? = nil, seed: UInt64 = 1, _ change: (inout ShopPlan) -> Void = { _ in }
    ) throws -> ShopHistories {
        var plan = ShopPlan()
        (plan.windowDays, plan.least) = (10, 1)
        change(&plan)
        return try ShopHistories(set, plan, names: (0..<20).map { "i\($0)" }, vectors: vectors, seed: seed)
    }

    private static let people: [[(day: Int, items: [UInt32])]] = [
        [(0, [1, 2, 2, 3]), (20, [1, 4]), (45, [5]), (52, [1, 6, 1]), (58, [7])],
        [(1, [2, 3]), (44, [2]), (49, [3])],
        [(30, [8]), (59, [9])],
        [(55, [1])],
    ]

    private func names(_ part: ShopHistories.Part, _ items: [Int32]) -> [String] { items.map { part.items[Int($0)] } }

    @Test func `before a moment lies what came earlier, in its order, and in a window the first basket`() throws {
        let histories = try Self.histories(Self.set(Self.people, now: 60))
        #expect(histories.windows.map { $0.start.milliseconds } == [50 * Self.day])
        let part = try histories.part(before: histories.windows[0].start, asking: histories.windows[0], length: 50)
        let found = part.set.histories.map { names(part, $0) }
        #expect(found.count == 3 && Set(found[0].prefix(3)) == ["i1", "i2", "i3"])
        #expect(Set(found[0][3..<5]) == ["i1", "i4"] && found[0][5...] == ["i5"])
        #expect(Set(found[1].prefix(2)) == ["i2", "i3"] && found[1][2...] == ["i2", "i3"] && found[2] == ["i8"])
        #expect(part.items == ["i1", "i2", "i3", "i4", "i5", "i8"] && part.counts == [2, 3, 3, 1, 1, 1])
        // The first asks for 1 and 6, of which 6 is no item yet; the second bought nothing; the third something unknown.
        let questions = try #require(part.set.questions)
        #expect(questions.map { names(part, $0.targets) } == [["i1"], []])
        #expect(questions.map(\.targetCount) == [2, 1] && part.set.asksAgain)
        #expect(part.content == nil)
    }

    @Test func `what comes at or after a moment changes nothing before it`() throws {
        var later = Self.people
        later[0][3].items = [11, 12]
        later[1].append((50, [14]))
        later[2][1] = (50, [15, 16])
        let parts = try [Self.people, later].map { people in
            let histories = try Self.histories(Self.set(people, now: 60))
            return try histories.part(before: histories.windows[0].start, asking: nil, length: 4)
        }
        #expect(parts[0].set.histories == parts[1].set.histories && parts[0].items == parts[1].items)
        #expect(parts[0].set.questions == nil)
    }

    @Test func `first purchases alone tell what is new`() throws {
        let histories = try Self.histories(Self.set(Self.people, now: 60)) { $0.repeats = .first }
        let part = try histories.part(before: histories.windows[0].start, asking: histories.windows[0], length: 50)
        let found = part.set.histories.map { names(part, $0) }
        #expect(found[0].count == 5 && found[0][3...] == ["i4", "i5"] && Set(found[1]) == ["i2", "i3"])
        let questions = try #require(part.set.questions)
        #expect(questions.map(\.targetCount) == [1, 1] && !part.set.asksAgain)
    }

    @Test func `the seed alone decides the order within a basket`() throws {
        let people = (0..<8).map { _ in [(day: 0, items: (0..<12 as Range<UInt32>).map { $0 }), (day: 55, items: [1])] }
        func found(_ seed: UInt64) throws -> [[Int32]] {
            let histories = try Self.histories(Self.set(people, now: 60), seed: seed)
            return try histories.part(before: histories.end, asking: nil, length: 50).set.histories
        }
        let first = try found(1)
        #expect(try found(1) == first && (try found(2)) != first)
        #expect(Set(first.map { Array($0.prefix(12)) }).count > 4 && first.allSatisfy { $0.count == 13 })
    }

    @Test func `rare items and old days are left out`() throws {
        let set = Self.set(Self.people, now: 60)
        let rare = try Self.histories(set) { $0.least = 3 }
        #expect(try rare.part(before: rare.windows[0].start, asking: nil, length: 9).items == ["i2", "i3"])
        let recent = try Self.histories(set) { $0.days = 30 }
        let part = try recent.part(before: recent.end, asking: nil, length: 9)
        #expect(Set(part.items) == ["i1", "i2", "i3", "i5", "i6", "i7", "i8", "i9"])
    }

    @Test func `a long history is cut into stretches that share an item`() {
        let items = (0..<10).map { Int32($0) }
        #expect(ShopHistories.stretches(items, length: 4) == [[0, 1], [1, 2, 3, 4, 5], [5, 6, 7, 8, 9]])
        #expect(ShopHistories.stretches(items, length: 9) == [items] && ShopHistories.stretches([], length: 3) == [])
        for length in 1...12 {
            let parts = ShopHistories.stretches(items, length: length)
            #expect(parts.allSatisfy { $0.count <= length + 1 && $0.count > 1 })
            // Every item but the first is told once.
            #expect(parts.flatMap { $0.dropFirst() } == Array(items.dropFirst()))
        }
    }

    @Test func `windows lie side by side and need a log of their length`() throws {
        let set = Self.set(Self.people, now: 60)
        let windows = try Self.histories(set) { $0.windowCount = 3 }.windows
        #expect(windows.map { $0.start.milliseconds / Self.day } == [50, 40, 30])
        #expect(zip(windows, windows.dropFirst()).allSatisfy { $0.start == $1.end })
        for change: (inout ShopPlan) -> Void in [{ $0.windowCount = 4 }, { $0.windowDays = 40 }] {
            let error = #expect(throws: NeuralError.self) { try Self.histories(set, change) }
            #expect(error?.message.contains("60 days") == true && error?.message.contains("--window") == true)
        }
    }

    @Test func `an empty log, and a window in which nobody bought, say what to do`() throws {
        let empty = #expect(throws: NeuralError.self) { try Self.histories(Self.set([], now: 60)) }
        #expect(empty?.message.contains("import events first") == true)
        let one = try Self.histories(Self.set([Self.people[0]], now: 90))
        let error = #expect(throws: NeuralError.self) {
            try one.part(before: one.windows[0].start, asking: one.windows[0], length: 5)
        }
        #expect(error?.message.contains("longer --window") == true)
        // One person who bought in the window is enough to measure on.
        let asked = try Self.histories(Self.set([Self.people[0]], now: 60))
        #expect(
            try asked.part(before: asked.windows[0].start, asking: asked.windows[0], length: 5).set.questions?.count
                == 1)
    }
}
