import JSON

/// Reads a feed's records one by one as JSON objects, whatever the feed's format: CSV fields become strings.
struct RecordReader {
    struct Record {
        /// The line on which the record begins, from 1.
        let line: Int
        let value: Result<JSONValue, FeedError>
    }

    private enum Reader {
        case json(LineReader)
        case csv(CSVReader, header: [String])
    }

    private var reader: Reader

    /// - Parameter required: Columns that a CSV header must have.
    init(_ source: FeedSource, required: [String]) throws(FeedError) {
        let input = try source.open()
        switch source.format {
        case .jsonLines: reader = .json(LineReader(input))
        case .csv:
            var csv = CSVReader(input)
            reader = .csv(csv, header: [])
            let header = try Self.header(&csv, required: required)
            reader = .csv(csv, header: header)
        }
    }

    /// Bytes used up and bytes in all.
    var progress: (done: Int, total: Int) {
        switch reader {
        case .json(let lines): (lines.consumed, lines.total)
        case .csv(let csv, _): (csv.consumed, csv.total)
        }
    }

    mutating func next() throws(FeedError) -> Record? {
        switch reader {
        case .json(var lines):
            reader = .csv(CSVReader(ByteInput(bytes: [])), header: [])  // Keeps the buffer's only reference in `lines`.
            defer { reader = .json(lines) }
            while let line = try lines.next() {
                guard case .bytes(let bytes) = line else {
                    let limit = LineReader.maximumLineBytes
                    let error = FeedError(.tooLong, "The line has more than \(limit) bytes.")
                    return Record(line: lines.number, value: .failure(error))
                }
                if bytes.allSatisfy({ $0 == 0x20 || $0 == 0x09 }) { continue }
                return Record(line: lines.number, value: Self.parse(bytes))
            }
            return nil
        case .csv(var csv, let header):
            reader = .json(LineReader(ByteInput(bytes: [])))
            defer { reader = .csv(csv, header: header) }
            guard let record = try csv.next() else { return nil }
            return Record(line: csv.line, value: Self.object(record, header: header))
        }
    }

    private static func header(_ csv: inout CSVReader, required: [String]) throws(FeedError) -> [String] {
        guard let record = try csv.next() else {
            throw FeedError(.missingHeader, "The CSV file is empty: it needs a header line with the fields' names.")
        }
        let header: [String]
        switch record {
        case .refused(let error): throw error
        case .fields(let fields):
            header = fields.map { $0.split(separator: " ").joined(separator: "_").lowercased() }
        }
        for name in required where !header.contains(name) {
            throw FeedError(.missingHeader, "The CSV header has no column `\(name)`.", field: name)
        }
        guard Set(header).count == header.count, !header.contains("") else {
            throw FeedError(.missingHeader, "The CSV header names a column twice, or leaves one without a name.")
        }
        return header
    }

    private static func parse(_ bytes: [UInt8]) -> Result<JSONValue, FeedError> {
        do throws(JSONError) {
            return .success(try JSONValue(parsing: bytes, maximumBytes: LineReader.maximumLineBytes))
        } catch {
            let code: FeedError.Code = error.code == .notUTF8 ? .notUTF8 : .syntax
            return .failure(FeedError(code, error.message, cause: error))
        }
    }

    private static func object(_ record: CSVReader.Record, header: [String]) -> Result<JSONValue, FeedError> {
        switch record {
        case .refused(let error): return .failure(error)
        case .fields(let fields):
            guard fields.count == header.count else {
                let message = "The record has \(fields.count) fields, the header \(header.count)."
                return .failure(FeedError(.syntax, message))
            }
            var members: [JSONValue.Member] = []
            for (name, text) in zip(header, fields) where !text.isEmpty {
                members.append(JSONValue.Member(name, .string(text)))
            }
            return .success(.object(members))
        }
    }
}
