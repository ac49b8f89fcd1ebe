internal import JSON

/// How well a network did on each case that it was tested on: kept beside its weights, so that another can be compared with it case by
/// case, also when the two were tested at other times.
public struct MeasuredCases: Sendable, Hashable {
    public static let file = "cases.json"
    private static let format: Int64 = 1

    /// What was measured, for a reader: `accuracy`.
    public let figure: String
    /// By a hash of the case; higher is better.
    public let values: [UInt64: Double]

    /// - Parameter cases: Equal keys are one case, of which the first counts.
    public init(figure: String, _ cases: some Sequence<(key: UInt64, value: Double)>) {
        self.figure = figure
        values = Dictionary(cases.map { ($0.key, $0.value) }) { first, _ in first }
    }

    /// Reads what `encoded` gave.
    ///
    /// - Throws: `unreadable` for anything else.
    public init(parsing bytes: [UInt8]) throws {
        let json = try JSONValue(parsing: bytes)
        guard json["format"]?.integerValue == Self.format, let figure = json["figure"]?.stringValue,
            let keys = json["keys"]?.arrayValue?.compactMap({ $0.stringValue.flatMap { UInt64($0, radix: 16) } }),
            let values = json["values"]?.arrayValue?.compactMap(\.doubleValue), keys.count == values.count
        else { throw EvaluationError(.unreadable, "\(Self.file) holds no cases of this version. Train again.") }
        self.init(figure: figure, zip(keys, values).map { (key: $0, value: $1) })
    }

    /// The same cases give the same bytes.
    public var encoded: [UInt8] {
        let keys = values.keys.sorted()
        return JSONValue.object([
            .init("format", .integer(Self.format)), .init("figure", .string(figure)),
            .init("keys", .array(keys.map { .string(String($0, radix: 16)) })),
            .init("values", .array(keys.map { .number(values[$0] ?? 0) })),
        ]).encoded + [0x0A]
    }

    /// The key of a case that these bytes tell from others: FNV-1a (Fowler, Noll and Vo, 1991). No protection against intent.
    public static func key(_ bytes: some Sequence<UInt8>) -> UInt64 {
        bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
    }
}
