import Domain
import Storage
import TestSupport
import Testing

@Suite struct PictureTableTests {
    private func write(_ path: String) throws {
        var writer = PictureTableWriter(width: 3, height: 2)
        writer.add([1, 2, 3, 4, 5, 6], for: ItemNumber(4))
        writer.add([9, 8, 7, 6, 5, 4], for: ItemNumber(0))
        #expect(writer.count == 2)
        try writer.write(to: path)
    }

    @Test func `each item has its own picture, and others have none`() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("pictures.bin"))
        let table = try PictureTable(path: folder.file("pictures.bin"), verify: .checksums)
        #expect(table.count == 2 && table.itemLimit == 5 && table.width == 3 && table.height == 2)
        let places = (0..<7).map { table.place(of: ItemNumber($0)) }
        #expect(places == [1, nil, nil, nil, 0, nil, nil])
        #expect(table.pixels(at: 0) == [1, 2, 3, 4, 5, 6])
        #expect(table.pixels(at: 1) == [9, 8, 7, 6, 5, 4])
    }

    @Test func `a table without pictures is a table`() throws {
        let folder = try TemporaryFolder()
        try PictureTableWriter(width: 28, height: 28).write(to: folder.file("p"))
        let table = try PictureTable(path: folder.file("p"), verify: .checksums)
        #expect(table.count == 0 && table.place(of: ItemNumber(0)) == nil)
    }

    @Test func `a table that was cut or flipped anywhere is refused`() throws {
        let folder = try TemporaryFolder()
        try write(folder.file("pictures.bin"))
        let whole = try FileSystem.read(folder.file("pictures.bin"))
        for length in 0..<whole.count {
            try AtomicFile.write(Array(whole.prefix(length)), to: folder.file("cut"))
            #expect(throws: StorageError.self) { try PictureTable(path: folder.file("cut")) }
        }
        for place in whole.indices {
            var flipped = whole
            flipped[place] ^= 0x80
            try AtomicFile.write(flipped, to: folder.file("flipped"))
            #expect(throws: StorageError.self) { try PictureTable(path: folder.file("flipped"), verify: .checksums) }
        }
    }
}
