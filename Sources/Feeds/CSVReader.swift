/// Reads comma-separated records as RFC 4180 defines them, streaming: quoted fields may hold commas, quotes and line ends.
struct CSVReader {
    enum Record {
        case fields([String])
        case refused(FeedError)
    }

    static let maximumRecordBytes = LineReader.maximumLineBytes
    static let maximumFields = 1000

    /// The line on which the record that `next()` returned last begins, from 1.
    private(set) var line = 0
    private var lines: LineReader
    /// Lines that were looked at for the end of a quote and are to be read again; the next one is the last.
    private var pending: [(number: Int, line: LineReader.Line)] = []

    init(_ input: ByteInput) { lines = LineReader(input) }

    var consumed: Int { lines.consumed }
    var total: Int { lines.total }

    /// The next record, or `nil` at the end; empty lines are passed over.
    ///
    /// If a quote is not closed properly within `maximumRecordBytes`, only the line that opens it is refused, and reading
    /// goes on with the line behind it: one bad quote does not swallow the rest of the feed.
    mutating func next() throws(FeedError) -> Record? {
        while let (number, first) = try nextLine() {
            line = number
            guard case .bytes(let bytes) = first else { return .refused(Self.tooLong) }
            if bytes.isEmpty { continue }
            switch Self.split(bytes) {
            case .complete(let fields): return Self.decoded(fields)
            case .broken(let error): return .refused(error)
            case .openQuote: return try longRecord(bytes)
            }
        }
        return nil
    }

    private mutating func nextLine() throws(FeedError) -> (number: Int, line: LineReader.Line)? {
        if let again = pending.popLast() { return again }
        guard let line = try lines.next() else { return nil }
        return (lines.number, line)
    }

    /// Reads on to the line that closes the quote which `first` opens. Complexity: O(bytes).
    private mutating func longRecord(_ first: [UInt8]) throws(FeedError) -> Record {
        var record = first
        var swallowed: [(number: Int, line: LineReader.Line)] = []
        var problem = FeedError(
            .syntax, "A quote is opened on this line and not closed properly; quotes inside a field are doubled.")
        while let next = try nextLine() {
            swallowed.append(next)
            guard case .bytes(let bytes) = next.line, record.count + bytes.count < Self.maximumRecordBytes else {
                problem = Self.tooLong
                break
            }
            record.append(0x0A)
            record.append(contentsOf: bytes)
            // Inside a quoted field, a line with an even number of quotes ends inside a quoted field as well.
            if bytes.count(where: { $0 == UInt8(ascii: "\"") }).isMultiple(of: 2) { continue }
            if case .complete(let fields) = Self.split(record) { return Self.decoded(fields) }
            break
        }
        pending.append(contentsOf: swallowed.reversed())
        return .refused(problem)
    }

    private enum Split {
        case complete([[UInt8]])
        case openQuote
        case broken(FeedError)
    }

    private static let tooLong = FeedError(
        .tooLong, "A record of more than \(maximumRecordBytes) bytes: perhaps a quote is not closed.")

    /// Complexity: O(bytes).
    private static func split(_ record: [UInt8]) -> Split {
        let (quote, comma) = (UInt8(ascii: "\""), UInt8(ascii: ","))
        var fields: [[UInt8]] = []
        var field: [UInt8] = []
        var index = 0
        while true {
            if index < record.count, record[index] == quote {
                index += 1
                while true {
                    guard index < record.count else { return .openQuote }
                    if record[index] != quote {
                        field.append(record[index])
                    } else if index + 1 < record.count, record[index + 1] == quote {
                        field.append(quote)
                        index += 1
                    } else {
                        index += 1
                        break
                    }
                    index += 1
                }
                guard index == record.count || record[index] == comma else {
                    return .broken(
                        FeedError(.syntax, "Text follows a closing quote; quotes inside a field are doubled."))
                }
            } else {
                while index < record.count, record[index] != comma {
                    guard record[index] != quote else {
                        return .broken(
                            FeedError(.syntax, "A quote stands inside a field that does not begin with one."))
                    }
                    field.append(record[index])
                    index += 1
                }
            }
            fields.append(field)
            guard fields.count <= maximumFields else {
                return .broken(FeedError(.tooLong, "A record of more than \(maximumFields) fields."))
            }
            if index == record.count { return .complete(fields) }
            field.removeAll(keepingCapacity: true)
            index += 1
        }
    }

    private static func decoded(_ fields: [[UInt8]]) -> Record {
        var texts: [String] = []
        texts.reserveCapacity(fields.count)
        for field in fields {
            guard let text = String(validating: field, as: UTF8.self) else {
                return .refused(FeedError(.notUTF8, "The record is not valid UTF-8: save the file as UTF-8."))
            }
            texts.append(text)
        }
        return .fields(texts)
    }
}
