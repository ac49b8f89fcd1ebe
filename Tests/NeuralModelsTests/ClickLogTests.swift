import Domain
import Features
import Recommenders
import Storage
import TestSupport
import Testing

@testable import NeuralModels

/// What is read of lists and clicks, and how it is parted.
@Suite struct ClickLogTests {
    private static let day: Int64 = 86_400_000
    private let store = MemoryStore()
    private let user = Pseudonym(String(repeating: "ab", count: 16))

    init() throws {
        _ = try store.upsert((0..<8).compactMap { number in ItemID("i\(number)").map { Item(id: $0, title: "Thing") } })
    }

    private func event(
        _ id: String, _ name: EventName, _ impression: String?, _ items: [(item: Int, position: Int?)], time: Int64 = 0,
        isSynthetic: Bool = false
    ) -> Event {
        var event = Event(id: id, name: name, time: Timestamp(milliseconds: time))
        event.impressionID = impression
        event.items = items.compactMap { entry in
            ItemID("i\(entry.item)").map { EventItem(item: $0, position: entry.position) }
        }
        event.isSynthetic = isSynthetic
        return event
    }

    private func list(_ impression: String?, _ items: [Int], time: Int64 = 0, isSynthetic: Bool = false) -> Event {
        event(
            "l\(impression ?? "-")\(time)", .viewItemList, impression,
            items.enumerated().map { ($1, $0 + 1) }, time: time, isSynthetic: isSynthetic)
    }

    private func click(_ number: Int, _ impression: String?, _ item: Int, isSynthetic: Bool = false) -> Event {
        event("c\(number)", .selectItem, impression, [(item, nil)], time: 5, isSynthetic: isSynthetic)
    }

    private func places(_ list: ClickLog.ShownList) -> [[Int]] {
        list.places.map { [Int($0.item), $0.position, $0.isClicked ? 1 : 0] }
    }

    @Test func `a list counts from its top to its lowest click, and one without a click not at all`() throws {
        var shown = list("a", [3, 1, 4, 0, 5])
        shown.user = user
        _ = try store.append([shown, list("b", [1, 2]), click(1, "a", 1), click(2, "a", 0), click(3, "a", 1)])
        let log = try ClickLog(reading: store, includesSynthetic: false)
        #expect(log.lists.count == 1)
        let read = try #require(log.lists.first)
        #expect(places(read) == [[3, 1, 0], [1, 2, 1], [4, 3, 0], [0, 4, 1]])
        #expect(read.user == 0 && !read.isSynthetic && read.time == Timestamp(milliseconds: 0))
    }

    @Test func `simulated lists count only where they are asked for`() throws {
        _ = try store.append([
            list("real", [1, 2], time: 9), click(1, "real", 2), list("sim", [3, 4], time: 4, isSynthetic: true),
            click(2, "sim", 3, isSynthetic: true),
        ])
        let real = try ClickLog(reading: store, includesSynthetic: false).lists
        #expect(real.map(\.isSynthetic) == [false])
        let all = try ClickLog(reading: store, includesSynthetic: true).lists
        #expect(all.map(\.isSynthetic) == [true, false] && all.map(\.user) == [nil, nil])
    }

    @Test func `what does not fit together is passed over`() throws {
        _ = try store.append([
            // Lists without positions, without an impression, and with a position that is none.
            event("1", .viewItemList, "a", [(1, nil), (2, nil)]), click(1, "a", 1),
            list(nil, [1, 2]), click(2, nil, 1),
            event("2", .viewItemList, "b", [(1, 0), (2, -3), (3, 1)]), click(3, "b", 2),
            // A click without its list, and on what was not shown.
            click(4, "c", 1), list("d", [1, 2]), click(5, "d", 7),
            // An item that the catalogue does not know, and one that stands twice.
            event("3", .viewItemList, "e", [(99, 1), (2, 2), (2, 3), (3, 4)]), click(6, "e", 3), click(7, "e", 99),
            // Two events of one impression, the second of them earlier in the list.
            event("4", .viewItemList, "f", [(5, 3), (6, 4)], time: 7), click(8, "f", 5),
            event("5", .viewItemList, "f", [(4, 1), (5, 2)], time: 8),
        ])
        let lists = try ClickLog(reading: store, includesSynthetic: false).lists
        #expect(lists.map(places) == [[[2, 2, 0], [3, 4, 1]], [[4, 1, 0], [5, 3, 1]]])
        #expect(try ClickLog(reading: MemoryStore(), includesSynthetic: true).lists.isEmpty)
    }

