import Foundation
public import Storage

/// Named columns of plain numbers in one file: how models lie on disk. See `docs/formats/models.md`.
///
/// Little-endian, each column aligned to 8 bytes, a checksum at the end. Columns are written in the order of their names.
public struct ColumnFile: Hashable, Sendable {
    static let magic: [UInt8] = Array("SOUKCOL1".utf8)
    public var kind: String
    var columns: [String: Column] = [:]

    /// The type of a column's numbers; the raw value stands in the file.
    enum Element: UInt8 { case uint8 = 1, uint32, float, double, int64 }

    struct Column: Hashable, Sendable {
        var element: UInt8
        /// Of the file that was read, shared by all columns; of its own for a column that was set.
        var bytes: ArraySlice<UInt8>
    }

    public init(kind: String) { self.kind = kind }

    public mutating func set(_ name: String, _ values: [UInt8]) {
        columns[name] = Column(element: Element.uint8.rawValue, bytes: values[...])
    }
    public mutating func set(_ name: String, _ values: [UInt32]) { store(name, values, .uint32) }
    public mutating func set(_ name: String, _ values: [Float]) { store(name, values, .float) }
    public mutating func set(_ name: String, _ values: [Double]) { store(name, values, .double) }
    public mutating func set(_ name: String, _ values: [Int64]) { store(name, values, .int64) }

    public func bytes(_ name: String) throws(StorageError) -> [UInt8] { try load(name, .uint8, UInt8(0)) }
    public func uint32s(_ name: String) throws(StorageError) -> [UInt32] { try load(name, .uint32, UInt32(0)) }
    public func floats(_ name: String) throws(StorageError) -> [Float] {
        try finite(name, load(name, .float, Float(0)))
    }
    public func doubles(_ name: String) throws(StorageError) -> [Double] {
        try finite(name, load(name, .double, Double(0)))
    }
    public func int64s(_ name: String) throws(StorageError) -> [Int64] { try load(name, .int64, Int64(0)) }

    /// A column of doubles with exactly one value.
    public func number(_ name: String) throws(StorageError) -> Double {
        let values = try doubles(name)
        guard values.count == 1 else { throw damaged("\(name) has \(values.count) values instead of 1") }
        return values[0]
    }

    public func damaged(_ what: String) -> StorageError {
        StorageError(.corrupt, "The model \(kind) is damaged: \(what). Train and publish it again.")
    }

    /// The file's bytes; equal for equal columns.
    public func encoded() -> [UInt8] {
        var bytes = Self.magic
        append(UInt32(kind.utf8.count), to: &bytes)
        append(UInt32(columns.count), to: &bytes)
        bytes.append(contentsOf: kind.utf8)
        for (name, column) in columns.sorted(by: { $0.key < $1.key }) {
            append(UInt32(name.utf8.count), to: &bytes)
            append(UInt32(column.element), to: &bytes)
            append(UInt64(column.bytes.count), to: &bytes)
            bytes.append(contentsOf: name.utf8)
            while bytes.count & 7 != 0 { bytes.append(0) }
            bytes.append(contentsOf: column.bytes)
        }
        while bytes.count & 7 != 0 { bytes.append(0) }
        append(Self.checksum(bytes[...]), to: &bytes)
        return bytes
    }

