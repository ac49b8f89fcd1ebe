import Domain
public import Feeds
import Foundation
import Pictures
import Storage

/// How a feed is taken over.
public struct FeedMode: Sendable {
    /// The feed is the whole catalogue: what is missing from it is withdrawn.
    public var isFull: Bool
    /// Withdraws even if more than a tenth would go.
    public var isForced: Bool
    public var isDryRun: Bool

    public init(isFull: Bool, isForced: Bool, isDryRun: Bool) {
        (self.isFull, self.isForced, self.isDryRun) = (isFull, isForced, isDryRun)
    }
}

extension Workbench {
    /// Imports items and their offers from a `.jsonl` or `.csv` file.
    public func importItems(_ file: String, mode: FeedMode, progress: (Int, Int) -> Void) throws -> ImportSummary {
        try FeedImporter(currency: config.currency).importItems(
            source(file), into: store, mode: mode.isFull ? .full : .delta, force: mode.isForced,
            dryRun: mode.isDryRun, rejects: RejectsWriter(path: folder.rejectsPath), progress: progress)
    }

    /// Imports events from a `.jsonl` file.
    public func importEvents(_ file: String, mode: FeedMode, progress: (Int, Int) -> Void) throws -> ImportSummary {
        try FeedImporter(currency: config.currency).importEvents(
            source(file), into: store, now: SystemClock.now(), rejects: RejectsWriter(path: folder.rejectsPath),
            dryRun: mode.isDryRun, pseudonym: { try pseudonymiser.pseudonym(of: $0) }, progress: progress)
    }

    /// Imports the exported tables of Complete Journey, without the display and mailer rows.
    public func importJourney(_ path: String, progress: (Int, Int) -> Void) throws -> ImportSummary {
        try CompleteJourneyImporter(folder: path).run(
            catalogue: store, events: store, rejects: RejectsWriter(path: folder.rejectsPath),
            pseudonym: { try pseudonymiser.pseudonym(of: $0) }, progress: progress)
    }

    /// Writes Complete Journey's display and mailer rows into `promotions.bin`; import the products before.
    public func importPromotions(_ path: String, progress: (Int, Int) -> Void) throws -> PromotionSummary {
        var items: [Int64: ItemNumber] = [:]
        items.reserveCapacity(try store.numberLimit())
        try forEachItem { stored in
            if let product = Int64(stored.item.id.rawValue) { items[product] = stored.number }
        }
        return try CompleteJourneyImporter(folder: path).importPromotions(
            items: items, to: folder.promotionsPath, progress: progress)
    }

    /// Makes the catalogue of Fashion-MNIST, and `pictures.bin` with what the items look like.
    ///
    /// - Parameter data: `fashion-mnist`, or a folder with its four files.
    public func importFashion(_ data: String, progress: (Int, Int) -> Void) throws -> ImportSummary {
        try FashionImporter(shop: config.shop, currency: config.currency).run(
            try FashionMNIST(named: data), catalogue: store, picturesTo: folder.picturesPath, progress: progress)
    }

    private func source(_ file: String) throws -> FeedSource {
        guard let source = FeedSource.file(file) else {
            throw LearningError(.unusable, "\(file): a feed's name ends with .csv, .jsonl, .ndjson or .json.")
        }
        return source
    }
}
