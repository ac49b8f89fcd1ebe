import Domain
import Features
import Foundation
import JSON
import Storage
import Testing

@testable import Recommenders

/// Items recommended for what they are.
@Suite struct ContentModelTests {
    private let golden: JSONValue
    private let set: TrainingSet

    /// The items and purchases of `golden_content.py`.
    init() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_content.json")
        golden = try JSONValue(parsing: try Data(contentsOf: file))
        var (facts, features) = (ItemFacts(), ItemFeatures())
        for (number, row) in (golden["items"]?.arrayValue ?? []).enumerated() {
            let row = try #require(row.arrayValue)
            var item = Item(id: try #require(ItemID("x\(number)")), title: row[0].stringValue ?? "")
            item.productType = (row[1].arrayValue ?? []).compactMap(\.stringValue)
            if let brand = row[2].stringValue, !brand.isEmpty { item.attributes = ["brand_class": [brand]] }
            let stored = StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false)
            facts.set(stored)
            features.append(stored)
        }
        let now: Int64 = 200 * 86_400_000
        var lines: [InteractionLog.Line] = []
        for (user, row) in (golden["log"]?.arrayValue ?? []).enumerated() {
            for line in row.arrayValue ?? [] {
                let (item, age) = (line.arrayValue?[0].integerValue ?? 0, line.arrayValue?[1].integerValue ?? 0)
                lines.append(
                    .init(
                        user: UserNumber(UInt32(user)), item: ItemNumber(UInt32(item)),
                        time: Timestamp(milliseconds: now - age * 86_400_000), group: Int64(age)))
            }
        }
        var set = TrainingSet(
            log: InteractionLog(lines, itemLimit: features.numberLimit), facts: facts, now: Timestamp(milliseconds: now)
        )
        set.features = features
        self.set = set
    }

    private func context(_ user: UInt32) -> RecommendationContext {
        RecommendationContext(now: set.now, user: UserNumber(user), history: set.log.history(of: UserNumber(user)))
    }

    @Test func `scores are those of the published formulas`() throws {
        var parameters = ContentModel.Parameters()
        (parameters.halfLife, parameters.crowd, parameters.salesPower) = (60, 0.5, 0.5)
        let model = ContentModel.train(set, parameters: parameters)
        let tolerance = try #require(golden["tolerance"]?.doubleValue)
        let cases = try #require(golden["scores"]?.arrayValue)
        #expect(cases.count == 4)
        for (user, one) in cases.enumerated() {
            let found = model.candidates(for: context(UInt32(user)), limit: 20)
            let scores = Dictionary(uniqueKeysWithValues: found.map { (Int64($0.item.rawValue), $0.score) })
            let expected = one.arrayValue ?? []
            #expect(scores.count == expected.count)
            for pair in expected {
                let (item, score) = (pair.arrayValue?[0].integerValue ?? -1, pair.arrayValue?[1].doubleValue ?? .nan)
                #expect(abs((scores[item] ?? 0) - score) < tolerance, "user \(user), item \(item)")
            }
        }
    }

    @Test func `items that nobody bought have scores, and reasons name what one often buys`() throws {
        let model = ContentModel.train(set)
        let list = model.candidates(for: context(2), limit: 10)
        // The pot shares words and the category with the pan, and nobody ever bought it.
        #expect(list.map(\.item.rawValue).contains(5))
        #expect(list.first { $0.item == ItemNumber(5) }?.reason == .oftenBuys("kitchen"))
        #expect(
            Reason.oftenBuys("Küche").sentence(language: "de", title: { _ in nil }) == "Weil Sie oft Küche kaufen")
        // The item without any text is never an answer; it says nothing either.
        #expect(!list.contains { $0.item == ItemNumber(8) })
        var silent = context(0)
        silent.history = [Interaction(item: ItemNumber(8), time: Timestamp(milliseconds: 1))]
        #expect(model.candidates(for: silent, limit: 10).isEmpty)
        silent.anchor = ItemNumber(4)
        let similar = model.candidates(for: silent, limit: 10)
        #expect(similar.first?.item == ItemNumber(5) && similar.first?.reason == .similarTo(ItemNumber(4)))
        #expect(!similar.contains { $0.item == ItemNumber(4) })
    }

    @Test func `price levels come from what was paid before the moment of training`() throws {
        var lines = (0..<30).map { step in
            InteractionLog.Line(
                user: UserNumber(0), item: ItemNumber(UInt32(step % 3)), time: Timestamp(milliseconds: Int64(step)),
                price: [50, 100, 200][step % 3], group: Int64(step))
        }
        lines.append(
            .init(
                user: UserNumber(0), item: ItemNumber(3), time: Timestamp(milliseconds: 500), price: 9999, group: 77))
        let set = TrainingSet(log: InteractionLog(lines, itemLimit: 6), now: Timestamp(milliseconds: 100))
        let levels = PriceLevels(set)
        #expect((0..<6).map { levels[$0] } == [.low, .middle, .high, nil, nil, nil] && levels[99] == nil)
    }

    @Test func `a file whose parts do not fit is refused`() throws {
        let good = ContentModel.train(set).columns()
        #expect(throws: Never.self) { try ContentModel(good) }
        var damaged = good
        damaged.set("sales", [Float(1)])
        #expect(throws: StorageError.self) { try ContentModel(damaged) }
        damaged = good
        damaged.set("features_columns", [UInt32](repeating: 100_000, count: try good.uint32s("features_columns").count))
        #expect(throws: StorageError.self) { try ContentModel(damaged) }
        damaged = good
        damaged.set("names_ends", [UInt32(5), 3])
        #expect(throws: StorageError.self) { try ContentModel(damaged) }
        damaged = good
        damaged.set("half_life", [0.0])
        #expect(throws: StorageError.self) { try ContentModel(damaged) }
    }
}