    /// Reads bytes that `encoded` wrote; throws `corrupt` or `unknownFormat`, never traps.
    public init(decoding bytes: [UInt8], kind: String) throws(StorageError) {
        self.init(kind: kind)
        guard bytes.starts(with: Self.magic) else {
            throw StorageError(
                .unknownFormat, "The model \(kind) is not in a format that this version knows. Train it again.")
        }
        guard bytes.count >= 24, bytes.count & 7 == 0,
            read(UInt64.self, bytes, bytes.count - 8) == Self.checksum(bytes[..<(bytes.count - 8)])
        else { throw damaged("its checksum does not match") }
        let end = bytes.count - 8
        var position = 8
        func take(_ count: Int) throws(StorageError) -> Int {
            guard count >= 0, count <= end - position else { throw damaged("it ends too early") }
            defer { position += count }
            return position
        }
        let kindCount = Int(read(UInt32.self, bytes, try take(4)))
        let columnCount = Int(read(UInt32.self, bytes, try take(4)))
        let kindStart = try take(kindCount)
        guard bytes[kindStart..<kindStart + kindCount].elementsEqual(kind.utf8) else {
            throw damaged("it is of another kind")
        }
        for _ in 0..<columnCount {
            let nameCount = Int(read(UInt32.self, bytes, try take(4)))
            let element = UInt8(truncatingIfNeeded: read(UInt32.self, bytes, try take(4)))
            guard let count = Int(exactly: read(UInt64.self, bytes, try take(8))) else { throw damaged("a length") }
            let nameStart = try take(nameCount)
            let name = String(decoding: bytes[nameStart..<nameStart + nameCount], as: UTF8.self)
            _ = try take((8 - position & 7) & 7)
            let start = try take(count)
            columns[name] = Column(element: element, bytes: bytes[start..<start + count])
        }
    }

    public func write(to path: String) throws(StorageError) {
        do {
            try Data(encoded()).write(to: URL(filePath: path), options: .atomic)
        } catch {
            throw StorageError(
                .failed, "Writing \(path) failed. Is the disk full, or the folder missing?", cause: error)
        }
    }

    public init(reading path: String, kind: String) throws(StorageError) {
        let bytes: [UInt8]
        do throws(StorageError) {
            bytes = try FileSystem.read(path, maximumBytes: .max)
        } catch {
            throw StorageError(.notFound, "The model file \(path) cannot be read. Run `souk train`.", cause: error)
        }
        try self.init(decoding: bytes, kind: kind)
    }

    private mutating func store<T: BitwiseCopyable>(_ name: String, _ values: [T], _ element: Element) {
        let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
        columns[name] = Column(element: element.rawValue, bytes: bytes[...])
    }

    private func load<T: BitwiseCopyable>(
        _ name: String, _ element: Element, _ zero: T
    ) throws(StorageError) -> [T] {
        guard let column = columns[name] else { throw damaged("\(name) is missing") }
        let size = MemoryLayout<T>.stride
        guard column.element == element.rawValue, column.bytes.count % size == 0 else {
            throw damaged("\(name) has another type")
        }
        var values = [T](repeating: zero, count: column.bytes.count / size)
        unsafe values.withUnsafeMutableBytes { target in unsafe target.copyBytes(from: column.bytes) }
        return values
    }

    private func finite<T: BinaryFloatingPoint>(_ name: String, _ values: [T]) throws(StorageError) -> [T] {
        guard values.allSatisfy(\.isFinite) else { throw damaged("\(name) holds something that is no number") }
        return values
    }

    /// FNV-1a over words of eight bytes (the manifest holds the cryptographic digest).
    private static func checksum(_ bytes: ArraySlice<UInt8>) -> UInt64 {
        unsafe bytes.withUnsafeBytes { raw in
            var hash: UInt64 = 0xCBF2_9CE4_8422_2325
            for place in stride(from: 0, to: raw.count & ~7, by: 8) {
                let word = unsafe raw.loadUnaligned(fromByteOffset: place, as: UInt64.self)
                hash = (hash ^ UInt64(littleEndian: word)) &* 0x100_0000_01B3
                hash ^= hash >> 29
            }
            return hash
        }
    }

    private func append<T: FixedWidthInteger>(_ value: T, to bytes: inout [UInt8]) {
        for shift in 0..<T.bitWidth / 8 { bytes.append(UInt8(truncatingIfNeeded: value >> T(shift * 8))) }
    }

    private func read<T: FixedWidthInteger>(_ type: T.Type, _ bytes: [UInt8], _ start: Int) -> T {
        var value: T = 0
        for shift in 0..<T.bitWidth / 8 { value |= T(bytes[start + shift]) << T(shift * 8) }
        return value
    }
}
