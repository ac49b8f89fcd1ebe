import Domain
import Storage
import TestSupport
import Testing

@Suite struct PromotionTableTests {
    private func table(_ path: String) throws -> [PromotionRow] {
        var generator = SystemRandomNumberGenerator()
        var writer = PromotionTableWriter()
        for store in ["367", "", "406"] { _ = try writer.index(ofStore: store) }
        var rows: [PromotionRow] = []
        for item in [0, 5, 6, 6, 9] as [UInt32] {
            for store in 0..<3 as Range<UInt16> {
                rows.append(
                    PromotionRow(
                        item: ItemNumber(item), store: store, week: UInt8(200 + item), display: UInt8(ascii: "0"),
                        mailer: item == 5 ? UInt8(ascii: "A") : UInt8(ascii: "0")))
            }
        }
        for row in rows.shuffled(using: &generator) { try writer.add(row) }
        try writer.write(to: path)
        return rows
    }

    @Test func `rows come back by item, in the order of stores`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("promotions.bin")
        let rows = try table(path)
        let read = try PromotionTable(path: path, verify: .checksums)
        #expect(read.rowCount == 15)
        #expect(read.stores == ["367", "", "406"])
        for item in 0..<12 as Range<UInt32> {
            let expected = rows.filter { $0.item.rawValue == item }.sorted { $0.store < $1.store }
            #expect(try read.rows(of: ItemNumber(item)) == expected)
        }
    }

    @Test func `a table without rows is a table`() throws {
        let folder = try TemporaryFolder()
        try PromotionTableWriter().write(to: folder.file("p"))
        let table = try PromotionTable(path: folder.file("p"), verify: .checksums)
        #expect(try table.rows(of: ItemNumber(0)).isEmpty)
    }

    @Test func `a table that was cut or flipped anywhere is refused`() throws {
        let folder = try TemporaryFolder()
        let path = folder.file("promotions.bin")
        _ = try table(path)
        let whole = try FileSystem.read(path)
        for length in 0..<whole.count {
            try AtomicFile.write(Array(whole.prefix(length)), to: folder.file("cut"))
            #expect(throws: StorageError.self) { try PromotionTable(path: folder.file("cut")) }
        }
        for place in whole.indices {
            var flipped = whole
            flipped[place] ^= 0x80
            try AtomicFile.write(flipped, to: folder.file("flipped"))
            #expect(throws: StorageError.self) {
                try PromotionTable(path: folder.file("flipped"), verify: .checksums)
            }
        }
    }
}
