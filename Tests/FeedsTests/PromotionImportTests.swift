import Domain
import Feeds
import Foundation
import Storage
import TestSupport
import Testing

@Suite struct PromotionImportTests {
    private let folder: TemporaryFolder
    private var path: String { folder.file("promotions.bin") }
    private let items: [Int64: ItemNumber] = [10: ItemNumber(4), 20: ItemNumber(0)]

    init() throws { folder = try TemporaryFolder() }

    /// Writes the rows, with commas as tabs, and imports them.
    private func imported(_ rows: String) throws -> PromotionSummary {
        let text = "product_id,store_id,display_location,mailer_location,week\n" + rows
        try text.replacing(",", with: "\t").write(
            toFile: folder.file("promotions.tsv"), atomically: true, encoding: .utf8)
        return try CompleteJourneyImporter(folder: folder.path).importPromotions(items: items, to: path)
    }

    @Test func `rows are read one by one in the order of the file`() throws {
        _ = try imported("10,330,9,0,1\n20,331,0,A,3\n")
        var rows: [Promotion] = []
        try CompleteJourneyImporter(folder: folder.path).forEachPromotion { rows.append($0) }
        #expect(
            rows == [
                Promotion(product: 10, store: 330, display: UInt8(ascii: "9"), mailer: UInt8(ascii: "0"), week: 1),
                Promotion(product: 20, store: 331, display: UInt8(ascii: "0"), mailer: UInt8(ascii: "A"), week: 3),
            ])
    }

    @Test func `rows come back by item, and those of unknown items are counted`() throws {
        let summary = try imported("10,330,9,0,2\n10,330,9,0,1\n20,331,0,A,53\n30,331,0,A,3\n10,331,,D,7\n")
        #expect((summary.rows, summary.rowsOfUnknownItems, summary.stores) == (4, 1, 2))
        #expect(summary.bytes == (try Data(contentsOf: URL(filePath: path)).count))
        let table = try PromotionTable(path: path, verify: .checksums)
        #expect(table.stores == ["330", "331"])
        // 2016-12-26, a Monday.
        #expect(table.firstDay == 17_161)
        let rows = try table.rows(of: ItemNumber(4))
        #expect(rows.map(\.store) == [0, 0, 1])
        #expect(rows.map(\.week) == [1, 2, 7])
        #expect(rows.map(\.display) == Array("990".utf8))
        #expect(rows.map(\.mailer) == Array("00D".utf8))
        #expect(try table.rows(of: ItemNumber(0)).map(\.week) == [53])
    }

    @Test func `importing twice gives the same bytes`() throws {
        _ = try imported("10,330,9,0,1\n20,331,0,A,3\n")
        let first = try Data(contentsOf: URL(filePath: path))
        _ = try imported("10,330,9,0,1\n20,331,0,A,3\n")
        #expect(try Data(contentsOf: URL(filePath: path)) == first)
    }

    @Test(arguments: ["10,330,9,0,256", "10,330,9,0,-1", "x,330,9,0,1", "10,,9,0,1", "10,330,9,0", "10,330,9,0,1,2"])
    func `a row that is not as exported stops the import and leaves the table before`(row: String) throws {
        _ = try imported("10,330,9,0,1\n")
        let before = try Data(contentsOf: URL(filePath: path))
        let error = #expect(throws: FeedError.self) { try imported("20,331,0,A,3\n" + row + "\n") }
        #expect(error?.message.contains("promotions.tsv, line 3") == true)
        #expect(try Data(contentsOf: URL(filePath: path)) == before)
    }
}
