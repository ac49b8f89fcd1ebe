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

    init(_ input: ByteInput) { lines = LineReader(input) }

    var consumed: Int { lines.consumed }
    var total: Int { lines.total }

    /// The next record, or `nil` at the end; empty lines are passed over.
    ///
    /// After a quote that is never closed, reading goes on behind the record's first line, so that one bad quote does
    /// not swallow the rest of the feed unseen: at most `maximumRecordBytes` are looked through.
    mutating func next() throws(FeedError) -> Record? {
        while let first = try lines.next() {
            line = lines.number
            guard case .bytes(var record) = first else { return .refused(Self.tooLong) }
            if record.isEmpty { continue }
            while true {
                switch Self.split(record) {
                case .complete(let fields): return Self.decoded(fields)
                case .broken(let error): return .refused(error)
                case .openQuote: break
                }
                guard let more = try lines.next() else {
                    return .refused(
                        FeedError(.syntax, "A quote is opened on this line and never closed: the rest was not read."))
                }
                guard case .bytes(let bytes) = more, record.count + bytes.count < Self.maximumRecordBytes else {
                    return .refused(Self.tooLong)
                }
                record.append(0x0A)
                record.append(contentsOf: bytes)
            }
        }
        return nil
    }

    private enum Split {
        case complete([[UInt8]])
        case openQuote
        case broken(FeedError)
    }

    private static let tooLong = FeedError(
        .tooLong, "A record of more than \(maximumRecordBytes) bytes: perhaps a quote is not closed.")

    /// Complexity: O(bytes); a record of many lines is looked at again with each line.
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