    /// Twenty people who buy the same of twenty items every week.
    private static let set: TrainingSet = {
        let lines = (0..<12).flatMap { (week: Int64) in
            (0..<20).map { (user: UInt32) in
                InteractionLog.Line(
                    user: UserNumber(user), item: ItemNumber(user),
                    time: Timestamp(milliseconds: week * 7 * day + Int64(user)), group: week)
            }
        }
        return TrainingSet(log: InteractionLog(lines))
    }()

    /// One list a day, the second of its two items clicked.
    private static func log(days: Range<Int64>, isSynthetic: Bool) -> [ClickLog.ShownList] {
        days.map { day in
            ClickLog.ShownList(
                time: Timestamp(milliseconds: day * Self.day), user: 3, isSynthetic: isSynthetic,
                places: [
                    .init(item: UInt32(day % 20), position: 1, isClicked: false),
                    .init(item: UInt32((day + 1) % 20), position: 2, isClicked: true),
                ])
        }
    }

    private func lists(_ log: [ClickLog.ShownList], limit: Int = 1000) throws -> (ClickLists?, PurchaseWindows) {
        let windows = try PurchaseWindows(Self.set, days: 7)
        var lists = ClickLists(
            ClickLog(log), windows: windows, trainingCount: limit, testCount: limit, seed: 1)
        for (number, cut) in windows.cuts.enumerated() {
            lists?.add(RankerRows(at: cut, from: Self.set), window: number)
        }
        return (lists, windows)
    }

    @Test func `the newest fifth tests, no list lies in two parts, and folds do not see the test`() throws {
        let made = try lists(Self.log(days: 90..<190, isSynthetic: true))
        let parts = try #require(made.0)
        let (learned, asked) = parts.examples(testing: 0, facts: ItemFacts())
        #expect(learned.listCount == 80 && asked.listCount == 20 && learned.count == 160)
        #expect(Set(learned.lists).isDisjoint(with: asked.lists))
        // Numbers of lists are in the order of time.
        #expect(try #require(learned.lists.max()) < (try #require(asked.lists.min())))
        #expect(learned.isSynthetic && asked.fields.count == 40)
        for fold in 1...made.1.folds {
            let chosen = parts.examples(testing: fold, facts: ItemFacts())
            #expect(chosen.learned.listCount == 64 && chosen.asked.listCount == 16)
            #expect(Set(chosen.learned.lists + chosen.asked.lists) == Set(learned.lists))
        }
    }

    @Test func `features are those of a moment at or before the list, at the latest that of the tested window`() throws
    {
        let made = try lists(Self.log(days: 40..<140, isSynthetic: true))
        let (parts, windows) = (try #require(made.0), made.1)
        let width = PurchaseExamples.features.count
        for tested in [0, 2] {
            let (learned, asked) = parts.examples(testing: tested, facts: ItemFacts())
            for examples in [learned, asked] {
                for place in stride(from: 0, to: examples.count, by: 7) {
                    let time = Timestamp(milliseconds: (40 + Int64(examples.lists[place])) * Self.day)
                    let moment = windows.cuts.dropFirst(tested).first { $0 <= time }
                    let row = RankerRows(at: try #require(moment), from: Self.set)
                        .rows(of: [examples.items[place]], for: UserNumber(3))
                    let own = examples.rows[place * width..<(place + 1) * width]
                    #expect(own.map(\.bitPattern) == row.map(\.bitPattern))
                }
            }
        }
    }

    @Test func `a real list of the tested window or later teaches nothing`() throws {
        let windows = try PurchaseWindows(Self.set, days: 7)
        let parts = try #require(try lists(Self.log(days: 30..<130, isSynthetic: false)).0)
        let (learned, _) = parts.examples(testing: 0, facts: ItemFacts())
        let last = Timestamp(milliseconds: (30 + Int64(try #require(learned.lists.max()))) * Self.day)
        #expect(last < windows.cuts[0] && last.adding(days: 1) >= windows.cuts[0])
        // All after the windows: real lists have nothing to teach, simulated ones do.
        #expect(try lists(Self.log(days: 90..<190, isSynthetic: false)).0 == nil)
    }

    @Test func `lists are drawn by the seed up to a limit, and too few are none`() throws {
        let log = Self.log(days: 90..<190, isSynthetic: true)
        let parts = try #require(try lists(log, limit: 41).0)
        let (learned, asked) = parts.examples(testing: 0, facts: ItemFacts())
        #expect(learned.count == 40 && asked.count == 40)
        let again = try #require(try lists(log, limit: 41).0).examples(testing: 0, facts: ItemFacts())
        #expect(again.learned.items == learned.items)
        #expect(try lists(Array(log.prefix(ClickLists.least - 1))).0 == nil && lists([]).0 == nil)
        // Older than every window: nothing is known of it.
        #expect(try lists(Self.log(days: 0..<20, isSynthetic: true)).0 == nil)
    }
}
