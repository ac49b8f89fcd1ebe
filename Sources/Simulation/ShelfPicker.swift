import Domain
import Numerics

/// A catalogue by category, from which shoppers choose what they look for in proportion to what is bought.
struct ShelfPicker: Sendable {
    /// The most popular items of a category that a list is made from.
    static let depth = 40

    /// One category.
    struct Shelf: Sendable {
        let name: String
        /// Item indices, most popular first.
        var items: [Int] = []
        var count = 0
    }

    let items: [SimulatedItem]
    private(set) var shelves: [Shelf] = []
    /// Sums of item weights up to and with each item; shape `[items]`.
    private var sums: [Double] = []
    /// Which shelf each item stands on; shape `[items]`.
    private(set) var shelfOfItem: [Int] = []

    init(_ items: [SimulatedItem]) {
        self.items = items
        var numbers: [String: Int] = [:]
        var sum = 0.0
        for (index, item) in items.enumerated() {
            let name = [item.category, item.title, item.id.rawValue].first { !$0.isEmpty } ?? ""
            let number = numbers[name] ?? shelves.count
            if number == shelves.count {
                numbers[name] = number
                shelves.append(Shelf(name: name))
            }
            shelves[number].items.append(index)
            shelfOfItem.append(number)
            sum += item.popularity + 0.1
            sums.append(sum)
        }
        for number in shelves.indices {
            shelves[number].count = shelves[number].items.count
            shelves[number].items.sort { (items[$1].popularity, $0) < (items[$0].popularity, $1) }
            shelves[number].items = Array(shelves[number].items.prefix(Self.depth))
        }
    }

    var isEmpty: Bool { items.isEmpty }

    /// The shelf of an item that is drawn by popularity. Complexity: O(log *items*).
    func draw(_ generator: inout SeededGenerator) -> Shelf {
        let target = generator.unit() * (sums.last ?? 0)
        var (low, high) = (0, sums.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if sums[middle] > target { high = middle } else { low = middle + 1 }
        }
        return shelves[shelfOfItem[low]]
    }
}
