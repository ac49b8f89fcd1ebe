import Domain
import Storage

/// A list joined with the wider ones.
struct JoinedPrices {
    var columns: OfferColumns
    /// From the widest to the narrowest; the first is everybody's.
    let chain: [PriceListName]
    /// Which of the chain gave an item its price and its stock; 0 where none did. Shape `[numberLimit]`.
    var priceLevels: [UInt8]
    var stockLevels: [UInt8]
    var lastUse: UInt64
    var bytes: Int

    /// Takes over an offer of the chain; `false` if a wider list's value would have to come back.
    mutating func set(_ number: ItemNumber, _ offer: Offer, level: UInt8) -> Bool {
        let listed = ListedPrice(offer, in: columns.currency)
        let index = number.index
        if level > 0, index < priceLevels.count {
            let stockLevel = index < stockLevels.count ? stockLevels[index] : 0
            if listed.price == nil && priceLevels[index] == level { return false }
            if listed.stock == nil && stockLevel == level { return false }
        }
        set(number, listed, level: level)
        return true
    }

    mutating func set(_ number: ItemNumber, _ listed: ListedPrice, level: UInt8) {
        let index = number.index
        if index >= priceLevels.count {
            priceLevels.append(contentsOf: repeatElement(0, count: index + 1 - priceLevels.count))
        }
        if listed.price != nil || level == 0, priceLevels[index] <= level {
            columns.setPrice(number, listed)
            priceLevels[index] = level
        }
        guard listed.stock != nil || level == 0 else { return }
        if index >= stockLevels.count {
            stockLevels.append(contentsOf: repeatElement(0, count: index + 1 - stockLevels.count))
        }
        if stockLevels[index] <= level {
            columns.setStock(number, listed)
            stockLevels[index] = level
        }
    }
}
