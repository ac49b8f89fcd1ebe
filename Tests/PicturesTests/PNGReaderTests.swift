import Foundation
import TestSupport
import Testing

@testable import Pictures

@Suite struct PNGReaderTests {
    private static func header(_ width: UInt32, _ height: UInt32, _ kind: [UInt8]) -> [UInt8] {
        PNG.bytes(width) + PNG.bytes(height) + kind
    }

    private static func file(_ parts: [(String, [UInt8])]) -> [UInt8] {
        parts.reduce(into: PNG.signature) { PNG.append($1.0, $1.1, to: &$0) }
    }

    /// Bytes as zlib holds them without packing them.
    private static func stored(_ bytes: [UInt8]) -> [UInt8] {
        // One stored block, with Adler-32 at the end.
        var (low, high): (UInt32, UInt32) = (1, 0)
        for byte in bytes {
            low = (low + UInt32(byte)) % 65_521
            high = (high + low) % 65_521
        }
        let count = UInt16(bytes.count)
        let lengths = [count, ~count].flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }
        return [0x78, 0x01, 0x01] + lengths + bytes + PNG.bytes(high << 16 | low)
    }

    @Test func `what is written is read again`() throws {
        let pixels = (0..<35).map { UInt8($0 * 7) }
        let picture = GreyPicture(width: 7, height: 5, pixels: pixels)
        #expect(try GreyPicture(png: picture.png()) == picture)
    }

    @Test func `filters are undone, colours weighed and what is transparent lies on white`() throws {
        // Red and half-transparent black; the second row by each filter is the same as the first.
        let first: [UInt8] = [0, 255, 0, 0, 255, 0, 0, 0, 128]
        let second: [UInt8: [UInt8]] = [
            0: [255, 0, 0, 255, 0, 0, 0, 128], 1: [255, 0, 0, 255, 1, 0, 0, 129], 2: [UInt8](repeating: 0, count: 8),
            3: [128, 0, 0, 128, 129, 0, 0, 193], 4: [UInt8](repeating: 0, count: 8),
        ]
        for (filter, row) in second {
            let bytes = Self.file([
                ("IHDR", Self.header(2, 2, [8, 6, 0, 0, 0])), ("tEXt", [65, 0, 66]),
                ("IDAT", Self.stored(first + [filter] + row)), ("IEND", []),
            ])
            #expect(try GreyPicture(png: bytes).pixels == [76, 127, 76, 127], "filter \(filter)")
        }
    }

    private static func code(_ bytes: [UInt8]) -> PictureError.Code? {
        do {
            _ = try GreyPicture(png: bytes)
            return nil
        } catch {
            #expect(!error.message.isEmpty)
            return error.code
        }
    }

    @Test func `a header of 100 megapixels and a file beyond the limit are refused before memory is taken`() {
        for (width, height) in [(10_000, 10_000), (UInt32.max, UInt32.max), (UInt32.max, 1), (1, 5 << 20)]
            as [(UInt32, UInt32)]
        {
            let bytes = Self.file([
                ("IHDR", Self.header(width, height, [8, 6, 0, 0, 0])), ("IDAT", [0]), ("IEND", []),
            ])
            #expect(Self.code(bytes) == .tooLarge)
        }
        #expect(Self.code([UInt8](repeating: 0, count: GreyPicture.maximumBytes + 1)) == .tooLarge)
    }

    @Test func `other kinds, damaged and shortened files are refused`() {
        for kind: [UInt8] in [
            [16, 0, 0, 0, 0], [1, 0, 0, 0, 0], [8, 3, 0, 0, 0], [8, 0, 0, 0, 1], [8, 5, 0, 0, 0],
        ] {
            let bytes = Self.file([("IHDR", Self.header(1, 1, kind)), ("IDAT", Self.stored([0, 1])), ("IEND", [])])
            #expect(Self.code(bytes) == .unsupported)
        }
        let grey: [UInt8] = [8, 0, 0, 0, 0]
        let wrong = [
            [("IHDR", Self.header(0, 1, grey)), ("IDAT", Self.stored([0, 1])), ("IEND", [])],
            [("IDAT", Self.stored([0, 1])), ("IEND", [])], [("IHDR", Self.header(1, 1, grey)), ("IEND", [])],
            [("IHDR", Self.header(1, 1, grey)), ("IDAT", Self.stored([0, 1]))],
            [("IHDR", Self.header(1, 1, grey)), ("IDAT", Self.stored([9, 1])), ("IEND", [])],
            [("IHDR", Self.header(1, 1, grey)), ("IDAT", Self.stored([0])), ("IEND", [])],
            [("IHDR", Self.header(1, 1, grey)), ("IDAT", Self.stored([0, 1, 2])), ("IEND", [])],
            [("IHDR", Self.header(1, 1, grey)), ("ABCD", []), ("IDAT", Self.stored([0, 1])), ("IEND", [])],
        ]
        for parts in wrong { #expect(Self.code(Self.file(parts)) == .notPicture) }
        let whole = GreyPicture(width: 9, height: 9, pixels: [UInt8](repeating: 3, count: 81)).png()
        for count in 0..<whole.count { #expect(Self.code(Array(whole.prefix(count))) == .notPicture) }
        for place in 0..<whole.count - 12 {
            var bytes = whole
            bytes[place] ^= 0x40
            #expect(Self.code(bytes) != nil, "byte \(place)")
        }
    }

    @Test func `a framed picture is light on black, cut to its content and keeps its aspect`() {
        // A dark bar of 20 × 40 on a light ground of 100 × 100.
        var pixels = [UInt8](repeating: 250, count: 10_000)
        for row in 30..<70 { for column in 10..<30 { pixels[row * 100 + column] = 0 } }
        let framed = GreyPicture(width: 100, height: 100, pixels: pixels).framed(side: 28)
        #expect(framed.width == 28 && framed.height == 28)
        for row in 0..<28 {
            for column in 0..<28 {
                #expect(framed.pixels[row * 28 + column] == ((7..<21).contains(column) ? 255 : 0))
            }
        }
        // One that is of the size already is at most negated.
        let small = GreyPicture(width: 2, height: 2, pixels: [0, 0, 90, 0])
        #expect(small.framed(side: 2) == small && small.negative.framed(side: 2) == small)
        // Nothing but ground, and a picture of one pixel.
        #expect(
            GreyPicture(width: 50, height: 3, pixels: [UInt8](repeating: 255, count: 150)).framed(side: 28).pixels
                .allSatisfy { $0 == 0 })
        #expect(GreyPicture(width: 1, height: 1, pixels: [0]).framed(side: 28).pixels.count == 784)
    }
}
