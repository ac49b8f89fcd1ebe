import Domain
import Storage

/// Items and offers that are written, or compared, together.
struct ItemBatch {
    var items: [Item] = []
    var offers: [OfferReader.Reading] = []

    /// Writes and empties the batch; a dry run only counts what differs.
    mutating func write(
        _ catalogue: any CatalogueStore, _ dryRun: Bool, _ summary: inout ImportSummary
    ) throws(FeedError) {
        guard !items.isEmpty else { return }
        let (items, offers) = (items, offers)
        self = ItemBatch()
        try compare(items, catalogue, &summary)
        guard !dryRun else {
            summary.offersChanged += try differing(offers, catalogue)
            return
        }
        _ = try storing { () throws(StorageError) in try catalogue.upsert(items) }
        for (missing, readings) in Dictionary(grouping: offers, by: \.missing) {
            let group = readings.map(\.offer)
            summary.offersChanged += try storing { () throws(StorageError) in
                try catalogue.setOffers(group, keeping: missing)
            }
        }
    }

    private func compare(
        _ items: [Item], _ catalogue: any CatalogueStore, _ summary: inout ImportSummary
    ) throws(FeedError) {
        let numbers = try storing { () throws(StorageError) in try catalogue.numbers(of: items.map(\.id)) }
        let stored = try storing { () throws(StorageError) in try catalogue.items(numbers.values.sorted()) }
        let byID = Dictionary(stored.map { ($0.item.id, $0) }, uniquingKeysWith: { first, _ in first })
        for item in items {
            guard let old = byID[item.id] else {
                summary.added += 1
                ImportSummary.note(item.id, in: &summary.addedSample)
                continue
            }
            if old.item == item, !old.isWithdrawn {
                summary.unchanged += 1
            } else {
                summary.changed += 1
                ImportSummary.note(item.id, in: &summary.changedSample)
            }
        }
    }

    private func differing(_ offers: [OfferReader.Reading], _ catalogue: any CatalogueStore) throws(FeedError) -> Int {
        var count = 0
        for reading in offers {
            let offer = reading.offer
            let stored = try storing { () throws(StorageError) in try catalogue.offers(of: offer.item) }
                .first { $0.market == offer.market && $0.group == offer.group }
            if reading.missing.merged(offer, over: stored) != stored { count += 1 }
        }
        return count
    }
}
