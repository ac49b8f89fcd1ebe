/// Splits a feed into lines of bounded length: without their ends (`\n` or `\r\n`) and without a byte order mark.
struct LineReader {
    static let maximumLineBytes = 1 << 20

    enum Line {
        case bytes([UInt8])
        /// Longer than the limit; its bytes were passed over.
        case tooLong
    }

    /// The number of the line that `next()` returned last, from 1.
    private(set) var number = 0
    /// Bytes used up so far, for progress.
    private(set) var consumed = 0
    private let input: ByteInput
    private let limit: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false

    init(_ input: ByteInput, limit: Int = Self.maximumLineBytes) { (self.input, self.limit) = (input, limit) }

    var total: Int { input.total }

    /// The next line, or `nil` at the end; an empty last line is none.
    mutating func next() throws(FeedError) -> Line? {
        var isTooLong = false
        var searched = position
        while true {
            if let end = buffer[searched...].firstIndex(of: 0x0A) {
                return finish(at: end, next: end + 1, isTooLong: isTooLong)
            }
            if buffer.count - position > limit + 4 {
                isTooLong = true
                consumed += buffer.count - position
                buffer.removeAll(keepingCapacity: true)
                position = 0
            } else if position > 0 {
                buffer.removeSubrange(..<position)
                position = 0
            }
            searched = buffer.count
            if !isAtEnd { isAtEnd = try input.read(1 << 17, into: &buffer) == 0 }
            if isAtEnd {
                guard !buffer.isEmpty || isTooLong else { return nil }
                return finish(at: buffer.count, next: buffer.count, isTooLong: isTooLong)
            }
        }
    }

    private mutating func finish(at end: Int, next: Int, isTooLong: Bool) -> Line {
        number += 1
        var line = buffer[position..<end]
        consumed += next - position
        position = next
        if line.last == 0x0D { line = line.dropLast() }
        if number == 1, line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
        return isTooLong || line.count > limit ? .tooLong : .bytes(Array(line))
    }
}
