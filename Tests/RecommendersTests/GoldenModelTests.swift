import Domain
import Features
import Foundation
import JSON
import Recommenders
import Testing

/// Values in `golden.json` come from plain formulas and SciPy through `golden.py`, which names the versions.
@Suite struct GoldenModelTests {
    private let golden: JSONValue
    private let tolerance: Double

    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
        tolerance = try #require(golden["tolerance"]?.doubleValue)
    }

    @Test func `transitions score as the published formula says`() throws {
        let data = try #require(golden["pctm"])
        var parameters = PCTMModel.Parameters()
        parameters.window = Int(try #require(data["window"]?.integerValue))
        parameters.distancePower = try #require(data["power"]?.doubleValue)
        parameters.smoothing = try #require(data["tau"]?.doubleValue)
        parameters.historyDecay = try #require(data["decay"]?.doubleValue)
        parameters.popularityWeight = try #require(data["popularity"]?.doubleValue)
        let sequences = try #require(data["sequences"]?.arrayValue).map { numbers($0) }
        let model = PCTMModel.train(
            sequences, itemLimit: Int(try #require(data["items"]?.integerValue)), parameters: parameters)
        for one in try #require(data["cases"]?.arrayValue) {
            let history = numbers(one["history"])
            let items = numbers(one["items"])
            let scores = (one["scores"]?.arrayValue ?? []).compactMap(\.doubleValue)
            let expected = Dictionary(uniqueKeysWithValues: zip(items, scores))
            let context = RecommendationContext(
                now: Timestamp(milliseconds: 1000),
                history: history.map { Interaction(item: ItemNumber($0), time: Timestamp(milliseconds: 0)) })
            // The model leaves out a term that is the same for all items: differences are compared.
            let found = model.candidates(for: context, limit: 30)
            let first = try #require(found.first)
            let base = try #require(expected[first.item.rawValue])
            for scored in found {
                let reference = try #require(expected[scored.item.rawValue]) - base
                #expect(abs(scored.score - first.score - reference) <= tolerance)
            }
            let order = items.indices.sorted { (scores[$1], items[$0]) < (scores[$0], items[$1]) }
            #expect(model.top(after: history, limit: 10) == order.prefix(10).map { items[$0] })
        }
    }

    @Test func `the log-likelihood ratio is SciPy's`() throws {
        let rows = try #require(golden["ratios"]?.arrayValue)
        #expect(rows.count == 40)
        for row in rows {
            let values = try ["both", "first", "second", "total", "ratio"].map { name in
                try #require(row[name]?.doubleValue ?? row[name]?.integerValue.map { Double($0) })
            }
            let ratio = likelihoodRatio(values[0], values[1], values[2], values[3])
            #expect(abs(ratio - values[4]) <= 1e-9 * max(1, values[4]))
        }
    }

    @Test func `exactly the pairs that neither chance nor people's habits explain are bought together, by lift`() throws
    {
        let data = try #require(golden["together"])
        var lines: [InteractionLog.Line] = []
        for (number, basket) in try #require(data["baskets"]?.arrayValue).enumerated() {
            lines += numbers(basket).map {
                InteractionLog.Line(
                    user: UserNumber(UInt32(number % 20)), item: ItemNumber($0),
                    time: Timestamp(milliseconds: Int64(number)), group: Int64(number))
            }
        }
        let set = TrainingSet(log: InteractionLog(lines))
        let model = BoughtTogetherModel.train(set)
        var expected: [[UInt32]: Double] = [:]
        for pair in try #require(data["pairs"]?.arrayValue) {
            let both = numbers(pair["pair"])
            let weight = try #require(pair["weight"]?.doubleValue)
            expected[both] = weight
            expected[both.reversed()] = weight
        }
        #expect(expected.count >= 4)
        var found = 0
        for item: UInt32 in 0..<25 {
            let context = RecommendationContext(now: set.now, anchor: ItemNumber(item))
            for scored in model.candidates(for: context, limit: 40) {
                let weight = try #require(expected[[item, scored.item.rawValue]])
                #expect(abs(scored.score - weight) <= tolerance)
                found += 1
            }
        }
        #expect(found == expected.count)
    }

    private func numbers(_ value: JSONValue?) -> [UInt32] {
        (value?.arrayValue ?? []).compactMap { $0.integerValue.map { UInt32($0) } }
    }
}
