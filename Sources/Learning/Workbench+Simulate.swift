import Domain
import Foundation
import Simulation
import Storage

extension Workbench {
    private static let simulatedAtATime = 2000
    private static let offersAtATime = 5000

    /// Makes up searches, impressions, clicks and ratings of the last 24 hours, and stock, places,
    /// warehouses and carriers where none are known.
    ///
    /// A second run with the same seed and number changes nothing. What the shop knows stays.
    /// - Parameter count: How many events; identifiers are `sim-SEED-N`, so more of them adds to what is there.
    /// - Returns: One sentence on what changed.
    public func simulate(seed: UInt64, events count: Int, progress: (Int, Int) -> Void) throws -> String {
        let simulator = Simulator(seed: seed, items: try itemsToSimulate())
        let events = simulator.events(count: count, ending: SystemClock.now())
        guard !events.isEmpty else {
            throw LearningError(.missing, "The catalogue is empty: import items before simulating.")
        }
        var receipt = EventReceipt()
        for start in stride(from: 0, to: events.count, by: Self.simulatedAtATime) {
            let batch = try store.append(Array(events[start..<min(start + Self.simulatedAtATime, events.count)]))
            receipt.accepted += batch.accepted
            receipt.repeated += batch.repeated
            progress(receipt.accepted + receipt.repeated, events.count)
        }
        let stocks = try simulateStock(simulator)
        let places = try simulatePlaces(simulator)
        let (warehouses, carriers) = try simulateLogistics(simulator)
        return
            "\(receipt.accepted) synthetic events, \(receipt.repeated) known before, \(stocks) stocks, \(places) places, "
            + "\(warehouses) warehouses, \(carriers) carriers"
    }

    /// Adds warehouses and carriers to a shop that has none.
    private func simulateLogistics(_ simulator: Simulator) throws -> (warehouses: Int, carriers: Int) {
        let warehouses = try store.warehouses().isEmpty ? simulator.warehouses() : []
        if !warehouses.isEmpty { try store.setWarehouses(warehouses) }
        let carriers = try store.carriers().isEmpty ? simulator.carriers() : []
        if !carriers.isEmpty { try store.setCarriers(carriers) }
        return (warehouses.count, carriers.count)
    }

    private func itemsToSimulate() throws -> [SimulatedItem] {
        let popularity = try purchasePopularity()
        let prices = try shoppersPrices()
        var items: [SimulatedItem] = []
        try forEachItem { stored in
            guard !stored.isWithdrawn, !stored.item.isExcluded else { return }
            // Popularity is on the scale of the logarithm; shoppers look for what sells in proportion to what is sold.
            items.append(
                SimulatedItem(
                    id: stored.item.id, title: stored.item.title, category: stored.item.productType.last ?? "",
                    popularity: exp(8 * Double(popularity[stored.number.index])) - 1,
                    price: prices.price(stored.number).map { Double($0.minorUnits) }, brand: ItemOutline(stored).brand))
        }
        return items
    }

    /// What everybody pays now, in the shop's currency.
    private func shoppersPrices() throws -> OfferColumns {
        var prices = OfferColumns(currency: config.currency, numberLimit: try store.numberLimit())
        try store.forEachOffer { number, offer in
            if PriceListName(market: offer.market, group: offer.group) == .everybody { prices.set(number, offer) }
        }
        return prices
    }

    /// Counts the pieces of offers that nobody counts yet; prices stay as they are.
    private func simulateStock(_ simulator: Simulator) throws -> Int {
        var offers: [Offer] = []
        try store.forEachOffer { _, offer in
            guard offer.stock == nil else { return }
            offers.append(offer)
            offers[offers.count - 1].stock = simulator.stock(of: offer.item)
        }
        var changed = 0
        for start in stride(from: 0, to: offers.count, by: Self.offersAtATime) {
            changed += try store.setOffers(Array(offers[start..<min(start + Self.offersAtATime, offers.count)]))
        }
        return changed
    }

    private func simulatePlaces(_ simulator: Simulator) throws -> Int {
        let stores = try store.stores()
        let placed = zip(stores, simulator.places(stores)).filter { $0 != $1 }.map { $1 }
        if !placed.isEmpty { try store.setStores(placed) }
        return placed.count
    }
}
