public import Domain

/// The compact table of display and mailer rows, `promotions.bin`: mapped, sorted by item, four bytes a row.
///
/// The layout is in docs/formats/promotions.md. A value; copies share one mapping.
public struct PromotionTable: Sendable {
    static let magic: [UInt8] = Array("SOUKPRM1".utf8)
    static let headerBytes = 32
    static let checksumBytes = 32

    public let rowCount: Int
    /// One more than the largest item number in the table.
    public let itemLimit: Int
    /// The day, counted from 1970-01-01, on which week 1 begins; `nil` where the table does not say.
    public let firstDay: Int?
    /// Identifiers of stores by the index that rows hold.
    public let stores: [String]
    private let places: [(display: UInt8, mailer: UInt8)]
    private let file: MappedFile

    /// Opens a table.
    ///
    /// - Parameter verify: `checksums` also compares the SHA-256 at the end, which reads all bytes.
    /// - Throws: `notFound`; `unknownFormat`; `corrupt` if a length, an offset or the checksum does not match.
    public init(path: String, verify: Artefact.Verification = .sizes) throws(StorageError) {
        let file = try MappedFile(path: path)
        guard file.count >= 8, (0..<8).map({ file.byte($0) }) == Self.magic else {
            throw StorageError(
                .unknownFormat, "\(path) is no table of promotions that this Souk knows. Import it again.")
        }
        let damaged = StorageError(.corrupt, "\(path) is damaged. Import the promotions again.")
        guard file.count >= Self.headerBytes + Self.checksumBytes else { throw damaged }
        let (rows, items) = (file.word(8), file.word(12))
        let (storeCount, placeCount, textBytes) = (file.word(16), file.word(20), file.word(24))
        let startsEnd = Self.headerBytes + 4 * (items + 1)
        let expected = startsEnd + 4 * rows + 2 * placeCount + textBytes + Self.checksumBytes
        guard file.count == expected, placeCount <= 256, storeCount <= 65_536 else { throw damaged }
        if verify == .checksums {
            let end = file.count - Self.checksumBytes
            guard SHA256.bytes(of: file, count: end) == (end..<file.count).map({ file.byte($0) }) else { throw damaged }
        }
        (rowCount, itemLimit, self.file) = (rows, items, file)
        firstDay = file.word(28) > 0 ? file.word(28) : nil
        var previous = 0
        for item in 0...items {
            let start = file.word(Self.headerBytes + 4 * item)
            guard start >= previous, start <= rows else { throw damaged }
            previous = start
        }
        guard previous == rows, file.word(Self.headerBytes) == 0 else { throw damaged }
        let pairs = startsEnd + 4 * rows
        places = (0..<placeCount).map { (file.byte(pairs + 2 * $0), file.byte(pairs + 2 * $0 + 1)) }
        var names: [String] = []
        var offset = pairs + 2 * placeCount
        let end = offset + textBytes
        while names.count < storeCount {
            guard offset < end else { throw damaged }
            let next = offset + 1 + Int(file.byte(offset))
            guard next <= end else { throw damaged }
            names.append(String(decoding: (offset + 1..<next).map { file.byte($0) }, as: UTF8.self))
            offset = next
        }
        guard offset == end else { throw damaged }
        stores = names
    }

    /// The rows of one item, by store, then week; an unknown item has none. Complexity: O(rows of the item).
    ///
    /// - Throws: `corrupt` if a row names a store or place that the table lacks.
    public func rows(of item: ItemNumber) throws(StorageError) -> [PromotionRow] {
        guard item.index < itemLimit else { return [] }
        let first = file.word(Self.headerBytes + 4 * item.index)
        let last = file.word(Self.headerBytes + 4 * (item.index + 1))
        let storeColumn = Self.headerBytes + 4 * (itemLimit + 1)
        let (weekColumn, placeColumn) = (storeColumn + 2 * rowCount, storeColumn + 3 * rowCount)
        var rows: [PromotionRow] = []
        rows.reserveCapacity(last - first)
        for row in first..<last {
            let store = Int(file.byte(storeColumn + 2 * row)) | Int(file.byte(storeColumn + 2 * row + 1)) << 8
            let place = Int(file.byte(placeColumn + row))
            guard store < stores.count, place < places.count else {
                throw StorageError(.corrupt, "\(file.path) is damaged. Import the promotions again.")
            }
            rows.append(
                PromotionRow(
                    item: item, store: UInt16(store), week: file.byte(weekColumn + row),
                    display: places[place].display, mailer: places[place].mailer))
        }
        return rows
    }
}
