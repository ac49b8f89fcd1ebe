import Domain
import Features
import Testing

@testable import Recommenders

@Suite struct BundleTests {
    /// Pasta (0), sauce (1), cheese (2) and wine (3) share baskets; another pasta (4) goes with the first; soap (5) with nothing.
    private static func facts() throws -> ItemFacts {
        var facts = ItemFacts()
        for (number, type) in ["Pasta", "Sauce", "Cheese", "Wine", "Pasta", "Soap", "Bread"].enumerated() {
            var item = Item(id: try #require(ItemID("i\(number)")), title: type)
            item.productType = ["Grocery", type]
            facts.set(StoredItem(number: ItemNumber(UInt32(number)), item: item, isWithdrawn: false))
        }
        return facts
    }

    private static func table(_ pairs: [(UInt32, UInt32, Double)]) -> NeighbourTable {
        var table = NeighbourTable()
        for item: UInt32 in 0..<7 {
            let row = pairs.compactMap { one, other, weight in
                one == item ? (item: other, score: weight) : other == item ? (item: one, score: weight) : nil
            }
            table.append(row.sorted { $0.score > $1.score })
        }
        return table
    }

    private func set(_ anchor: UInt32, size: Int, without: Set<UInt32> = []) throws -> [UInt32] {
        let table = Self.table([
            (0, 1, 2), (0, 2, 1.5), (1, 2, 1), (0, 4, 3), (0, 3, 1.9), (3, 1, 0.1), (0, 6, 1.8), (5, 3, 0.5),
        ])
        return Bundles(pairs: BoughtTogetherModel(table: table), facts: try Self.facts()).items(
            with: ItemNumber(anchor), size: size
        ) {
            !without.contains($0.rawValue)
        }.map(\.item.rawValue)
    }

    @Test func `each two of a set are a pair of different types, and the closest set is taken`() throws {
        // Sauce with cheese: 2 + 1.5 + 1; with wine: 2 + 1.9 + 0.1. Bread goes with pasta alone, and pasta is no
        // partner of pasta.
        #expect(try set(0, size: 3) == [1, 2])
        #expect(try set(0, size: 2) == [1])
        // No four items are all pairs: three are as many as there can be.
        #expect(try set(0, size: 4) == [1, 2])
        #expect(try set(0, size: 3, without: [2]) == [1, 3])
    }

    @Test func `more items go before closer ones, and without partners there is no set`() throws {
        #expect(try set(3, size: 3) == [0, 1])
        #expect(try set(0, size: 3, without: [1]) == [3])
        #expect(try set(5, size: 3, without: [3]).isEmpty)
        #expect(try set(900, size: 3).isEmpty)
    }

    @Test func `a set names the page's item as its reason`() throws {
        let found = Bundles(pairs: BoughtTogetherModel(table: Self.table([(0, 1, 2)])), facts: try Self.facts())
            .items(with: ItemNumber(0), size: 3) { _ in true }
        #expect(found == [ScoredItem(item: ItemNumber(1), score: 2, reason: .oftenBoughtWith(ItemNumber(0)))])
    }
}
