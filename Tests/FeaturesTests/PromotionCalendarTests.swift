import Domain
import Features
import Storage
import TestSupport
import Testing

@Suite struct PromotionCalendarTests {
    /// Item, store, week, display, mailer.
    private typealias Row = (UInt32, UInt16, UInt8, Character, Character)

    private func calendar(_ rows: [Row], firstDay: Int? = 70) throws -> PromotionCalendar? {
        let folder = try TemporaryFolder()
        var writer = PromotionTableWriter(firstDay: firstDay)
        for store in ["a", "b", "c", "d"] { _ = try writer.index(ofStore: store) }
        for (item, store, week, display, mailer) in rows {
            try writer.add(
                PromotionRow(
                    item: ItemNumber(item), store: store, week: week, display: display.asciiValue ?? 0,
                    mailer: mailer.asciiValue ?? 0))
        }
        try writer.write(to: folder.file("promotions.bin"))
        return try PromotionCalendar(reading: PromotionTable(path: folder.file("promotions.bin")))
    }

    @Test func `shares are of the stores that have rows in the week`() throws {
        let calendar = try #require(
            try calendar([
                (0, 0, 3, "9", "0"), (0, 1, 3, "0", "A"), (2, 2, 3, "0", "A"), (2, 3, 3, "1", "D"), (2, 0, 4, "5", "0"),
            ]))
        #expect(places(calendar, 0, 3) == [63 / 255, 63 / 255])
        #expect(places(calendar, 2, 3) == [63 / 255, 127 / 255])
        #expect(places(calendar, 2, 4) == [1, 0])
        for (item, week) in [(0, 4), (1, 3), (2, 5), (9, 3)] {
            #expect(places(calendar, UInt32(item), week) == [0, 0])
        }
    }

    private func places(_ calendar: PromotionCalendar, _ item: UInt32, _ week: Int) -> [Float] {
        let place = calendar.place(of: ItemNumber(item), inWeek: week)
        return [place.display, place.mailer]
    }

    @Test func `weeks have seven days from the first on`() throws {
        let calendar = try #require(try calendar([(0, 0, 1, "9", "0")]))
        for (day, week) in [(70, 1), (76, 1), (77, 2), (84, 3)] {
            #expect(calendar.week(of: Timestamp(milliseconds: Int64(day) * Timestamp.millisecondsPerDay)) == week)
        }
    }

    @Test func `a table that does not say when its weeks are gives none`() throws {
        #expect(try calendar([(0, 0, 1, "9", "0")], firstDay: nil) == nil)
    }
}
