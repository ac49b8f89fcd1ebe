public import Domain
import JSON
public import Storage

/// Brings feeds of items and events into a shop's stores, in batches; importing the same feed twice changes nothing.
public struct FeedImporter: Sendable {
    public enum Mode: String, Sendable {
        /// The feed is the whole catalogue: what it lacks is withdrawn.
        case full
        /// The feed holds additions and changes only.
        case delta
    }

    public static let itemsAtATime = 2000
    public static let eventsAtATime = 5000

    public let currency: Currency

    public init(currency: Currency) { self.currency = currency }

    /// Imports items with their offers.
    ///
    /// The feed is read twice: first without writing, to know what a full feed would withdraw. A record that is refused
    /// but names its item leaves that item as it is.
    /// - Parameter force: Withdraws even if more than a tenth of the active items would go.
    /// - Parameter progress: Called with bytes done and in all, over both readings.
    public func importItems(
        _ source: FeedSource, into catalogue: any CatalogueStore, mode: Mode, force: Bool = false, dryRun: Bool = false,
        rejects: RejectsWriter, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FeedError) -> ImportSummary {
        var summary = ImportSummary()
        summary.isDryRun = dryRun
        let missing = mode == .full ? try missingItems(source, catalogue, progress) : []
        if !missing.isEmpty, !force {
            let active = try storing { () throws(StorageError) in try catalogue.activeCount() }
            guard missing.count * 10 <= active else {
                throw FeedError.wouldWithdrawTooMuch(missing.count, of: active)
            }
        }
        var batch = ItemBatch()
        let before = rejects.count
        try forEachItem(source, rejects: rejects, progress) { (item, offers) throws(FeedError) in
            batch.items.append(item)
            batch.offers += offers
            if batch.items.count >= Self.itemsAtATime { try batch.write(catalogue, dryRun, &summary) }
        }
        try batch.write(catalogue, dryRun, &summary)
        summary.rejected = rejects.count - before
        summary.withdrawn = missing.count
        summary.withdrawnSample = Array(missing.prefix(ImportSummary.sampleLimit))
        if !dryRun, !missing.isEmpty {
            summary.withdrawn = try storing { () throws(StorageError) in try catalogue.withdraw(missing) }.withdrawn
        }
        try rejects.flush()
        return summary
    }

    /// Imports events. Raw user identifiers go through `pseudonym` and no further.
    public func importEvents(
        _ source: FeedSource, into events: any EventStore, now: Timestamp, rejects: RejectsWriter, dryRun: Bool = false,
        pseudonym: (String) throws -> Pseudonym, progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FeedError) -> ImportSummary {
        var summary = ImportSummary()
        summary.isDryRun = dryRun
        let reader = EventReader(currency: currency, requiresTime: true)
        var records = try RecordReader(source, required: ["event_name", "event_id"])
        var batch: [Event] = []
        let before = rejects.count
        while let record = try records.next() {
            do throws(FeedError) {
                batch.append(try reader.event(from: record.value.get(), now: now, pseudonym: pseudonym))
            } catch {
                try rejects.reject(line: record.line, reason: error.message, field: error.field)
            }
            if batch.count >= Self.eventsAtATime {
                try append(batch, events, dryRun, &summary)
                batch.removeAll(keepingCapacity: true)
                progress(records.progress.done, records.progress.total)
            }
        }
        try append(batch, events, dryRun, &summary)
        progress(records.progress.total, records.progress.total)
        summary.rejected = rejects.count - before
        try rejects.flush()
        return summary
    }

    private func append(
        _ batch: [Event], _ events: any EventStore, _ dryRun: Bool, _ summary: inout ImportSummary
    ) throws(FeedError) {
        guard !batch.isEmpty else { return }
        guard !dryRun else {
            summary.eventsAccepted += batch.count
            return
        }
        let receipt = try storing { () throws(StorageError) in try events.append(batch) }
        summary.eventsAccepted += receipt.accepted
        summary.eventsRepeated += receipt.repeated
    }

    private func missingItems(
        _ source: FeedSource, _ catalogue: any CatalogueStore, _ progress: (Int, Int) -> Void
    ) throws(FeedError) -> [ItemID] {
        var missing = try storing { () throws(StorageError) in try catalogue.activeIDs() }
        var records = try RecordReader(source, required: ["id", "title"])
        var count = 0
        while let record = try records.next() {
            count += 1
            if count % Self.itemsAtATime == 0 { progress(records.progress.done, records.progress.total * 2) }
            do throws(FeedError) {
                if let id = try FieldReader(record.value.get()).itemID("id", "item_id") { missing.remove(id) }
            } catch {
                // The second reading counts and names the record as refused.
                continue
            }
        }
        return missing.sorted()
    }

    private func forEachItem(
        _ source: FeedSource, rejects: RejectsWriter, _ progress: (Int, Int) -> Void,
        _ body: (Item, [OfferReader.Reading]) throws(FeedError) -> Void
    ) throws(FeedError) {
        let reader = ItemReader(currency: currency)
        var records = try RecordReader(source, required: ["id", "title"])
        var firstLines: [ItemID: Int] = [:]
        var count = 0
        while let record = try records.next() {
            let read: (item: Item, offers: [OfferReader.Reading])
            do throws(FeedError) {
                read = try reader.reading(from: record.value.get())
                if let line = firstLines.updateValue(record.line, forKey: read.item.id) {
                    firstLines[read.item.id] = line
                    throw FeedError(.duplicate, "The identifier was there before, on line \(line).", field: "id")
                }
            } catch {
                try rejects.reject(line: record.line, reason: error.message, field: error.field)
                continue
            }
            try body(read.item, read.offers)
            count += 1
            if count % Self.itemsAtATime == 0 {
                progress(records.progress.total + records.progress.done, records.progress.total * 2)
            }
        }
        progress(records.progress.total * 2, records.progress.total * 2)
    }
}

/// Runs `body`, and wraps its error as this module's own.
func storing<Value>(_ body: () throws(StorageError) -> Value) throws(FeedError) -> Value {
    do throws(StorageError) {
        return try body()
    } catch {
        throw FeedError(.store, error.message, cause: error)
    }
}
