import Domain
import Features
import Foundation
import JSON
import Recommenders
import Testing

/// Values come from SciPy through `golden_reranking.py`, which names the versions.
@Suite struct GoldenRerankingTests {
    @Test func `how far a list is from somebody's shares agrees with SciPy`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "golden_reranking.json")
        let golden = try JSONValue(parsing: try Data(contentsOf: file))
        let tolerance = try #require(golden["tolerance"]?.doubleValue)
        var facts = ItemFacts()
        for number: UInt32 in 0..<6 {
            var item = Item(id: try #require(ItemID("i\(number)")), title: "Item")
            item.productType = ["Shop", "Aisle \(number)"]
            facts.set(StoredItem(number: ItemNumber(number), item: item, isWithdrawn: false))
        }
        let now = Timestamp(year: 2026, month: 1, day: 31)
        let cases = try #require(golden["divergences"]?.arrayValue)
        #expect(cases.count == 20)
        for (number, one) in cases.enumerated() {
            let history = (one["history"]?.arrayValue ?? []).compactMap { line -> Interaction? in
                guard let item = line.arrayValue?.first?.integerValue, let days = line.arrayValue?.last?.doubleValue
                else {
                    return nil
                }
                return Interaction(item: ItemNumber(UInt32(item)), time: now.adding(days: -days))
            }
            let shown = (one["shown"]?.arrayValue ?? []).compactMap { $0.integerValue.map { ItemNumber(UInt32($0)) } }
            let found = try #require(
                CategoryShares(history, facts: facts, now: now).divergence(of: shown, facts: facts))
            let wanted = try #require(one["expect"]?.doubleValue)
            #expect(abs(found - wanted) <= tolerance, "case \(number)")
        }
    }
}
