import Storage

/// The bytes of a segment, mapped from a file or held in memory, never changed after creation.
///
/// Sendable invariant: `bytes` is set once and read only; its owner frees it in `deinit`.
@safe final class SegmentBytes: @unchecked Sendable {
    private let mapped: MappedFile?
    @unsafe let bytes: UnsafeRawBufferPointer

    init(path: String) throws(StorageError) {
        let file = try MappedFile(path: path)
        mapped = file
        unsafe bytes = file.bytes
    }

    init(copying source: [UInt8]) {
        mapped = nil
        let copy = UnsafeMutableRawBufferPointer.allocate(byteCount: max(8, source.count), alignment: 16)
        unsafe copy.copyBytes(from: source)
        unsafe bytes = UnsafeRawBufferPointer(rebasing: copy[..<source.count])
    }

    deinit { if mapped == nil { unsafe bytes.deallocate() } }
}

/// A read-only column of a segment; valid as long as its `owner`.
///
/// Every index is checked against the count.
@safe struct Column<Element: BitwiseCopyable>: @unchecked Sendable {
    private let owner: SegmentBytes
    @unsafe private let base: UnsafeBufferPointer<Element>

    init(_ owner: SegmentBytes, _ base: UnsafeBufferPointer<Element>) {
        self.owner = owner
        unsafe self.base = base
    }

    /// A column in memory of its own.
    init(copying elements: [Element]) {
        let owner = unsafe elements.withUnsafeBytes { unsafe SegmentBytes(copying: Array($0)) }
        unsafe self.init(owner, owner.bytes.assumingMemoryBound(to: Element.self))
    }

    var count: Int { unsafe base.count }

    /// Gives `body` all elements at once: for loops, where counting references per element would cost more than the work.
    @inline(__always) func withElements<Result>(_ body: (UnsafeBufferPointer<Element>) -> Result) -> Result {
        withExtendedLifetime(owner) { unsafe body(base) }
    }

    @inline(__always) subscript(index: Int) -> Element {
        let count = unsafe base.count
        precondition(index >= 0 && index < count)
        return unsafe base[index]
    }
}

/// Writes the sections of a segment: a header, a table of names and places, then each section on 8 bytes.
struct SectionWriter {
    static let magic: [UInt8] = Array("SOUKSEG2".utf8)
    private var sections: [(name: String, range: Range<Int>)] = []
    /// All sections, each on 8 bytes.
    private var body: [UInt8] = []

    private mutating func add(_ name: String, _ write: (inout [UInt8]) -> Void) {
        body.append(contentsOf: repeatElement(0, count: (8 - body.count % 8) % 8))
        let start = body.count
        write(&body)
        sections.append((name, start..<body.count))
    }

    mutating func add<Element: BitwiseCopyable>(_ name: String, _ column: [Element]) {
        add(name) { body in unsafe column.withUnsafeBytes { unsafe body.append(contentsOf: $0) } }
    }

    mutating func add(_ name: String, strings: [[UInt8]]) {
        var offsets: [UInt32] = [0]
        for string in strings { offsets.append(offsets[offsets.count - 1] + UInt32(string.count)) }
        add(name + ".offsets", offsets)
        add(name + ".bytes") { body in for string in strings { body.append(contentsOf: string) } }
    }

    /// Adds the strings of some ranks, or of all.
    mutating func add(_ name: String, _ strings: MergedStrings, ranks: [Int]? = nil) {
        var offsets: [UInt32] = [0]
        var bytes: [UInt8] = []
        for index in 0..<(ranks?.count ?? strings.count) {
            strings.withBytes(ranks?[index] ?? index) { string in
                unsafe string.withUnsafeBufferPointer { unsafe bytes.append(contentsOf: $0) }
            }
            offsets.append(UInt32(bytes.count))
        }
        add(name + ".offsets", offsets)
        add(name + ".bytes", bytes)
    }

    /// Adds the sections of another writer behind the own ones.
    mutating func add(_ other: SectionWriter) {
        for section in other.sections { add(section.name) { $0.append(contentsOf: other.body[section.range]) } }
    }

    func finish() -> [UInt8] {
        // Header and table fill a multiple of 8 bytes.
        let start = 16 + sections.count * 40
        var bytes = Self.magic + littleEndian(UInt64(sections.count))
        bytes.reserveCapacity(start + body.count)
        for section in sections {
            let name = Array(section.name.utf8.prefix(24))
            bytes += name + repeatElement(0, count: 24 - name.count)
            bytes += littleEndian(UInt64(start + section.range.lowerBound))
            bytes += littleEndian(UInt64(section.range.count))
        }
        bytes.append(contentsOf: body)
        return bytes
    }

