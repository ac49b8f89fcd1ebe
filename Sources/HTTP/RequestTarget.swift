/// The path and query of a request, percent-decoded strictly.
public struct RequestTarget: Hashable, Sendable {
    /// One name and value of the query.
    public struct QueryItem: Hashable, Sendable {
        public let name: String
        public let value: String
    }

    /// More items than this are refused.
    public static let maximumQueryItems = 128

    /// The path as it was sent, still encoded.
    public let rawPath: String
    /// The parts between slashes, decoded; a slash at the end gives an empty last part, `/` alone no part.
    public let segments: [String]
    public let query: [QueryItem]

    /// Throws `badTarget` for a broken escape, bytes that are not UTF-8, control characters, or too many query items.
    public init(_ raw: String) throws(HTTPError) {
        try self.init(bytes: Array(raw.utf8))
    }

    init(bytes raw: [UInt8]) throws(HTTPError) {
        guard raw.first == UInt8(ascii: "/") else {
            throw HTTPError(.badTarget, "The request's target must start with '/'.")
        }
        let fragmentless = raw.prefix { $0 != UInt8(ascii: "#") }
        let mark = fragmentless.firstIndex(of: UInt8(ascii: "?"))
        let path = fragmentless[..<(mark ?? fragmentless.endIndex)]
        rawPath = try Self.decode(path, keepsEscapes: true)
        segments =
            path.count == 1
            ? [] : try Self.segments(path.dropFirst())
        if let mark {
            query = try Self.items(fragmentless[(mark + 1)...])
        } else {
            query = []
        }
    }

    private static func items(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> [QueryItem] {
        var items: [QueryItem] = []
        for part in try split(bytes, at: UInt8(ascii: "&"), limit: maximumQueryItems) where !part.isEmpty {
            let equals = part.firstIndex(of: UInt8(ascii: "=")) ?? part.endIndex
            let name = try decode(part[..<equals], plusIsSpace: true)
            let value = equals == part.endIndex ? "" : try decode(part[(equals + 1)...], plusIsSpace: true)
            items.append(QueryItem(name: name, value: value))
        }
        return items
    }

    private static func split(
        _ bytes: ArraySlice<UInt8>, at separator: UInt8, limit: Int
    ) throws(HTTPError) -> [ArraySlice<UInt8>] {
        let parts = bytes.split(separator: separator, maxSplits: limit, omittingEmptySubsequences: false)
        guard parts.count <= limit else {
            throw HTTPError(.badTarget, "The request's target has more than \(limit) parts.")
        }
        return parts
    }

    private static func segments(_ bytes: ArraySlice<UInt8>) throws(HTTPError) -> [String] {
        var segments: [String] = []
        for part in try split(bytes, at: UInt8(ascii: "/"), limit: 64) { segments.append(try decode(part)) }
        return segments
    }

    private static func decode(
        _ bytes: ArraySlice<UInt8>, plusIsSpace: Bool = false, keepsEscapes: Bool = false
    ) throws(HTTPError) -> String {
        var decoded: [UInt8] = []
        decoded.reserveCapacity(bytes.count)
        var index = bytes.startIndex
        while index < bytes.endIndex {
            var byte = bytes[index]
            if byte == UInt8(ascii: "%"), !keepsEscapes {
                guard index + 2 < bytes.endIndex, let high = digit(bytes[index + 1]), let low = digit(bytes[index + 2])
                else { throw HTTPError(.badTarget, "A '%' in the request's target needs two hexadecimal digits.") }
                byte = high << 4 | low
                index += 2
            } else if byte == UInt8(ascii: "+"), plusIsSpace {
                byte = UInt8(ascii: " ")
            }
            guard byte >= 32 || (plusIsSpace && (9...13).contains(byte)), byte != 127 else {
                throw HTTPError(.badTarget, "The request's target holds a control character.")
            }
            decoded.append(byte)
            index += 1
        }
        guard let text = String(validating: decoded, as: UTF8.self) else {
            throw HTTPError(.badTarget, "The request's target is not valid UTF-8.")
        }
        return text
    }

    private static func digit(_ byte: UInt8) -> UInt8? {
        switch byte {
        case 48...57: byte - 48
        case 65...70: byte - 55
        case 97...102: byte - 87
        default: nil
        }
    }
}
