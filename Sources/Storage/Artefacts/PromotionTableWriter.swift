internal import Domain

/// Collects display and mailer rows in any order and writes them as a `PromotionTable`.
///
/// Keeps eight bytes a row in memory: 168 MB for 20.9 million rows.
public struct PromotionTableWriter {
    private var keys: ContiguousArray<UInt64> = []
    private var stores: [String] = []
    private var storeIndexes: [String: UInt16] = [:]
    private var places: [UInt16] = []
    private var placeIndexes: [UInt16: UInt8] = [:]
    private let firstDay: Int

    /// - Parameter firstDay: The day, counted from 1970-01-01, on which week 1 begins, if it is known.
    public init(firstDay: Int? = nil) { self.firstDay = firstDay ?? 0 }

    /// The index of a store, which is given one when it is new.
    ///
    /// - Throws: `constraint` for an identifier of more than 255 bytes, or more than 65,536 stores.
    public mutating func index(ofStore id: String) throws(StorageError) -> UInt16 {
        if let known = storeIndexes[id] { return known }
        guard id.utf8.count <= 255, let index = UInt16(exactly: stores.count) else {
            throw StorageError(.constraint, "A table of promotions holds 65,536 stores with names of up to 255 bytes.")
        }
        stores.append(id)
        storeIndexes[id] = index
        return index
    }

    /// Takes one row.
    ///
    /// - Throws: `constraint` for an unknown store, or more than 256 pairs of places.
    public mutating func add(_ row: PromotionRow) throws(StorageError) {
        guard Int(row.store) < stores.count else {
            throw StorageError(.constraint, "A promotion names store \(row.store), which has no index.")
        }
        let pair = UInt16(row.display) | UInt16(row.mailer) << 8
        let place: UInt8
        if let known = placeIndexes[pair] {
            place = known
        } else {
            guard let fresh = UInt8(exactly: places.count) else {
                throw StorageError(.constraint, "A table of promotions holds 256 pairs of display and mailer places.")
            }
            places.append(pair)
            placeIndexes[pair] = fresh
            place = fresh
        }
        keys.append(UInt64(row.item.rawValue) << 32 | UInt64(row.store) << 16 | UInt64(row.week) << 8 | UInt64(place))
    }

    /// Sorts the rows and writes the table atomically; the same rows in the same order give the same bytes.
    ///
    /// - Complexity: O(*n* log *n*) in the number of rows.
    public consuming func write(to path: String) throws(StorageError) {
        guard keys.count < Int(UInt32.max) else {
            throw StorageError(.constraint, "\(keys.count) promotions are too many for one table.")
        }
        keys.sort()
        let items = keys.last.map { Int($0 >> 32) + 1 } ?? 0
        guard items <= 1 << 27 else { throw StorageError(.constraint, "Item numbers are too large for the table.") }
        var names: [UInt8] = []
        for store in stores {
            names.append(UInt8(store.utf8.count))
            names.append(contentsOf: store.utf8)
        }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(PromotionTable.headerBytes + 4 * (items + 1 + keys.count) + names.count + 1024)
        bytes.append(contentsOf: PromotionTable.magic)
        let numbers = [keys.count, items, stores.count, places.count, names.count, firstDay]
        for number in numbers { Self.append(number, &bytes) }
        var row = 0
        for item in 0...items {
            while row < keys.count, Int(keys[row] >> 32) < item { row += 1 }
            Self.append(row, &bytes)
        }
        for key in keys {
            bytes.append(UInt8(truncatingIfNeeded: key >> 16))
            bytes.append(UInt8(truncatingIfNeeded: key >> 24))
        }
        for key in keys { bytes.append(UInt8(truncatingIfNeeded: key >> 8)) }
        for key in keys { bytes.append(UInt8(truncatingIfNeeded: key)) }
        for pair in places {
            bytes.append(UInt8(truncatingIfNeeded: pair))
            bytes.append(UInt8(truncatingIfNeeded: pair >> 8))
        }
        bytes.append(contentsOf: names)
        bytes.append(contentsOf: SHA256.bytes(of: bytes))
        try AtomicFile.write(bytes, to: path)
    }

    private static func append(_ number: Int, _ bytes: inout [UInt8]) {
        for shift in stride(from: 0, to: 32, by: 8) { bytes.append(UInt8(truncatingIfNeeded: number >> shift)) }
    }
}
