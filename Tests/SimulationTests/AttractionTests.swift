import Domain
import Foundation
import Testing

@testable import Simulation

@Suite struct AttractionTests {
    private let ending = Timestamp(year: 2026, month: 5, day: 1)

    /// Shelves of twelve items, all shown in every list, at a price of 1 to 12; brand and popularity as told.
    private func items(
        shelves: Int = 10, brand: (Int) -> String = { _ in "" }, popularity: (Int) -> Double = { _ in 1 }
    ) -> [SimulatedItem] {
        (0..<shelves * 12).compactMap { number in
            ItemID("item-\(number)").map { id in
                SimulatedItem(
                    id: id, title: "Thing \(number)", category: "Category \(number / 12)",
                    popularity: popularity(number), price: Double(1 + number % 12), brand: brand(number))
            }
        }
    }

    private func attraction(_ items: [SimulatedItem], seed: UInt64 = 7) -> [Double] {
        let attraction = Attraction(seed: seed, items: items, shelves: items.indices.map { $0 / 12 })
        return items.indices.map { attraction[$0] }
    }

    /// Clicks by showing at rank 1 of the items that are marked, and of the others.
    private func rates(_ items: [SimulatedItem], _ isMarked: (Int) -> Bool) throws -> (marked: Double, others: Double) {
        let numbers = Dictionary(uniqueKeysWithValues: items.enumerated().map { ($1.id, $0) })
        var (shown, clicked) = ([0.0, 0.0], [0.0, 0.0])
        for event in Simulator(seed: 5, items: items).events(count: 60_000, ending: ending) {
            for entry in event.items where entry.position == 1 {
                let side = isMarked(try #require(numbers[entry.item])) ? 0 : 1
                if event.name == .viewItemList { shown[side] += 1 }
                if event.name == .selectItem { clicked[side] += 1 }
            }
        }
        return (clicked[0] / shown[0], clicked[1] / shown[1])
    }

    @Test func `cheaper items of a shelf are clicked more often at the same rank`() throws {
        let items = items()
        let rates = try rates(items) { $0 % 12 < 6 }
        #expect(rates.marked > 0.6 && rates.others < 0.45 && rates.others > 0.2)
        let chances = attraction(items)
        #expect(zip(chances.prefix(12), chances.dropFirst().prefix(11)).allSatisfy { $0 >= $1 })
        // By hand: half the median of 6.5 at a price of 3, where t is not at its limit.
        let sums = (1...12).map { price in min(1.5, max(-1.5, -1.5 * log(Double(price) / 6.5))) }
        let mean = sums.reduce(0, +) / 12
        #expect(abs(chances[2] - 1 / (1 + exp(mean - sums[2]))) < 1e-12)
    }

    @Test func `a brand draws the same on every shelf, by the seed alone, and no brand is in the middle`() {
        let items = items(brand: { ["red", "blue", ""][$0 % 3] })
        let chances = attraction(items)
        func odds(_ number: Int) -> Double { log(chances[number] / (1 - chances[number])) }
        // Items of equal price on different shelves.
        #expect(abs(odds(0) - odds(12)) < 1e-9 && abs(odds(1) - odds(13)) < 1e-9)
        #expect(chances != attraction(items, seed: 8) && chances == attraction(items))
        // Prices 1 and 2 both lie at the limit: what parts them is the brand.
        #expect(abs(odds(0) - odds(1)) > 0.01)
    }

    @Test func `how items sell changes nothing of what is clicked, given what is shown`() throws {
        #expect(attraction(items()) == attraction(items(popularity: { Double($0 * $0) })))
        let flat = (0..<120).compactMap { number in
            ItemID("item-\(number)").map {
                SimulatedItem(
                    id: $0, title: "Thing", category: "Category \(number / 12)", popularity: number % 2 == 0 ? 50 : 1)
            }
        }
        let rates = try rates(flat) { $0 % 2 == 0 }
        #expect(abs(rates.marked - 0.5) < 0.03 && abs(rates.others - 0.5) < 0.03)
    }

    @Test func `the mean attraction is one half, and the same seed makes the same events`() {
        let items = items(shelves: 40, brand: { "b\($0 % 17)" })
        let chances = attraction(items)
        #expect(chances.allSatisfy { $0 > 0.02 && $0 < 0.98 })
        #expect(abs(chances.reduce(0, +) / Double(chances.count) - 0.5) < 0.05)
        let first = Simulator(seed: 4, items: items).events(count: 2000, ending: ending)
        #expect(first == Simulator(seed: 4, items: items).events(count: 2000, ending: ending))
        #expect(first != Simulator(seed: 5, items: items).events(count: 2000, ending: ending))
    }

    @Test func `prices that are none count as the median`() throws {
        let id = try #require(ItemID("x"))
        for price in [nil, 0, -1, Double.nan, .infinity] as [Double?] {
            let item = SimulatedItem(id: id, title: "", category: "a", popularity: 1, price: price)
            #expect(item.price == nil)
            #expect(attraction([item]) == [0.5])
        }
    }
}
