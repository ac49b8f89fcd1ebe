public import Domain

/// The pictures of a shop's items, `pictures.bin`: mapped, all of one size, a byte a grey pixel.
///
/// The layout is in docs/formats/pictures.md. A value; copies share one mapping.
public struct PictureTable: Sendable {
    static let magic: [UInt8] = Array("SOUKPIC1".utf8)
    static let headerBytes = 24
    static let checksumBytes = 32
    /// Stands for an item without a picture.
    static let noPicture = UInt32.max

    /// How many pictures there are.
    public let count: Int
    /// One more than the largest item number that has a picture.
    public let itemLimit: Int
    public let width: Int
    public let height: Int
    private let file: MappedFile

    /// Opens a table.
    ///
    /// - Parameter verify: `checksums` also compares the SHA-256 at the end, which reads all bytes.
    /// - Throws: `notFound`; `unknownFormat`; `corrupt` if a length, a place or the checksum does not match.
    public init(path: String, verify: Artefact.Verification = .sizes) throws(StorageError) {
        let file = try MappedFile(path: path)
        guard file.count >= 8, (0..<8).map({ file.byte($0) }) == Self.magic else {
            throw StorageError(
                .unknownFormat, "\(path) is no table of pictures that this Souk knows. Import them again.")
        }
        let damaged = StorageError(.corrupt, "\(path) is damaged. Import the pictures again.")
        guard file.count >= Self.headerBytes + Self.checksumBytes else { throw damaged }
        (itemLimit, count) = (file.word(8), file.word(12))
        (width, height, self.file) = (file.word(16), file.word(20), file)
        // Lengths of 32 bits each: none of the sums and the first product can leave 64 bits.
        let (pixels, isTooMany) = (width * height).multipliedReportingOverflow(by: count)
        guard !isTooMany, width > 0, height > 0,
            file.count - Self.headerBytes - Self.checksumBytes - 4 * itemLimit == pixels
        else { throw damaged }
        for item in 0..<itemLimit {
            let place = file.word(Self.headerBytes + 4 * item)
            guard place < count || place == Int(Self.noPicture) else { throw damaged }
        }
        if verify == .checksums {
            let end = file.count - Self.checksumBytes
            guard SHA256.bytes(of: file, count: end) == (end..<file.count).map({ file.byte($0) }) else { throw damaged }
        }
    }

    /// Which picture an item has; `nil` if it has none.
    public func place(of item: ItemNumber) -> Int? {
        guard item.index < itemLimit else { return nil }
        let place = file.word(Self.headerBytes + 4 * item.index)
        return place == Int(Self.noPicture) ? nil : place
    }

    /// The pixels of the picture at a place, row by row, 0 for black; shape `[height, width]`.
    public func pixels(at place: Int) -> [UInt8] {
        precondition(place >= 0 && place < count, "there is no such picture")
        let start = Self.headerBytes + 4 * itemLimit + place * width * height
        return file.withBytes { bytes in
            unsafe bytes.extracting(start..<start + width * height).withUnsafeBytes { unsafe Array($0) }
        }
    }
}
