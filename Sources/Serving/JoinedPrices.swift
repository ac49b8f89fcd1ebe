import Domain
import Storage

/// A price list joined with the wider ones.
struct JoinedPrices {
    var columns: OfferColumns
    /// Which list of the chain gave an item its price; 0 for everybody's. Shape `[numberLimit]`.
    private var priceLevels: [UInt8]
    /// The same for stock; empty while it is everybody's, whose memory is then shared.
    private var stockLevels: [UInt8]
    private(set) var sharesStock = false
    var lastUse: UInt64 = 0

    init(columns: OfferColumns, priceLevels: [UInt8], stockLevels: [UInt8]) {
        (self.columns, self.priceLevels, self.stockLevels) = (columns, priceLevels, stockLevels)
    }

    /// What it takes besides the columns that it shares.
    var bytes: Int {
        columns.byteCount + priceLevels.count + stockLevels.count - (sharesStock ? 4 * priceLevels.count : 0)
    }

    /// Call it when all lists are joined: shares everybody's stock if no list has stock of its own.
    mutating func settle(mayShareStock: Bool) {
        guard mayShareStock, !stockLevels.contains(where: { $0 > 0 }) else { return }
        stockLevels = []
        sharesStock = true
    }

    /// Takes over an offer of the chain; `false` if a wider list's value would have to come back.
    mutating func set(_ number: ItemNumber, _ offer: Offer, level: UInt8) -> Bool {
        let listed = ListedPrice(offer, in: columns.currency)
        let index = number.index
        if level > 0 {
            if sharesStock && listed.stock != nil { return false }
            if listed.price == nil && index < priceLevels.count && priceLevels[index] == level { return false }
            if listed.stock == nil && index < stockLevels.count && stockLevels[index] == level { return false }
        }
        set(number, listed, level: level)
        return true
    }

    /// Takes over what a list of the chain says.
    mutating func set(_ number: ItemNumber, _ listed: ListedPrice, level: UInt8) {
        if listed.price != nil || level == 0, Self.claim(number.index, level, in: &priceLevels) {
            columns.setPrice(number, listed)
        }
        guard listed.stock != nil || level == 0, !sharesStock else { return }
        if Self.claim(number.index, level, in: &stockLevels) { columns.setStock(number, listed) }
    }

    /// Whether a level may set an item's value: no narrower list has.
    private static func claim(_ index: Int, _ level: UInt8, in levels: inout [UInt8]) -> Bool {
        if index >= levels.count { levels.append(contentsOf: repeatElement(0, count: index + 1 - levels.count)) }
        guard levels[index] <= level else { return false }
        levels[index] = level
        return true
    }
}
