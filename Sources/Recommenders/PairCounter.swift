import Domain
import Features
import Foundation

/// Counts in how many baskets two items lie together, item by item, without a table of all pairs.
struct PairCounter {
    fileprivate let itemLimit: Int
    /// Distinct items by basket, and baskets by item, as compressed rows.
    fileprivate private(set) var basketOffsets: [Int] = [0]
    fileprivate private(set) var basketItems: [UInt32] = []
    private var itemOffsets: [Int] = []
    private var itemBaskets: [UInt32] = []
    /// Whose each basket is; a person's baskets follow each other.
    fileprivate private(set) var basketPeople: [UInt32] = []
    /// Larger baskets are cut: they say little about pairs and cost the most.
    private static let basketLimit = 150

    init(_ set: TrainingSet) {
        itemLimit = set.itemLimit
        for user in 0..<set.log.userLimit {
            var basket: [UInt32] = []
            var current: Int32 = -1
            for place in set.log.range(of: UserNumber(UInt32(user)), before: set.now) {
                if set.log.baskets[place] != current { close(&basket, of: UInt32(user)) }
                current = set.log.baskets[place]
                basket.append(set.log.items[place])
            }
            close(&basket, of: UInt32(user))
        }
        itemOffsets = Array(repeating: 0, count: itemLimit + 1)
        for item in basketItems { itemOffsets[Int(item) + 1] += 1 }
        for item in 0..<itemLimit { itemOffsets[item + 1] += itemOffsets[item] }
        itemBaskets = Array(repeating: 0, count: basketItems.count)
        var next = itemOffsets
        for basket in 0..<basketCount {
            for place in basketOffsets[basket]..<basketOffsets[basket + 1] {
                let item = Int(basketItems[place])
                itemBaskets[next[item]] = UInt32(basket)
                next[item] += 1
            }
        }
    }

    private mutating func close(_ basket: inout [UInt32], of person: UInt32) {
        guard !basket.isEmpty else { return }
        basket.sort()
        var previous: UInt32?
        for item in basket.prefix(Self.basketLimit) where item != previous {
            basketItems.append(item)
            previous = item
        }
        basketOffsets.append(basketItems.count)
        basketPeople.append(person)
        basket.removeAll(keepingCapacity: true)
    }

    /// For each item the `limit` pairs with the largest weight, with the baskets and the people that each was found at.
    ///
    /// Complexity: O(Σ squared sizes of baskets + Σ squared numbers of each person's items).
    func table(limit: Int) -> (table: NeighbourTable, baskets: [UInt32], people: [UInt32]) {
        var table = NeighbourTable()
        var (pairBaskets, pairPeople): ([UInt32], [UInt32]) = ([], [])
        var row = PairRow(itemLimit: itemLimit)
        var habits = PersonItems(self)
        for item in 0..<itemLimit {
            let baskets = itemOffsets[item]..<itemOffsets[item + 1]
            guard baskets.count >= BoughtTogetherModel.minimumBaskets else {
                table.append([])
                continue
            }
            row.clear()
            for place in baskets {
                let basket = Int(itemBaskets[place])
                for line in basketOffsets[basket]..<basketOffsets[basket + 1] {
                    row.add(basketItems[line], of: basketPeople[basket])
                }
            }
            let weights = row.touched.map { other -> Double? in
                guard other != UInt32(item) else { return nil }
                let count = row.counts[Int(other)]
                return BoughtTogetherModel.weight(
                    together: Double(count.baskets), people: Double(count.people), first: Double(baskets.count),
                    second: Double(itemOffsets[Int(other) + 1] - itemOffsets[Int(other)]), total: Double(basketCount))
            }
            let weighty = zip(row.touched, weights).compactMap { other, weight in weight.map { (other, $0) } }
            let tests = habits.tests(of: UInt32(item), with: weighty.map(\.0))
            var best = TopItems(limit: limit)
            for ((other, weight), test) in zip(weighty, tests)
            where test.isSignificant(Double(row.counts[Int(other)].baskets)) {
                best.insert(other, weight)
            }
            table.append(best.sorted)
            pairBaskets += best.sorted.map { row.counts[Int($0.item)].baskets }
            pairPeople += best.sorted.map { row.counts[Int($0.item)].people }
        }
        return (table, pairBaskets, pairPeople)
    }

    var basketCount: Int { basketPeople.count }

    /// Baskets by item.
    var itemCounts: [UInt32] { zip(itemOffsets.dropFirst(), itemOffsets).map { UInt32($0 - $1) } }
}

