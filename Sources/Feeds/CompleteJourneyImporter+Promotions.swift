public import Domain
import Storage

/// What an import of promotions wrote.
public struct PromotionSummary: Hashable, Sendable {
    /// Rows in the table.
    public var rows = 0
    /// Rows that were left out because the catalogue lacks their product.
    public var rowsOfUnknownItems = 0
    public var stores = 0
    /// Size of the file.
    public var bytes = 0

    public init() {}
}

extension CompleteJourneyImporter {
    /// Week 1 is the last of 2016's; weeks begin on Mondays.
    private static let firstDay = Timestamp(year: 2016, month: 12, day: 26).day

    /// Calls `body` for each row of `promotions.tsv` in its order; the file has some 21 million.
    public func forEachPromotion(_ body: (Promotion) throws(FeedError) -> Void) throws(FeedError) {
        try readPromotions({ _, _ in }, body)
    }

    /// Writes the rows of `promotions.tsv` as one compact table, replacing the one before; twice gives the same bytes.
    ///
    /// Keeps eight bytes a row in memory, and four more while it writes.
    /// - Parameter items: Numbers of the catalogue's items by Complete Journey's product number.
    /// - Parameter path: Where the table goes.
    /// - Parameter progress: Called with bytes of the file done and in all.
    public func importPromotions(
        items: [Int64: ItemNumber], to path: String, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FeedError) -> PromotionSummary {
        var summary = PromotionSummary()
        var writer = PromotionTableWriter(firstDay: Self.firstDay)
        var stores: [Int64: UInt16] = [:]
        // The export is sorted by product: most rows ask for the product of the row before.
        var last: (product: Int64, item: ItemNumber?) = (.min, nil)
        try readPromotions(progress) { row throws(FeedError) in
            if row.product != last.product { last = (row.product, items[row.product]) }
            guard let item = last.item else {
                summary.rowsOfUnknownItems += 1
                return
            }
            let store: UInt16
            if let known = stores[row.store] {
                store = known
            } else {
                store = try storing { () throws(StorageError) in try writer.index(ofStore: String(row.store)) }
                stores[row.store] = store
            }
            try storing { () throws(StorageError) in
                try writer.add(
                    PromotionRow(
                        item: item, store: store, week: UInt8(row.week), display: row.display, mailer: row.mailer))
            }
            summary.rows += 1
        }
        do throws(StorageError) {
            try writer.write(to: path)
            summary.bytes = try FileSystem.size(of: path)
        } catch {
            throw FeedError(.store, error.message, cause: error)
        }
        summary.stores = stores.count
        return summary
    }

    private func readPromotions(
        _ progress: (Int, Int) -> Void, _ body: (Promotion) throws(FeedError) -> Void
    ) throws(FeedError) {
        let header = ["product_id", "store_id", "display_location", "mailer_location", "week"]
        var rows = try TSVReader(path: "\(folder)/promotions.tsv", header: header)
        while try rows.next() {
            guard let product = rows.integer(0), let store = rows.integer(1), let week = rows.integer(4),
                (0...255).contains(week)
            else {
                throw FeedError(
                    .syntax,
                    "\(rows.path), line \(rows.line): product and store must be numbers, week one from 0 to 255.")
            }
            try body(
                Promotion(
                    product: product, store: store, display: rows.character(2), mailer: rows.character(3),
                    week: Int(week)))
            if rows.line % 262_144 == 0 { progress(rows.consumed, rows.total) }
        }
        progress(rows.total, rows.total)
    }
}
