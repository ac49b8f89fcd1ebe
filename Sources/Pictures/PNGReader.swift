internal import CZlib

extension GreyPicture {
    /// The most bytes and pixels of a file that `init(png:)` reads.
    public static let maximumBytes = 1 << 20
    public static let maximumPixels = 4 << 20

    /// Reads a PNG file of 8 bits a channel, grey or coloured, with or without transparency, not interlaced (W3C, Portable Network
    /// Graphics, third edition, 2025).
    ///
    /// Colours become grey by their luma (ITU-R BT.601); what is transparent lies on white.
    ///
    /// - Throws: `notPicture`, `unsupported` or `tooLarge`; the size is checked before room for the pixels is taken.
    /// - Complexity: O(pixels) of time and memory.
    public init(png file: [UInt8]) throws(PictureError) {
        guard file.count <= Self.maximumBytes else {
            throw PictureError(.tooLarge, "A picture may have \(Self.maximumBytes) bytes: send a smaller one.")
        }
        guard file.starts(with: PNG.signature) else {
            throw PictureError(.notPicture, "These bytes are no PNG file: they begin otherwise.")
        }
        let (header, packed) = try PNGFile.read(file)
        let rows = try PNGFile.unpack(packed, byteCount: header.height * (1 + header.width * header.channels))
        self.init(width: header.width, height: header.height, pixels: try PNGFile.grey(rows, header))
    }
}

/// The parts of reading a PNG file.
private enum PNGFile {
    struct Header {
        var width: Int
        var height: Int
        /// Bytes a pixel: grey, grey and alpha, red, green and blue, or these with alpha.
        var channels: Int
    }

    static func damaged(_ what: String) -> PictureError {
        PictureError(.notPicture, "The PNG file is cut short or damaged: \(what).")
    }

    /// The header, and the compressed rows of all data chunks.
    static func read(_ file: [UInt8]) throws(PictureError) -> (header: Header, packed: [UInt8]) {
        var header: Header?
        var packed: [UInt8] = []
        var place = PNG.signature.count
        while true {
            guard file.count - place >= 12 else { throw damaged("its end is missing") }
            let length = number(file[place..<place + 4])
            guard length <= file.count - place - 12 else { throw damaged("a part ends beyond the file") }
            let body = file[place + 4..<place + 8 + length]
            guard PNG.checksum(body) == UInt32(number(file[body.endIndex..<body.endIndex + 4])) else {
                throw damaged("a checksum does not match")
            }
            let type = String(decoding: body.prefix(4), as: UTF8.self)
            let content = body.dropFirst(4)
            guard let header else {
                guard type == "IHDR", length == 13 else { throw damaged("its header is missing") }
                header = try Self.header(Array(content))
                place = body.endIndex + 4
                continue
            }
            switch type {
            case "IDAT": packed += content
            case "IEND":
                guard !packed.isEmpty else { throw damaged("it has no pixels") }
                return (header, packed)
            default:
                // A capital first letter: a part without which the picture cannot be understood.
                if body[body.startIndex] & 0x20 == 0, type != "PLTE" { throw damaged("it has an unknown part") }
            }
            place = body.endIndex + 4
        }
    }

    private static func number(_ bytes: ArraySlice<UInt8>) -> Int { bytes.reduce(0) { $0 << 8 | Int($1) } }

    private static func header(_ bytes: [UInt8]) throws(PictureError) -> Header {
        let (width, height) = (number(bytes[0..<4]), number(bytes[4..<8]))
        guard width > 0, height > 0 else { throw damaged("it has no pixels") }
        guard width <= GreyPicture.maximumPixels, height <= GreyPicture.maximumPixels / width else {
            throw PictureError(
                .tooLarge,
                "The picture has \(width) × \(height) pixels; it may have \(GreyPicture.maximumPixels): send a smaller one."
            )
        }
        guard let channels = [0: 1, 2: 3, 4: 2, 6: 4][bytes[9]], bytes[8] == 8, bytes[10...12] == [0, 0, 0] else {
            throw PictureError(
                .unsupported,
                "PNG files of this kind are not read: save it with 8 bits a channel, grey or RGB, and not interlaced.")
        }
        return Header(width: width, height: height, channels: channels)
    }

    /// Exactly `byteCount` bytes.
    static func unpack(_ packed: [UInt8], byteCount: Int) throws(PictureError) -> [UInt8] {
        var rows = [UInt8](repeating: 0, count: byteCount)
        var length = UInt(byteCount)
        let status = unsafe uncompress(&rows, &length, packed, UInt(packed.count))
        guard status == Z_OK, length == UInt(byteCount) else { throw damaged("its pixels do not fit its size") }
        return rows
    }

    /// Undoes the filters and gives a byte of grey a pixel.
    static func grey(_ bytes: [UInt8], _ header: Header) throws(PictureError) -> [UInt8] {
        let (channels, stride) = (header.channels, header.width * header.channels)
        var grey: [UInt8] = []
        grey.reserveCapacity(header.width * header.height)
        var above = [UInt8](repeating: 0, count: stride)
        var row = above
        for number in 0..<header.height {
            let start = number * (stride + 1)
            let filter = bytes[start]
            guard filter <= 4 else { throw damaged("a row has an unknown filter") }
            for column in 0..<stride {
                let left = column >= channels ? Int(row[column - channels]) : 0
                let corner = column >= channels ? Int(above[column - channels]) : 0
                let up = Int(above[column])
                let guess =
                    switch filter {
                    case 0: 0
                    case 1: left
                    case 2: up
                    case 3: (left + up) / 2
                    default: paeth(left, up, corner)
                    }
                row[column] = bytes[start + 1 + column] &+ UInt8(guess)
            }
            for pixel in 0..<header.width { grey.append(shade(row, pixel * channels, channels)) }
            swap(&above, &row)
        }
        return grey
    }

    private static func paeth(_ left: Int, _ up: Int, _ corner: Int) -> Int {
        let (toLeft, toUp, toCorner) = (abs(up - corner), abs(left - corner), abs(left + up - 2 * corner))
        if toLeft <= toUp, toLeft <= toCorner { return left }
        return toUp <= toCorner ? up : corner
    }

    @inline(__always) private static func shade(_ row: [UInt8], _ place: Int, _ channels: Int) -> UInt8 {
        var grey = Int(row[place])
        if channels >= 3 {
            grey = (299 * grey + 587 * Int(row[place + 1]) + 114 * Int(row[place + 2]) + 500) / 1000
        }
        guard channels == 2 || channels == 4 else { return UInt8(grey) }
        let alpha = Int(row[place + channels - 1])
        return UInt8((grey * alpha + 255 * (255 - alpha) + 127) / 255)
    }
}
