internal import Foundation
internal import JSON

/// Makes rows of features fit for a network: learned on training rows, kept with the model, applied to all rows alike.
///
/// A value x becomes sign(x)·log(1 + |x|), as counts and ages spread over decades, then is centred, divided by the deviation and kept
/// within ±6. A missing value (NaN) becomes 0, the mean, and each distinct pattern of missing columns is told by a column of its own.
struct FeatureScaling: Sendable, Hashable {
    static let limit: Float = 6

    let names: [String]
    /// Of the logarithms, shape `[names.count]`; 0 where every training value is missing.
    let means: [Float]
    /// 1 where all training values are equal or missing.
    let deviations: [Float]
    /// Columns whose being missing is told: the first of each pattern.
    let indicators: [Int]

    /// Numbers of a row that comes out.
    var width: Int { names.count + indicators.count }

    /// Learns from rows of shape `[count, names.count]`.
    ///
    /// - Complexity: O(count × names.count).
    init(learning rows: [Float], names: [String]) {
        let columns = names.count
        precondition(columns > 0 && rows.count % columns == 0, "whole rows")
        let count = rows.count / columns
        var (means, deviations): ([Float], [Float]) = ([], [])
        var (indicators, patterns): ([Int], Set<UInt64>) = ([], [])
        for column in 0..<columns {
            var (sum, squares, present) = (0.0, 0.0, 0)
            var pattern = DataChecksum()
            for row in 0..<count {
                let value = rows[row * columns + column]
                pattern.add(value.isNaN ? 1 : 2)
                guard !value.isNaN else { continue }
                let number = Double(Self.logarithm(value))
                (sum, squares, present) = (sum + number, squares + number * number, present + 1)
            }
            let mean = sum / Double(max(1, present))
            let deviation = max(0, squares / Double(max(1, present)) - mean * mean).squareRoot()
            means.append(Float(mean))
            deviations.append(deviation > 1e-6 ? Float(deviation) : 1)
            if present > 0, present < count, patterns.insert(pattern.value).inserted { indicators.append(column) }
        }
        (self.names, self.means, self.deviations, self.indicators) = (names, means, deviations, indicators)
    }

    /// Rows of shape `[count, names.count]` as rows of `[count, width]`, all finite.
    func apply(_ rows: [Float]) -> [Float] {
        let columns = names.count
        var result: [Float] = []
        result.reserveCapacity(rows.count / columns * width)
        for start in stride(from: 0, to: rows.count, by: columns) {
            for column in 0..<columns {
                let value = rows[start + column]
                let scaled = value.isNaN ? 0 : (Self.logarithm(value) - means[column]) / deviations[column]
                result.append(min(Self.limit, max(-Self.limit, scaled)))
            }
            for column in indicators { result.append(rows[start + column].isNaN ? 1 : 0) }
        }
        return result
    }

    /// Infinite values stand at the end of what single precision counts.
    private static func logarithm(_ value: Float) -> Float {
        let size = log1p(min(abs(value), .greatestFiniteMagnitude))
        return value < 0 ? -size : size
    }

    /// As it is kept beside the weights.
    var json: JSONValue {
        .object([
            .init("transform", .string("sign(x)·log(1+|x|)")),
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