/// How often, and at how many people, one item lies in a basket with each other one.
private struct PairRow {
    struct Count {
        var baskets: UInt32 = 0
        var people: UInt32 = 0
        var lastPerson = UInt32.max
    }

    private(set) var counts: [Count]
    private(set) var touched: [UInt32] = []

    init(itemLimit: Int) { counts = Array(repeating: Count(), count: itemLimit) }

    /// A person's baskets must come one after the other.
    mutating func add(_ item: UInt32, of person: UInt32) {
        let place = Int(item)
        if counts[place].baskets == 0 { touched.append(item) }
        counts[place].baskets += 1
        guard counts[place].lastPerson != person else { return }
        counts[place].lastPerson = person
        counts[place].people += 1
    }

    mutating func clear() {
        for item in touched { counts[Int(item)] = Count() }
        touched.removeAll(keepingCapacity: true)
    }
}

/// What a pair's baskets would be if each person put the two items into baskets independently of each other.
struct ConditionalTest {
    private var expected = 0.0
    private var variance = 0.0

    init() {}

    /// Adds a person with so many baskets, of them `first` with one item and `second` with the other.
    mutating func add(first: Double, second: Double, baskets: Double) {
        expected += first * second / baskets
        guard baskets > 1 else { return }
        variance += first * second * (baskets - first) * (baskets - second) / (baskets * baskets * (baskets - 1))
    }

    /// Whether there are more baskets with both than the people's own habits explain: the Cochran-Mantel-Haenszel statistic with
    /// a stratum for each person (Mantel and Haenszel, 1959), corrected for continuity, at p < 0.001.
    func isSignificant(_ together: Double) -> Bool {
        guard together > expected, variance > 0 else { return false }
        let difference = max(0, together - expected - 0.5)
        return difference * difference / variance >= BoughtTogetherModel.significanceFloor
    }
}

/// In how many baskets each person had each item. People of fewer than `fewestBaskets` baskets count as one: on their own they
/// could not say whether they put two items together by chance.
private struct PersonItems {
    private static let fewestBaskets = 5
    private var offsets: [Int] = [0]
    private var items: [UInt32] = []
    private var counts: [UInt32] = []
    /// Baskets of each person.
    private var baskets: [Double] = []
    /// By item: people who had it, with how often.
    private var owners: [[(person: Int32, count: UInt32)]]
    /// By item: its place among those that are asked for, or -1.
    private var slots: [Int32]

    init(_ counter: PairCounter) {
        owners = Array(repeating: [], count: counter.itemLimit)
        slots = Array(repeating: -1, count: counter.itemLimit)
        var others: [UInt32: UInt32] = [:]
        var (tally, held, othersHeld) = (others, 0, 0)
        for basket in 0..<counter.basketCount {
            for line in counter.basketOffsets[basket]..<counter.basketOffsets[basket + 1] {
                tally[counter.basketItems[line], default: 0] += 1
            }
            held += 1
            let next = basket + 1
            guard next == counter.basketCount || counter.basketPeople[next] != counter.basketPeople[basket] else {
                continue
            }
            if held < Self.fewestBaskets {
                others.merge(tally, uniquingKeysWith: +)
                othersHeld += held
            } else {
                append(tally, baskets: held)
            }
            (tally, held) = ([:], 0)
        }
        if othersHeld > 0 { append(others, baskets: othersHeld) }
    }

    private mutating func append(_ tally: [UInt32: UInt32], baskets held: Int) {
        for (item, count) in tally.sorted(by: { $0.key < $1.key }) {
            items.append(item)
            counts.append(count)
            owners[Int(item)].append((Int32(baskets.count), count))
        }
        offsets.append(items.count)
        baskets.append(Double(held))
    }

    /// The tests of an item with some others, in their order.
    mutating func tests(of item: UInt32, with others: [UInt32]) -> [ConditionalTest] {
        guard !others.isEmpty else { return [] }
        var tests = Array(repeating: ConditionalTest(), count: others.count)
        for (place, other) in others.enumerated() { slots[Int(other)] = Int32(place) }
        for (person, count) in owners[Int(item)] {
            let held = baskets[Int(person)]
            for place in offsets[Int(person)]..<offsets[Int(person) + 1] {
                let slot = Int(slots[Int(items[place])])
                guard slot >= 0 else { continue }
                tests[slot].add(first: Double(count), second: Double(counts[place]), baskets: held)
            }
        }
        for other in others { slots[Int(other)] = -1 }
        return tests
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