    private func littleEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> ($0 * 8)) }
    }
}

/// Finds the sections of a segment; throws `corrupt` where one is missing or lies outside the bytes.
struct SectionReader {
    let owner: SegmentBytes
    private var places: [String: Range<Int>] = [:]

    init(_ owner: SegmentBytes) throws(SearchError) {
        self.owner = owner
        let bytes = unsafe owner.bytes
        guard bytes.count >= 16, unsafe bytes.prefix(8).elementsEqual(SectionWriter.magic) else {
            throw SearchError(.corrupt, "This is no segment of a format that this version of Souk reads.")
        }
        let count = unsafe Int(truncatingIfNeeded: bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self))
        guard count >= 0, count < 4000, 16 + count * 40 <= bytes.count else { throw Self.damaged("table") }
        for index in 0..<count {
            let start = 16 + index * 40
            let name = unsafe String(decoding: bytes[start..<start + 24].prefix { $0 != 0 }, as: UTF8.self)
            let offset = unsafe bytes.loadUnaligned(fromByteOffset: start + 24, as: UInt64.self)
            let length = unsafe bytes.loadUnaligned(fromByteOffset: start + 32, as: UInt64.self)
            let (end, overflow) = offset.addingReportingOverflow(length)
            guard !overflow, offset % 8 == 0, end <= UInt64(bytes.count) else { throw Self.damaged(name) }
            places[name] = Int(offset)..<Int(end)
        }
    }

    func has(_ name: String) -> Bool { places[name] != nil }

    func column<Element: BitwiseCopyable>(_ name: String, _ type: Element.Type, count: Int? = nil)
        throws(SearchError) -> Column<Element>
    {
        guard let place = places[name], place.count % MemoryLayout<Element>.size == 0 else { throw Self.damaged(name) }
        let found = place.count / MemoryLayout<Element>.size
        guard count == nil || count == found else { throw Self.damaged(name) }
        let slice = unsafe UnsafeRawBufferPointer(rebasing: owner.bytes[place])
        return unsafe Column(owner, slice.assumingMemoryBound(to: type))
    }

    /// A column of offsets: starts at 0, never falls, ends at `end`.
    func offsets(_ name: String, count: Int? = nil, end: Int) throws(SearchError) -> Column<UInt32> {
        let column = try column(name, UInt32.self, count: count)
        guard column.count > 0, column[0] == 0, Int(column[column.count - 1]) == end else { throw Self.damaged(name) }
        for index in 1..<max(1, column.count) where column[index] < column[index - 1] { throw Self.damaged(name) }
        return column
    }

    func strings(_ name: String, count: Int? = nil) throws(SearchError) -> StringColumn {
        let bytes = try column(name + ".bytes", UInt8.self)
        return StringColumn(
            offsets: try offsets(name + ".offsets", count: count.map { $0 + 1 }, end: bytes.count), bytes: bytes)
    }

    static func damaged(_ part: String) -> SearchError {
        SearchError(.corrupt, "The segment's part '\(part)' is damaged. Build the index anew with `souk index`.")
    }
}

/// A column of byte strings.
struct StringColumn: Sendable {
    let offsets: Column<UInt32>
    let bytes: Column<UInt8>

    var count: Int { offsets.count - 1 }
    subscript(index: Int) -> [UInt8] { (Int(offsets[index])..<Int(offsets[index + 1])).map { bytes[$0] } }
    func text(_ index: Int) -> String { String(decoding: self[index], as: UTF8.self) }
    func length(_ index: Int) -> Int { Int(offsets[index + 1] - offsets[index]) }

    /// The first index whose string is not before `key`, for a sorted column. Complexity: O(log count · bytes).
    func lowerBound(_ key: [UInt8]) -> Int {
        var (low, high) = (0, count)
        while low < high {
            let middle = (low + high) / 2
            if precedes(middle, key) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    func find(_ key: [UInt8]) -> Int? {
        let index = lowerBound(key)
        guard index < count, length(index) == key.count, hasPrefix(index, key) else { return nil }
        return index
    }

    func hasPrefix(_ index: Int, _ prefix: [UInt8]) -> Bool {
        let start = Int(offsets[index])
        guard length(index) >= prefix.count else { return false }
        for (place, byte) in prefix.enumerated() where bytes[start + place] != byte { return false }
        return true
    }

    private func precedes(_ index: Int, _ key: [UInt8]) -> Bool {
        let (start, end) = (Int(offsets[index]), Int(offsets[index + 1]))
        for (place, byte) in key.enumerated() {
            guard start + place < end else { return true }
            let own = bytes[start + place]
            if own != byte { return own < byte }
        }
        return false
    }
}
