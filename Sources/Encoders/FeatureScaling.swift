import Foundation
public import JSON

/// Makes rows of features fit for a network: learned on training rows, kept with the model, applied to all rows alike.
///
/// A value x becomes sign(x)·log(1 + |x|), as counts and ages spread over decades, then is centred, divided by the deviation and kept
/// within ±6. A missing value (NaN) becomes 0, the mean, and each distinct pattern of missing columns is told by a column of its own.
public struct FeatureScaling: Sendable, Hashable {
    public static let limit: Float = 6
    private static let transform = "sign(x)·log(1+|x|)"
    private static let mostColumns = 4096

    public let names: [String]
    /// Of the logarithms, shape `[names.count]`; 0 where every training value is missing.
    public let means: [Float]
    /// 1 where all training values are equal or missing.
    public let deviations: [Float]
    /// Columns whose being missing is told: the first of each pattern.
    public let indicators: [Int]

    /// Numbers of a row that comes out.
    public var width: Int { names.count + indicators.count }

    /// Learns from rows of shape `[count, names.count]`.
    ///
    /// - Complexity: O(count × names.count).
    public init(learning rows: [Float], names: [String]) {
        let columns = names.count
        precondition(columns > 0 && rows.count % columns == 0, "whole rows")
        let count = rows.count / columns
        var (means, deviations): ([Float], [Float]) = ([], [])
        var (indicators, patterns): ([Int], Set<[Bool]>) = ([], [])
        for column in 0..<columns {
            var (sum, squares, present) = (0.0, 0.0, 0)
            var pattern: [Bool] = []
            pattern.reserveCapacity(count)
            for row in 0..<count {
                let value = rows[row * columns + column]
                pattern.append(value.isNaN)
                guard !value.isNaN else { continue }
                let number = Double(Self.logarithm(value))
                (sum, squares, present) = (sum + number, squares + number * number, present + 1)
            }
            let mean = sum / Double(max(1, present))
            let deviation = max(0, squares / Double(max(1, present)) - mean * mean).squareRoot()
            means.append(Float(mean))
            deviations.append(deviation > 1e-6 ? Float(deviation) : 1)
            if present > 0, present < count, patterns.insert(pattern).inserted { indicators.append(column) }
        }
        (self.names, self.means, self.deviations, self.indicators) = (names, means, deviations, indicators)
    }

    /// Puts together what was learned before; `nil` where numbers do not fit together.
    public init?(names: [String], means: [Float], deviations: [Float], indicators: [Int]) {
        guard means.count == names.count, deviations.count == names.count, means.allSatisfy(\.isFinite),
            deviations.allSatisfy({ $0.isFinite && $0 > 0 }), Set(indicators).count == indicators.count,
            indicators.allSatisfy(names.indices.contains)
        else { return nil }
        (self.names, self.means, self.deviations, self.indicators) = (names, means, deviations, indicators)
    }

    /// Reads what `json` gave.
    ///
    /// - Throws: `wrongModel` for another transform, a column that is named twice, or numbers that are none.
    public init(_ json: JSONValue) throws(EncoderError) {
        func refuse(_ what: String) -> EncoderError { EncoderError(.wrongModel, "scaling.json: \(what).") }
        guard json["transform"]?.stringValue == Self.transform,
            json["limit"]?.doubleValue.map({ Float($0) }) == Self.limit
        else { throw refuse("this version scales by \(Self.transform) within ±\(Int(Self.limit)) alone") }
        let columns = json["columns"]?.arrayValue ?? []
        let names = columns.compactMap { $0["name"]?.stringValue }
        let places = Dictionary(names.enumerated().map { ($1, $0) }) { first, _ in first }
        let missing = json["missing"]?.arrayValue ?? []
        guard (1...Self.mostColumns).contains(columns.count), places.count == columns.count,
            let scaling = FeatureScaling(
                names: names, means: columns.compactMap { $0["mean"]?.doubleValue.map { Float($0) } },
                deviations: columns.compactMap { $0["deviation"]?.doubleValue.map { Float($0) } },
                indicators: missing.compactMap { $0.stringValue.flatMap { places[$0] } }),
            scaling.indicators.count == missing.count
        else { throw refuse("its columns do not fit together") }
        self = scaling
    }

    /// Rows of shape `[count, names.count]` as rows of `[count, width]`, all finite.
    public func apply(_ rows: [Float]) -> [Float] {
        let (count, width) = (rows.count / names.count, width)
        var result = [Float](repeating: 0, count: count * width)
        for row in 0..<count { apply(rows, row: row, into: &result, at: row * width) }
        return result
    }

    /// Writes one of some rows, as it becomes, over zeros from a place on.
    public func apply(_ rows: [Float], row: Int, into target: inout [Float], at place: Int) {
        let columns = names.count
        let (values, means, deviations) = (rows[row * columns..<(row + 1) * columns].span, means.span, deviations.span)
        var target = target.mutableSpan
        for column in 0..<columns where !values[column].isNaN {
            let scaled = (Self.logarithm(values[column]) - means[column]) / deviations[column]
            target[place + column] = min(Self.limit, max(-Self.limit, scaled))
        }
        for (number, column) in indicators.enumerated() where values[column].isNaN {
            target[place + columns + number] = 1
        }
    }

    /// Infinite values stand at the end of what single precision counts.
    private static func logarithm(_ value: Float) -> Float {
        let size = log1p(min(abs(value), .greatestFiniteMagnitude))
        return value < 0 ? -size : size
    }

    /// As it is kept beside the weights.
    public var json: JSONValue {
        .object([
            .init("transform", .string(Self.transform)),
            .init("limit", .number(Double(Self.limit))),
            .init(
                "columns",
                .array(
                    names.indices.map { column in
                        .object([
                            .init("name", .string(names[column])), .init("mean", .number(Double(means[column]))),
                            .init("deviation", .number(Double(deviations[column]))),
                        ])
                    })),
            .init("missing", .array(indicators.map { .string(names[$0]) })),
        ])
    }
}
