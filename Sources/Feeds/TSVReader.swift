/// Reads tab-separated rows without quoting, streaming: fields stay bytes until they are asked for.
struct TSVReader {
    /// The line of the row that `next()` read last, from 1; the header is line 1.
    private(set) var line = 1
    /// Bytes used up so far.
    private(set) var consumed = 0
    let path: String
    private let input: ByteInput
    private let columns: Int
    private var buffer: [UInt8] = []
    private var position = 0
    private var isAtEnd = false
    /// Where each field begins, and one past the end of the last.
    private var starts: [Int]

    /// - Parameter header: The columns that the first line must name, in this order.
    init(path: String, header: [String]) throws(FeedError) {
        (self.path, columns) = (path, header.count)
        input = try ByteInput(path: path)
        starts = Array(repeating: 0, count: header.count + 1)
        guard try fill(), try next(), (0..<header.count).allSatisfy({ text($0) == header[$0] }) else {
            throw FeedError(
                .missingHeader,
                "\(path) must begin with the columns \(header.joined(separator: ", ")): export it again.")
        }
        line = 1
    }

    var total: Int { input.total }

    /// Goes to the next row; `false` at the end. Throws `syntax` for a row with another number of fields.
    mutating func next() throws(FeedError) -> Bool {
        while true {
            if let found = split() {
                line += 1
                guard found == columns else {
                    throw FeedError(.syntax, "\(path), line \(line): \(found) fields, not \(columns). Export it again.")
                }
                return true
            }
            guard try fill() else { return false }
        }
    }

    func isEmpty(_ column: Int) -> Bool { starts[column + 1] - 1 == starts[column] }

    func text(_ column: Int) -> String {
        String(decoding: buffer[starts[column]..<starts[column + 1] - 1], as: UTF8.self)
    }

    /// The first byte of a field that is not empty.
    func firstByte(_ column: Int) -> UInt8 { buffer[starts[column]] }

    /// The field as a whole number of up to 18 digits, or `nil`.
    func integer(_ column: Int) -> Int64? {
        var index = starts[column]
        let end = starts[column + 1] - 1
        let isNegative = index < end && buffer[index] == UInt8(ascii: "-")
        if isNegative { index += 1 }
        guard index < end, end - index <= 18 else { return nil }
        var value: Int64 = 0
        while index < end {
            let digit = buffer[index] &- 48
            guard digit < 10 else { return nil }
            value = value &* 10 &+ Int64(digit)
            index += 1
        }
        return isNegative ? -value : value
    }

    /// The field as hundredths, rounded; `nil` if it is no finite number below 10^12.
    func hundredths(_ column: Int) -> Int64? {
        if let whole = integer(column) { return whole.magnitude < 1_000_000_000_000 ? whole * 100 : nil }
        guard let number = Double(text(column)), number.isFinite, number.magnitude < 1e12 else { return nil }
        return Int64((number * 100).rounded())
    }

    private mutating func fill() throws(FeedError) -> Bool {
        guard !isAtEnd else { return false }
        if position > 0 {
            buffer.removeSubrange(..<position)
            position = 0
        }
        guard buffer.count < 1 << 24 else { throw FeedError(.tooLong, "\(path): a line of over 16 MiB.") }
        if try input.read(1 << 20, into: &buffer) == 0 {
            isAtEnd = true
            guard let last = buffer.last, last != 0x0A else { return false }
            buffer.append(0x0A)
        }
        return true
    }

    /// Finds the fields of the next complete line; returns their number, or `nil` if the buffer holds none.
    private mutating func split() -> Int? {
        var (index, found) = (position, 0)
        starts[0] = position
        while index < buffer.count {
            let byte = buffer[index]
            index += 1
            guard byte == 0x09 || byte == 0x0A else { continue }
            found += 1
            if found <= columns { starts[found] = index }
            if byte == 0x0A {
                consumed += index - position
                position = index
                return found
            }
        }
        return nil
    }
}
