import Domain
import Storage
import Synchronization

/// Prices and stock by market and customer group, joined to one set of columns a list, read when first asked for.
///
/// What a list leaves open (no price, or no stock) comes from the next wider one: group in market, market, group, everybody.
/// A change shows in the next request. Lists that were not asked for of late are dropped beyond `maximumBytes`.
final class PriceLists: Sendable {
    private struct State {
        var everybody: OfferColumns
        var known: Set<PriceListName> = []
        var joined: [[PriceListName]: JoinedPrices] = [:]
        var uses: UInt64 = 0
    }

    static let maximumBytes = 96 << 20
    private let store: SQLiteStore
    private let maximumBytes: Int
    private let state: Mutex<State>
    /// Held while prices are written or a list is read, so that no change falls between.
    private let writing = Mutex(())

    init(store: SQLiteStore, currency: Currency, maximumBytes: Int = PriceLists.maximumBytes) throws {
        (self.store, self.maximumBytes) = (store, maximumBytes)
        state = Mutex(State(everybody: try Self.everybody(store, currency), known: Set(try store.priceLists())))
    }

    /// The columns of a list; an unknown market or group has everybody's.
    func columns(_ list: PriceListName) throws -> OfferColumns {
        if let ready = state.withLock({ Self.ready(list, &$0) }) { return ready }
        return try writing.withLock { _ in
            if let ready = state.withLock({ Self.ready(list, &$0) }) { return ready }
            let (chain, everybody) = state.withLock { (Self.chain(list, $0.known), $0.everybody) }
            let read = try join(chain, everybody)
            state.withLock { state in
                state.uses += 1
                state.joined[chain] = read
                state.joined[chain]?.lastUse = state.uses
                Self.shrink(&state, to: maximumBytes, keeping: chain)
            }
            return read.columns
        }
    }

    /// Stores offers and shows them to the next request; returns how many differ from what was stored.
    ///
    /// Complexity: O(offers × joined lists that they concern).
    ///
    /// - Parameter keeping: Parts that the offers say nothing of, and that stay as they are stored.
    func set(_ offers: [Offer], keeping: OfferParts = []) throws -> Int {
        try writing.withLock { _ in
            let changed = try store.setOffers(offers, keeping: keeping)
            let offers = keeping.isEmpty ? offers : try offers.compactMap(stored)
            let numbers = try store.numbers(of: offers.map(\.item))
            let changes = offers.compactMap { offer in numbers[offer.item].map { (number: $0, offer: offer) } }
            let byList = Dictionary(grouping: changes) {
                PriceListName(market: $0.offer.market, group: $0.offer.group)
            }
            state.withLock { state in
                for (number, offer) in byList[.everybody] ?? [] { state.everybody.set(number, offer) }
                if byList.keys.contains(where: { !state.known.contains($0) }) {
                    // A list that is new changes the chains of others: those are joined again when asked for.
                    state.known.formUnion(byList.keys)
                    state.joined = [:]
                }
                for key in Array(state.joined.keys) { Self.apply(byList, to: key, &state) }
            }
            return changed
        }
    }

    /// The offer of the same item and list as it is stored.
    private func stored(_ offer: Offer) throws -> Offer? {
        try store.offers(of: offer.item).first { $0.market == offer.market && $0.group == offer.group }
    }

    private static func apply(
        _ byList: [PriceListName: [(number: ItemNumber, offer: Offer)]], to key: [PriceListName], _ state: inout State
    ) {
        guard key.contains(where: { byList[$0] != nil }), var joined = state.joined.removeValue(forKey: key) else {
            return
        }
        for (level, list) in key.enumerated() {
            for (number, offer) in byList[list] ?? [] {
                // Left out of the table, it is joined again when asked for.
                guard joined.set(number, offer, level: UInt8(level)) else { return }
            }
        }
        if joined.sharesStock { joined.columns.shareStocks(of: state.everybody) }
        state.joined[key] = joined
    }

    /// Reads everybody's list again and forgets the others: another program may have written.
    func reload() throws {
        try writing.withLock { _ in
            let currency = state.withLock { $0.everybody.currency }
            let fresh = State(
                everybody: try Self.everybody(store, currency), known: Set(try store.priceLists()))
            state.withLock { $0 = fresh }
        }
    }

    /// How many lists are joined at the moment, and the bytes that they take.
    var size: (lists: Int, bytes: Int) {
        state.withLock { ($0.joined.count, $0.joined.values.reduce(0) { $0 + $1.bytes }) }
    }

    private static func everybody(_ store: SQLiteStore, _ currency: Currency) throws -> OfferColumns {
        var columns = OfferColumns(currency: currency, numberLimit: try store.numberLimit())
        try store.forEachPrice(in: .everybody, currency: currency) { number, listed in
            columns.setPrice(number, listed)
            columns.setStock(number, listed)
        }
        return columns
    }

    private static func ready(_ list: PriceListName, _ state: inout State) -> OfferColumns? {
        if list == .everybody { return state.everybody }
        let chain = chain(list, state.known)
        if chain.count == 1 { return state.everybody }
        state.uses += 1
        state.joined[chain]?.lastUse = state.uses
        return state.joined[chain]?.columns
    }

    /// The lists that exist, from everybody's to the one that is asked for.
    private static func chain(_ list: PriceListName, _ known: Set<PriceListName>) -> [PriceListName] {
        var chain = [PriceListName.everybody]
        let wider = [
            PriceListName(market: Offer.defaultMarket, group: list.group),
            PriceListName(market: list.market, group: Offer.everyGroup), list,
        ]
        for name in wider where known.contains(name) && !chain.contains(name) { chain.append(name) }
        return chain
    }

    private func join(_ chain: [PriceListName], _ everybody: OfferColumns) throws -> JoinedPrices {
        var currency = everybody.currency
        for list in chain.dropFirst() { currency = try store.currency(of: list) ?? currency }
        var columns = everybody
        if currency != everybody.currency {
            columns = OfferColumns(currency: currency, numberLimit: everybody.prices.count)
            try store.forEachPrice(in: .everybody, currency: currency) { number, listed in
                columns.setPrice(number, listed)
                columns.setStock(number, listed)
            }
        }
        let isForeign = currency != everybody.currency
        let none = [UInt8](repeating: 0, count: columns.prices.count)
        var joined = JoinedPrices(
            columns: columns, priceLevels: none, stockLevels: none)
        for (level, list) in chain.enumerated().dropFirst() {
            try store.forEachPrice(in: list, currency: currency) { number, listed in
                joined.set(number, listed, level: UInt8(level))
            }
        }
        joined.settle(mayShareStock: !isForeign)
        return joined
    }

    private static func shrink(_ state: inout State, to maximum: Int, keeping: [PriceListName]) {
        var bytes = state.joined.values.reduce(0) { $0 + $1.bytes }
        while bytes > maximum {
            let oldest = state.joined.filter { $0.key != keeping }.min { $0.value.lastUse < $1.value.lastUse }
            guard let oldest else { return }
            bytes -= oldest.value.bytes
            state.joined[oldest.key] = nil
        }
    }
}
