public import Domain

/// Collects the items' pictures and writes them as a `PictureTable`.
public struct PictureTableWriter {
    private let width: Int
    private let height: Int
    private var places: [UInt32] = []
    private var pixels: [UInt8] = []

    public init(width: Int, height: Int) {
        precondition(width > 0 && height > 0, "pictures have at least one pixel")
        (self.width, self.height) = (width, height)
    }

    /// How many pictures were added.
    public var count: Int { pixels.count / (width * height) }

    /// Takes an item's picture, shape `[height, width]`, 0 for black.
    public mutating func add(_ picture: some Collection<UInt8>, for item: ItemNumber) {
        precondition(picture.count == width * height, "all pictures have one size")
        let missing = item.index + 1 - places.count
        if missing > 0 { places.append(contentsOf: repeatElement(PictureTable.noPicture, count: missing)) }
        places[item.index] = UInt32(count)
        pixels += picture
    }

    /// Writes the table atomically; the same pictures in the same order give the same bytes.
    public func write(to path: String) throws(StorageError) {
        var bytes = PictureTable.magic
        bytes.reserveCapacity(
            PictureTable.headerBytes + 4 * places.count + pixels.count + PictureTable.checksumBytes)
        for number in [places.count, count, width, height] { Self.append(UInt32(number), &bytes) }
        for place in places { Self.append(place, &bytes) }
        bytes += pixels
        bytes += SHA256.bytes(of: bytes)
        try AtomicFile.write(bytes, to: path)
    }

    private static func append(_ number: UInt32, _ bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
