import Domain
import Features
import Foundation
import Storage

/// What a log before a moment says of each item: rows of the ranker that are the same for everybody.
struct BasketItems: Hashable, Sendable {
    /// Shape `[itemLimit, BasketFeature.itemColumns.count]`.
    private let columns: [Float]
    private let types: [UInt32]
    private let categories: [UInt32]
    private let isPrivateLabel: [Bool]
    /// Shares of the lines of the last 56 days.
    let typeShares: [Float]
    let categoryShares: [Float]

    static let width = BasketFeature.itemColumns.count

    var itemLimit: Int { columns.count / Self.width }

    func type(_ item: UInt32) -> UInt32? { Self.known(item, types) }
    func category(_ item: UInt32) -> UInt32? { Self.known(item, categories) }
    /// Mean days between two purchases of an item by one person, as far as any are known; `nil` for an unknown item.
    func typicalGap(_ item: UInt32) -> Float? {
        // The first of the item's columns.
        row(item).first
    }
    func isPrivate(_ item: UInt32) -> Bool { Int(item) < isPrivateLabel.count && isPrivateLabel[Int(item)] }
    func row(_ item: UInt32) -> ArraySlice<Float> {
        guard Int(item) < itemLimit else { return [] }
        return columns[Int(item) * Self.width..<(Int(item) + 1) * Self.width]
    }

    private static func known(_ item: UInt32, _ numbers: [UInt32]) -> UInt32? {
        guard Int(item) < numbers.count, numbers[Int(item)] != ItemFacts.unknown else { return nil }
        return numbers[Int(item)]
    }

    init(_ set: TrainingSet) {
        var counts = ItemCounts(itemLimit: set.itemLimit)
        for user in 0..<set.log.userLimit { counts.add(set, UserNumber(UInt32(user))) }
        let facts = set.facts
        types = facts.types
        categories = facts.categories
        typeShares = Self.shares(counts.lines56, facts.types, facts.typePaths.count)
        categoryShares = Self.shares(counts.lines56, facts.categories, facts.categoryPaths.count)
        var typeLines = [Float](repeating: 0, count: facts.typePaths.count)
        for (item, count) in counts.lines28.enumerated() {
            if let type = Self.known(UInt32(item), facts.types) { typeLines[Int(type)] += count }
        }
        let gaps = counts.typicalGaps(types: facts.types, typeCount: facts.typePaths.count)
        var columns: [Float] = []
        columns.reserveCapacity(set.itemLimit * Self.width)
        for item in 0..<set.itemLimit {
            let (all, buyers, week, month) = (
                counts.lines[item], counts.buyers[item], counts.lines7[item], counts.lines28[item]
            )
            let inType = Self.known(UInt32(item), facts.types).map { month / max(1, typeLines[Int($0)]) } ?? .nan
            let price = counts.priced[item] > 0 ? counts.priceSums[item] / counts.priced[item] : .nan
            // In the order of `BasketFeature.itemColumns`.
            columns.append(contentsOf: [
                gaps[item], all, buyers, (counts.repeaters[item] + 2) / (buyers + 10), week, month,
                (week * 4 + 2) / (month + 2), (month * 4 + 4) / (counts.lines112[item] + 4), all / max(1, buyers),
                price, counts.first28[item], counts.first56[item], inType,
                facts.brandClass(ItemNumber(UInt32(item))) == .privateLabel ? 1 : 0, counts.priceRatio(item),
                counts.lines3[item],
            ])
            columns.append(contentsOf: Self.places(of: ItemNumber(UInt32(item)), set))
        }
        self.columns = columns
        isPrivateLabel = Self.flags(.isPrivate, in: columns)
    }

    /// Display and mailer, each this week and the week before: missing where the shop keeps no book of them.
    private static func places(of item: ItemNumber, _ set: TrainingSet) -> [Float] {
        guard let promotions = set.promotions else { return [.nan, .nan, .nan, .nan] }
        let week = promotions.week(of: set.now)
        let (now, before) = (promotions.place(of: item, inWeek: week), promotions.place(of: item, inWeek: week - 1))
        return [now.display, before.display, now.mailer, before.mailer]
    }

    private static func flags(_ feature: BasketFeature, in columns: [Float]) -> [Bool] {
        guard let place = BasketFeature.itemColumns.firstIndex(of: feature) else { return [] }
        return stride(from: place, to: columns.count, by: width).map { columns[$0] == 1 }
    }

    private static func shares(_ lines: [Float], _ numbers: [UInt32], _ count: Int) -> [Float] {
        var sums = [Double](repeating: 0, count: count)
        for (item, value) in lines.enumerated() {
            if let number = known(UInt32(item), numbers) { sums[Int(number)] += Double(value) }
        }
        let total = max(1, lines.reduce(0.0) { $0 + Double($1) })
        return sums.map { Float($0 / total) }
    }

