public import Domain
public import Storage

/// In what share of a shop's stores an item was displayed and in the mailer, week by week.
///
/// 4 bytes for each item and week that has any. A week's rows are its plan: they are known when it begins.
public struct PromotionCalendar: Hashable, Sendable {
    /// Shares of the stores that have rows in the week, 0 to 1.
    public struct Place: Hashable, Sendable {
        public var display: Float = 0
        public var mailer: Float = 0
    }

    /// Where the weeks of each item start, shape `[items + 1]`.
    private let offsets: [UInt32]
    /// Ascending within an item, shape `[count]`; shares in 1/255 beside them.
    private let weeks: [UInt8]
    private let displays: [UInt8]
    private let mailers: [UInt8]
    private let firstDay: Int

    /// Counts stores; `nil` for a table that does not say when its weeks are. Complexity: O(rows).
    public init?(reading table: PromotionTable) throws(StorageError) {
        guard let firstDay = table.firstDay else { return nil }
        self.firstDay = firstDay
        var (offsets, weeks): ([UInt32], [UInt8]) = ([0], [])
        var (displayed, mailed): ([UInt32], [UInt32]) = ([], [])
        var storesOfWeek = [[Bool]](repeating: [Bool](repeating: false, count: table.stores.count), count: 256)
        var counts = [(display: UInt32, mailer: UInt32)](repeating: (0, 0), count: 256)
        for item in 0..<table.itemLimit {
            var touched: Set<UInt8> = []
            for row in try table.rows(of: ItemNumber(UInt32(item))) {
                let week = Int(row.week)
                if touched.insert(row.week).inserted { counts[week] = (0, 0) }
                storesOfWeek[week][Int(row.store)] = true
                // The code `0` says none, in the table's own letters.
                if row.display != UInt8(ascii: "0") { counts[week].display += 1 }
                if row.mailer != UInt8(ascii: "0") { counts[week].mailer += 1 }
            }
            for week in touched.sorted() {
                weeks.append(week)
                displayed.append(counts[Int(week)].display)
                mailed.append(counts[Int(week)].mailer)
            }
            offsets.append(UInt32(weeks.count))
        }
        let stores = storesOfWeek.map { max(1, $0.count(where: \.self)) }
        func shares(_ counts: [UInt32]) -> [UInt8] {
            zip(counts, weeks).map { UInt8(clamping: Int($0) * 255 / stores[Int($1)]) }
        }
        (displays, mailers) = (shares(displayed), shares(mailed))
        (self.offsets, self.weeks) = (offsets, weeks)
    }

    /// The number of the week that a moment lies in, in UTC.
    public func week(of moment: Timestamp) -> Int { (moment.day - firstDay) / 7 + 1 }

    /// Where an item stands in a week; nowhere for one that the table lacks. Complexity: O(weeks of the item).
    public func place(of item: ItemNumber, inWeek week: Int) -> Place {
        guard item.index + 1 < offsets.count else { return Place() }
        let range = Int(offsets[item.index])..<Int(offsets[item.index + 1])
        guard let found = range.first(where: { Int(weeks[$0]) == week }) else { return Place() }
        return Place(display: Float(displays[found]) / 255, mailer: Float(mailers[found]) / 255)
    }
}
