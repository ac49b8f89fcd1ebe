import Domain
import Features
import Foundation
import Storage

/// What items are, for models that learn from it: the catalogue's features and each item's price level.
///
/// Price levels come from what was paid before the moment of training, so a split by time stays one; an item that nobody bought
/// has none.
struct FeatureTable {
    let features: ItemFeatures

    init(_ set: TrainingSet) {
        var features = set.features ?? ItemFeatures(set.facts)
        let levels = PriceLevels(set)
        features.add(.price, itemLimit: set.itemLimit) { item in levels[item].map { "\($0)" } }
        self.features = features
    }

    /// By feature: how many items have it.
    func frequencies() -> [Int] {
        var counts = [Int](repeating: 0, count: features.features.count)
        for column in features.columns { counts[Int(column)] += 1 }
        return counts
    }
}

/// Where each item's usual price lies among those of its category (or of all items without one).
struct PriceLevels {
    private var levels: [ClickPriors.PriceLevel?]

    /// An item's price is the median of what was paid before the moment of training, a category's that of its lines.
    init(_ set: TrainingSet) {
        var prices = [[Int32]](repeating: [], count: set.itemLimit)
        for user in 0..<set.log.userLimit {
            for place in set.log.range(of: UserNumber(UInt32(user)), before: set.now) where set.log.prices[place] > 0 {
                prices[Int(set.log.items[place])].append(set.log.prices[place])
            }
        }
        func group(_ item: Int) -> UInt32 {
            set.facts.category(ItemNumber(UInt32(item))) ?? ItemFacts.unknown
        }
        var groups: [UInt32: [Int32]] = [:]
        for item in prices.indices where !prices[item].isEmpty { groups[group(item), default: []] += prices[item] }
        let medians = groups.mapValues(Self.median)
        levels = prices.indices.map { item in
            guard !prices[item].isEmpty else { return nil }
            return ClickPriors.PriceLevel(price: Self.median(prices[item]), median: medians[group(item)])
        }
    }

    /// `nil` for an item whose price nobody knows.
    subscript(item: Int) -> ClickPriors.PriceLevel? { item < levels.count ? levels[item] : nil }

    private static func median(_ values: [Int32]) -> Int64 {
        let sorted = values.sorted()
        return Int64(sorted[sorted.count / 2])
    }
}

/// Names by number in a file of columns.
enum NameColumn {
    static func store(_ names: [String], in file: inout ColumnFile, name: String) {
        var (bytes, ends): ([UInt8], [UInt32]) = ([], [])
        for text in names {
            bytes += Array(text.utf8)
            ends.append(UInt32(bytes.count))
        }
        file.set("\(name)_bytes", bytes)
        file.set("\(name)_ends", ends)
    }

    static func read(_ file: ColumnFile, name: String) throws(StorageError) -> [String] {
        let (bytes, ends) = (try file.bytes("\(name)_bytes"), try file.uint32s("\(name)_ends"))
        guard zip([0] + ends, ends).allSatisfy({ $0 <= $1 }), (ends.last.map(Int.init) ?? 0) == bytes.count else {
            throw file.damaged("its \(name) do not fit together")
        }
        return zip([0] + ends, ends).map { String(decoding: bytes[Int($0)..<Int($1)], as: UTF8.self) }
    }
}
