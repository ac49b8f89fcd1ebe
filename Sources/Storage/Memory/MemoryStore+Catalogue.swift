public import Domain
internal import Synchronization

extension MemoryStore {
    public func upsert(_ items: [Item]) throws(StorageError) -> CatalogueChanges {
        for item in items { _ = try ItemColumns(item) }
        return state.withLock { state in
            var changes = CatalogueChanges()
            for item in items {
                if let number = state.numbers[item.id] {
                    let stored = StoredItem(number: number, item: item, isWithdrawn: false)
                    if state.items[number.index] == stored {
                        changes.unchanged += 1
                        continue
                    }
                    state.items[number.index] = stored
                    changes.changed += 1
                    changes.touched.append(number)
                } else {
                    let number = ItemNumber(UInt32(state.items.count))
                    state.items.append(StoredItem(number: number, item: item, isWithdrawn: false))
                    state.numbers[item.id] = number
                    changes.added += 1
                    changes.touched.append(number)
                }
            }
            return changes
        }
    }

    public func withdraw(_ ids: [ItemID]) throws(StorageError) -> CatalogueChanges {
        state.withLock { state in
            var changes = CatalogueChanges()
            for id in ids {
                guard let number = state.numbers[id], !state.items[number.index].isWithdrawn else { continue }
                state.items[number.index].isWithdrawn = true
                changes.withdrawn += 1
                changes.touched.append(number)
            }
            return changes
        }
    }

    public func item(_ id: ItemID) throws(StorageError) -> StoredItem? {
        state.withLock { state in state.numbers[id].map { state.items[$0.index] } }
    }

    public func item(_ number: ItemNumber) throws(StorageError) -> StoredItem? { try items([number]).first }

    public func items(_ numbers: [ItemNumber]) throws(StorageError) -> [StoredItem] {
        state.withLock { state in
            numbers.compactMap { $0.index < state.items.count ? state.items[$0.index] : nil }
        }
    }

    public func items(after number: ItemNumber?, limit: Int) throws(StorageError) -> [StoredItem] {
        state.withLock { state in
            Array(state.items.dropFirst(number.map { $0.index + 1 } ?? 0).prefix(max(0, limit)))
        }
    }

    public func forEachOutline(_ body: (ItemOutline) throws(StorageError) -> Void) throws(StorageError) {
        for stored in state.withLock({ $0.items }) { try body(ItemOutline(stored)) }
    }

    public func numbers(of ids: [ItemID]) throws(StorageError) -> [ItemID: ItemNumber] {
        state.withLock { state in
            var numbers: [ItemID: ItemNumber] = [:]
            for id in ids { numbers[id] = state.numbers[id] }
            return numbers
        }
    }

    public func activeIDs() throws(StorageError) -> Set<ItemID> {
        state.withLock { state in Set(state.items.lazy.filter { !$0.isWithdrawn }.map(\.item.id)) }
    }

    public func numberLimit() throws(StorageError) -> Int { state.withLock { $0.items.count } }

    public func activeCount() throws(StorageError) -> Int {
        state.withLock { state in state.items.count { !$0.isWithdrawn } }
    }

    public func setOffers(_ offers: [Offer], keeping: OfferParts) throws(StorageError) -> Int {
        try state.withLock { state throws(StorageError) in
            var changed = 0
            for offer in offers where state.numbers[offer.item] == nil {
                throw StorageError(.constraint, "An offer names an item that is not in the catalogue.")
            }
            for offer in offers {
                guard let number = state.numbers[offer.item] else { continue }
                let key = OfferKey(market: offer.market, group: offer.group)
                let stored = state.offers[number.index]?[key]
                let offer = keeping.merged(offer, over: stored)
                if stored != offer {
                    changed += 1
                    state.offers[number.index, default: [:]][key] = offer
                }
            }
            return changed
        }
    }

    public func offers(of id: ItemID) throws(StorageError) -> [Offer] {
        state.withLock { state in
            guard let number = state.numbers[id] else { return [] }
            return (state.offers[number.index] ?? [:]).sorted { $0.key < $1.key }.map(\.value)
        }
    }

    public func forEachOffer(_ body: (ItemNumber, Offer) throws(StorageError) -> Void) throws(StorageError) {
        let offers = state.withLock { $0.offers }
        for (index, byKey) in offers.sorted(by: { $0.key < $1.key }) {
            for (_, offer) in byKey.sorted(by: { $0.key < $1.key }) { try body(ItemNumber(UInt32(index)), offer) }
        }
    }

    public func priceLists() throws(StorageError) -> [PriceListName] {
        let keys = state.withLock { state in Set(state.offers.values.flatMap(\.keys)) }
        return keys.map { PriceListName(market: $0.market, group: $0.group) }.sorted()
    }

    public func forEachPrice(
        in list: PriceListName, currency: Currency, _ body: (ItemNumber, ListedPrice) throws(StorageError) -> Void
    ) throws(StorageError) {
        let key = OfferKey(market: list.market, group: list.group)
        for (index, byKey) in state.withLock({ $0.offers }).sorted(by: { $0.key < $1.key }) {
            guard let offer = byKey[key] else { continue }
            try body(ItemNumber(UInt32(index)), ListedPrice(offer, in: currency))
        }
    }

    public func currency(of list: PriceListName) throws(StorageError) -> Currency? {
        let key = OfferKey(market: list.market, group: list.group)
        let offers = state.withLock { $0.offers }
        return offers.sorted { $0.key < $1.key }.lazy.compactMap { $0.value[key]?.price?.currency }.first
    }

    public func setWarehouses(_ warehouses: [Warehouse]) throws(StorageError) {
        state.withLock { state in for warehouse in warehouses { state.warehouses[warehouse.id] = warehouse } }
    }

    public func warehouses() throws(StorageError) -> [Warehouse] {
        state.withLock { state in
            state.warehouses.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        }
    }

    public func setCarriers(_ carriers: [Carrier]) throws(StorageError) {
        state.withLock { state in for carrier in carriers { state.carriers[carrier.id] = carrier } }
    }

    public func carriers() throws(StorageError) -> [Carrier] {
        state.withLock { state in state.carriers.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) } }
    }

    public func setStores(_ stores: [Store]) throws(StorageError) {
        state.withLock { state in for store in stores { state.stores[store.id] = store } }
    }

    public func stores() throws(StorageError) -> [Store] {
        state.withLock { state in
            state.stores.values.sorted { $0.id.utf8.lexicographicallyPrecedes($1.id.utf8) }
        }
    }
}
