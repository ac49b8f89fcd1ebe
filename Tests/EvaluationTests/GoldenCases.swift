import Evaluation
import Foundation
import JSON
import Testing

/// The values of a golden file beside the tests.
struct GoldenCases {
    let json: JSONValue
    let tolerance: Double

    init(_ name: String) throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: name)
        json = try JSONValue(parsing: try Data(contentsOf: file))
        tolerance = try #require(json["tolerance"]?.doubleValue)
    }

    /// The cases of this name, of which there are so many.
    func callAsFunction(_ name: String, _ count: Int) throws -> [JSONValue] {
        let cases = try #require(json[name]?.arrayValue)
        #expect(cases.count == count)
        return cases
    }

    static func numbers(_ value: JSONValue?) -> [Double] { value?.arrayValue?.compactMap { number($0) } ?? [] }

    static func number(_ value: JSONValue?) -> Double? {
        value?.doubleValue ?? value?.integerValue.map { Double($0) }
    }

    /// Impressions of a logged policy.
    static func policyRows(_ one: JSONValue) -> [OffPolicy.Row] {
        (one["rows"]?.arrayValue ?? []).map { row in
            let values = numbers(row)
            return OffPolicy.Row(
                reward: values[0], propensity: values[1], target: values[2], expected: values[3],
                expectedUnderTarget: values[4])
        }
    }

    /// What every way to estimate makes of them, by its name in the golden files.
    static func estimates(_ rows: [OffPolicy.Row]) -> [(String, OffPolicy.Estimate?)] {
        [
            ("ips", OffPolicy.ips(rows)), ("snips", OffPolicy.snips(rows)), ("dr", OffPolicy.doublyRobust(rows)),
            ("dm", OffPolicy.directMethod(rows)),
        ]
    }
}
