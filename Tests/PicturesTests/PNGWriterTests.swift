import CZlib
import Pictures
import Testing

@Suite struct PNGWriterTests {
    /// The chunks of a PNG file, with their checksums compared by the definition (PNG, annex D) instead of zlib.
    private static func chunks(_ file: [UInt8]) throws -> [(type: String, content: [UInt8])] {
        func number(_ place: Int) -> Int { file[place..<place + 4].reduce(0) { $0 << 8 | Int($1) } }
        #expect(Array(file.prefix(8)) == [137, 80, 78, 71, 13, 10, 26, 10])
        var chunks: [(String, [UInt8])] = []
        var place = 8
        while place < file.count {
            let end = place + 8 + number(place)
            var register: UInt32 = .max
            for byte in file[place + 4..<end] {
                register ^= UInt32(byte)
                for _ in 0..<8 { register = register & 1 == 1 ? 0xEDB8_8320 ^ (register >> 1) : register >> 1 }
            }
            #expect(number(end) == Int(~register))
            chunks.append((String(decoding: file[place + 4..<place + 8], as: UTF8.self), Array(file[place + 8..<end])))
            place = end + 4
        }
        return chunks
    }

    @Test(arguments: [(1, 1), (3, 2), (28, 28), (700, 5)])
    func `a file holds the size and every pixel`(width: Int, height: Int) throws {
        let pixels = (0..<width * height).map { UInt8(truncatingIfNeeded: $0 &* 37) }
        let file = GreyPicture(width: width, height: height, pixels: pixels).png()
        let chunks = try Self.chunks(file)
        #expect(chunks.map(\.type) == ["IHDR", "IDAT", "IEND"])
        #expect(
            chunks[0].content
                == [0, 0, UInt8(width >> 8), UInt8(width & 255), 0, 0, 0, UInt8(height), 8, 0, 0, 0, 0])
        var rows = [UInt8](repeating: 9, count: height * (width + 1))
        var count = UInt(rows.count)
        let packed = chunks[1].content
        let status = unsafe uncompress(&rows, &count, packed, UInt(packed.count))
        #expect(status == Z_OK && Int(count) == rows.count)
        for row in 0..<height {
            let start = row * (width + 1)
            #expect(rows[start] == 0)
            #expect(Array(rows[start + 1..<start + 1 + width]) == Array(pixels[row * width..<(row + 1) * width]))
        }
        #expect(chunks[2].content.isEmpty)
    }

    @Test func `the negative of the negative is the picture`() {
        let picture = GreyPicture(width: 2, height: 1, pixels: [0, 200])
        #expect(picture.negative.pixels == [255, 55])
        #expect(picture.negative.negative == picture)
    }
}