    func store(in file: inout ColumnFile) {
        // Missing values are written as -1: columns of a file are finite.
        file.set("item_columns", columns.map { $0.isNaN ? -1 : $0 })
        file.set("item_types", types)
        file.set("item_categories", categories)
        file.set("item_type_shares", typeShares)
        file.set("item_category_shares", categoryShares)
    }

    init(_ file: ColumnFile) throws(StorageError) {
        columns = try file.floats("item_columns").map { $0 == -1 ? .nan : $0 }
        (types, categories) = (try file.uint32s("item_types"), try file.uint32s("item_categories"))
        (typeShares, categoryShares) = (
            try file.floats("item_type_shares"), try file.floats("item_category_shares")
        )
        isPrivateLabel = Self.flags(.isPrivate, in: columns)
        guard columns.count % Self.width == 0,
            types.allSatisfy({ $0 == ItemFacts.unknown || Int($0) < typeShares.count }),
            categories.allSatisfy({ $0 == ItemFacts.unknown || Int($0) < categoryShares.count })
        else { throw file.damaged("its items do not fit together") }
    }
}

/// Sums over a log by item.
private struct ItemCounts {
    var (lines, lines7, lines28, lines56, lines112): ([Float], [Float], [Float], [Float], [Float])
    var (buyers, repeaters, first28, first56): ([Float], [Float], [Float], [Float])
    var (priceSums, priced): ([Float], [Float])
    /// The same of the last 7 days, and lines of the last 3.
    var (priceSums7, priced7, lines3): ([Float], [Float], [Float])
    /// Sums of the logarithm of mean gaps, over people with two baskets or more.
    var logGaps: [Double]

    init(itemLimit: Int) {
        let zeros = [Float](repeating: 0, count: itemLimit)
        (lines, lines7, lines28, lines56, lines112) = (zeros, zeros, zeros, zeros, zeros)
        (buyers, repeaters, first28, first56) = (zeros, zeros, zeros, zeros)
        (priceSums, priced) = (zeros, zeros)
        (priceSums7, priced7, lines3) = (zeros, zeros, zeros)
        logGaps = [Double](repeating: 0, count: itemLimit)
    }

    mutating func add(_ set: TrainingSet, _ user: UserNumber) {
        let history = set.log.history(of: user, before: set.now)
        for entry in PersonalCounts(history, now: set.now, decay: 0.98).entries {
            let item = Int(entry.item)
            buyers[item] += 1
            first28[item] += entry.first < 28 ? 1 : 0
            first56[item] += entry.first < 56 ? 1 : 0
            if entry.times > 1 {
                repeaters[item] += 1
                logGaps[item] += log(max(1, (entry.first - entry.last) / Double(entry.times - 1)))
            }
        }
        for line in history {
            let (item, age) = (line.item.index, set.now.days(since: line.time))
            lines[item] += 1
            lines3[item] += age < 3 ? 1 : 0
            lines7[item] += age < 7 ? 1 : 0
            lines28[item] += age < 28 ? 1 : 0
            lines56[item] += age < 56 ? 1 : 0
            lines112[item] += age < 112 ? 1 : 0
            if let price = line.priceMinorUnits {
                priceSums[item] += Float(price)
                priced[item] += 1
                if age < 7 {
                    priceSums7[item] += Float(price)
                    priced7[item] += 1
                }
            }
        }
    }

    /// The mean price of the last 7 days, drawn towards the usual one, in units of that; missing without prices.
    func priceRatio(_ item: Int) -> Float {
        guard priced[item] > 0, priceSums[item] > 0 else { return .nan }
        let usual = priceSums[item] / priced[item]
        return (priceSums7[item] + 2 * usual) / ((priced7[item] + 2) * usual)
    }

    /// Mean gap of an item in days, drawn towards that of its type, and that towards the one of all.
    func typicalGaps(types: [UInt32], typeCount: Int) -> [Float] {
        let all = logGaps.reduce(0, +) / Double(max(1, repeaters.reduce(0.0) { $0 + Double($1) }))
        var (sums, counts) = ([Double](repeating: 5 * all, count: typeCount), [Double](repeating: 5, count: typeCount))
        for item in types.indices where types[item] != ItemFacts.unknown && item < logGaps.count {
            sums[Int(types[item])] += logGaps[item]
            counts[Int(types[item])] += Double(repeaters[item])
        }
        return logGaps.indices.map { item in
            let isTyped = item < types.count && types[item] != ItemFacts.unknown
            let prior = isTyped ? sums[Int(types[item])] / counts[Int(types[item])] : all
            return Float(exp((logGaps[item] + 10 * prior) / (Double(repeaters[item]) + 10)))
        }
    }
}
