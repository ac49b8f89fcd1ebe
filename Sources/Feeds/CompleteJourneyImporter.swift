public import Domain
public import Storage

/// Brings the exported tables of Complete Journey into a shop: items, prices, stores, customers, campaigns, purchases.
public struct CompleteJourneyImporter: Sendable {
    /// The folder of exported tables.
    public let folder: String
    private let expander = ShorthandExpander()

    public init(folder: String) { self.folder = folder }

    /// Imports everything but the promotions (see `importPromotions`); doing it twice changes nothing.
    ///
    /// - Parameter progress: Called with bytes of the purchases done and in all.
    public func run(
        catalogue: any CatalogueStore, events: any EventStore, rejects: RejectsWriter,
        pseudonym: (String) throws -> Pseudonym, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FeedError) -> ImportSummary {
        var summary = ImportSummary()
        let before = rejects.count
        let products = try importItems(catalogue, &summary, rejects)
        var people = PseudonymCache()
        let prices = try importPurchases(
            events, products, rejects, &people, pseudonym, catalogue, &summary, progress)
        try importPrices(prices, products, catalogue, &summary)
        try importCustomers(events, &people, pseudonym, &summary)
        try importCampaigns(events, &people, pseudonym, &summary)
        summary.rejected = rejects.count - before
        try rejects.flush()
        return summary
    }

    private func importItems(
        _ catalogue: any CatalogueStore, _ summary: inout ImportSummary, _ rejects: RejectsWriter
    ) throws(FeedError) -> [Int64: Int32] {
        let header = [
            "product_id", "manufacturer_id", "department", "brand", "product_category", "product_type", "package_size",
        ]
        var rows = try TSVReader(path: "\(folder)/products.tsv", header: header)
        var numbers: [Int64: Int32] = [:]
        var batch = ItemBatch()
        while try rows.next() {
            guard let number = rows.integer(0), let id = ItemID(rows.text(0)), numbers[number] == nil else {
                try rejects.reject(
                    line: rows.line, source: "products.tsv",
                    reason: "The product's identifier is no number, or repeated.",
                    field: "product_id")
                continue
            }
            numbers[number] = Int32(numbers.count)
            let composer = TitleComposer(
                department: rows.text(2), category: rows.text(4), type: rows.text(5), size: rows.text(6),
                brandClass: rows.text(3), manufacturer: rows.text(1))
            batch.items.append(composer.item(id, expander))
            if batch.items.count == FeedImporter.itemsAtATime { try batch.write(catalogue, false, &summary) }
        }
        try batch.write(catalogue, false, &summary)
        return numbers
    }

    private func importPurchases(
        _ events: any EventStore, _ products: [Int64: Int32], _ rejects: RejectsWriter, _ people: inout PseudonymCache,
        _ pseudonym: (String) throws -> Pseudonym, _ catalogue: any CatalogueStore, _ summary: inout ImportSummary,
        _ progress: (Int, Int) -> Void
    ) throws(FeedError) -> LatestPrices {
        var rows = try TSVReader(path: "\(folder)/transactions.tsv", header: PurchaseLine.header)
        var prices = LatestPrices(count: products.count)
        var stores: Set<String> = []
        var batch: [Event] = []
        var open: (basket: Int64, event: Event)?
        while try rows.next() {
            guard let line = PurchaseLine(rows) else {
                try rejects.reject(
                    line: rows.line, source: "transactions.tsv", reason: "The row holds a value of the wrong kind.")
                continue
            }
            guard line.quantity > 0 else {
                try rejects.reject(
                    line: rows.line, source: "transactions.tsv", reason: "The quantity is not greater than zero.",
                    field: "quantity")
                continue
            }
            if open?.basket != line.basket {
                if let open { batch.append(open.event) }
                if batch.count >= FeedImporter.eventsAtATime {
                    try append(batch, events, &summary)
                    batch.removeAll(keepingCapacity: true)
                    progress(rows.consumed, rows.total)
                }
                var event = Event(id: "cj-\(line.basket)", name: .purchase, time: line.time)
                event.user = try people.pseudonym(line.household, pseudonym)
                (event.channel, event.store, event.currency) = (.store, String(line.store), .usd)
                stores.insert(String(line.store))
                open = (line.basket, event)
            }
            guard let item = ItemID(String(line.product)) else { continue }
            if let index = products[line.product] {
                prices.add(Int(index), week: line.week, cents: Double(line.fullCents) / Double(line.quantity))
            } else {
                summary.linesOfUnknownItems += 1
            }
            open?.event.items.append(line.eventItem(item))
        }
        if let open { batch.append(open.event) }
        try append(batch, events, &summary)
        // The data knows no more of a store than its number: what the shop or the simulation added stays.
        let known = Set(try storing { () throws(StorageError) in try catalogue.stores() }.map(\.id))
        let places = stores.subtracting(known).sorted().map { Store(id: $0, name: "Store \($0)") }
        if !places.isEmpty { try storing { () throws(StorageError) in try catalogue.setStores(places) } }
        summary.stores = places.count
        progress(rows.total, rows.total)
        return prices
    }

    private func append(
        _ batch: [Event], _ events: any EventStore, _ summary: inout ImportSummary
    ) throws(FeedError) {
        guard !batch.isEmpty else { return }
        let receipt = try storing { () throws(StorageError) in try events.append(batch) }
        summary.eventsAccepted += receipt.accepted
        summary.eventsRepeated += receipt.repeated
    }

    private func importPrices(
        _ prices: LatestPrices, _ products: [Int64: Int32], _ catalogue: any CatalogueStore,
        _ summary: inout ImportSummary
    ) throws(FeedError) {
        var offers: [Offer] = []
        for (product, index) in products.sorted(by: { $0.value < $1.value }) {
            guard let cents = prices.median(Int(index)), let id = ItemID(String(product)) else { continue }
            var offer = Offer(item: id)
            offer.price = Money(minorUnits: cents, currency: .usd)
            offers.append(offer)
        }
        for start in stride(from: 0, to: offers.count, by: FeedImporter.itemsAtATime) {
            let part = Array(offers[start..<min(start + FeedImporter.itemsAtATime, offers.count)])
            summary.offersChanged += try storing { () throws(StorageError) in
                try catalogue.setOffers(part, keeping: .stock)
            }
        }
    }
}
