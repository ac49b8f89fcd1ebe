import Domain
import Features
import Foundation

/// Counts in how many baskets two items lie together, item by item, without a table of all pairs.
struct PairCounter {
    private let itemLimit: Int
    /// Distinct items by basket, and baskets by item, as compressed rows.
    private var basketOffsets: [Int] = [0]
    private var basketItems: [UInt32] = []
    private var itemOffsets: [Int] = []
    private var itemBaskets: [UInt32] = []
    /// Larger baskets are cut: they say little about pairs and cost the most.
    private static let basketLimit = 150

    init(_ set: TrainingSet) {
        itemLimit = set.itemLimit
        for user in 0..<set.log.userLimit {
            var basket: [UInt32] = []
            var current: Int32 = -1
            for place in set.log.range(of: UserNumber(UInt32(user)), before: set.now) {
                if set.log.baskets[place] != current { close(&basket) }
                current = set.log.baskets[place]
                basket.append(set.log.items[place])
            }
            close(&basket)
        }
        itemOffsets = Array(repeating: 0, count: itemLimit + 1)
        for item in basketItems { itemOffsets[Int(item) + 1] += 1 }
        for item in 0..<itemLimit { itemOffsets[item + 1] += itemOffsets[item] }
        itemBaskets = Array(repeating: 0, count: basketItems.count)
        var next = itemOffsets
        for basket in 0..<basketOffsets.count - 1 {
            for place in basketOffsets[basket]..<basketOffsets[basket + 1] {
                let item = Int(basketItems[place])
                itemBaskets[next[item]] = UInt32(basket)
                next[item] += 1
            }
        }
    }

    private mutating func close(_ basket: inout [UInt32]) {
        guard !basket.isEmpty else { return }
        basket.sort()
        var previous: UInt32?
        for item in basket.prefix(Self.basketLimit) where item != previous {
            basketItems.append(item)
            previous = item
        }
        basketOffsets.append(basketItems.count)
        basket.removeAll(keepingCapacity: true)
    }

    func table(limit: Int) -> NeighbourTable {
        var table = NeighbourTable()
        var board = ScoreBoard(itemLimit: itemLimit)
        let total = Double(basketOffsets.count - 1)
        for item in 0..<itemLimit {
            let baskets = itemOffsets[item]..<itemOffsets[item + 1]
            guard baskets.count >= BoughtTogetherModel.minimumCount else {
                table.append([])
                continue
            }
            board.clear()
            for place in baskets {
                let basket = Int(itemBaskets[place])
                for line in basketOffsets[basket]..<basketOffsets[basket + 1] { board.add(basketItems[line], 1) }
            }
            var best = TopItems(limit: limit)
            for other in board.touched where other != UInt32(item) {
                let together = board.scores[Int(other)]
                guard together >= Double(BoughtTogetherModel.minimumCount) else { continue }
                let single = Double(baskets.count)
                let otherCount = Double(itemOffsets[Int(other) + 1] - itemOffsets[Int(other)])
                let lift = together * total / (single * otherCount)
                guard lift > 1,
                    likelihoodRatio(together, single, otherCount, total)
                        >= BoughtTogetherModel.significanceFloor
                else { continue }
                best.insert(other, log(lift) * together / (together + 10))
            }
            table.append(best.sorted)
        }
        return table
    }
}

/// Dunning's log-likelihood ratio G² of a 2 × 2 table; zero for independence.
///
/// - Parameter together: Baskets with both; `first`, `second`: with either; `total`: all.
package func likelihoodRatio(_ together: Double, _ first: Double, _ second: Double, _ total: Double) -> Double {
    func part(_ observed: Double, _ row: Double, _ column: Double) -> Double {
        observed > 0 && row > 0 && column > 0 ? observed * log(observed * total / (row * column)) : 0
    }
    return 2
        * (part(together, first, second) + part(first - together, first, total - second)
            + part(second - together, total - first, second)
            + part(total - first - second + together, total - first, total - second))
}
