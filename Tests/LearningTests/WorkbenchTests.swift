import Domain
import Feeds
import Foundation
import Merchandising
import SearchIndex
import Storage
import TestSupport
import Testing

@testable import Learning

@Suite struct WorkbenchTests {
    private let folder: TemporaryFolder
    private let workbench: Workbench

    init() throws {
        folder = try TemporaryFolder()
        try Workbench.create(
            path: folder.file("corner"), title: "Corner", currency: .eur, language: "en", isDemo: true)
        workbench = try Workbench(path: folder.file("corner"))
    }

    private func importItems() throws {
        let lines = (0..<30).map {
            #"{"id":"i\#($0)","title":"Item \#($0)","product_type":"A > B\#($0 % 3)","price":"2.00 EUR"}"#
        }
        let file = folder.file("items.jsonl")
        try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        _ = try workbench.importItems(
            file, mode: FeedMode(isFull: true, isForced: false, isDryRun: false), progress: { _, _ in })
    }

    @Test func `simulating twice with one seed changes nothing the second time`() throws {
        try importItems()
        let first = try workbench.simulate(seed: 3, events: 200, progress: { _, _ in })
        #expect(first.hasPrefix("200 synthetic events, 0 known before, 30 stocks"))
        #expect(first.hasSuffix("3 warehouses, 4 carriers"))
        let (warehouses, carriers) = (try workbench.store.warehouses(), try workbench.store.carriers())
        let second = try workbench.simulate(seed: 3, events: 200, progress: { _, _ in })
        #expect(second == "0 synthetic events, 200 known before, 0 stocks, 0 places, 0 warehouses, 0 carriers")
        #expect(try workbench.store.warehouses() == warehouses && workbench.store.carriers() == carriers)
    }

    @Test func `simulated shoppers see the shop's prices`() throws {
        let lines = (0..<24).map {
            #"{"id":"i\#($0)","title":"Item \#($0)","product_type":"A > B","price":"\#($0 < 12 ? 1 : 9).00 EUR"}"#
        }
        let file = folder.file("items.jsonl")
        try lines.joined(separator: "\n").write(toFile: file, atomically: true, encoding: .utf8)
        _ = try workbench.importItems(
            file, mode: FeedMode(isFull: true, isForced: false, isDryRun: false), progress: { _, _ in })
        _ = try workbench.simulate(seed: 3, events: 4000, progress: { _, _ in })
        var (cheap, dear) = (0, 0)
        try workbench.store.forEachEvent(EventFilter(names: [.selectItem])) { logged in
            for case let item? in logged.items { if item.index < 12 { cheap += 1 } else { dear += 1 } }
        }
        // Both kinds are shown as often; their odds differ by a factor of e³.
        #expect(cheap > 2 * dear && dear > 20)
    }

    @Test func `importing after a simulation leaves its stock`() throws {
        try importItems()
        _ = try workbench.simulate(seed: 3, events: 20, progress: { _, _ in })
        func stocks() throws -> [Int?] {
            var stocks: [Int?] = []
            try workbench.store.forEachOffer { _, offer in stocks.append(offer.stock) }
            return stocks
        }
        let before = try stocks()
        #expect(before.allSatisfy { $0 != nil })
        try importItems()
        #expect(try stocks() == before)
    }

    @Test func `an index without dictionaries holds every item`() throws {
        try importItems()
        #expect(try workbench.buildIndex(dictionaries: .none, progress: { _, _ in }).documents == 30)
    }

    @Test func `each language of the catalogue gets a segment of the index`() throws {
        let file = folder.file("items.jsonl")
        try #"{"id":"1","title":"Milk","title[fr]":"Lait","title[en]":"Milk"}"#
            .write(toFile: file, atomically: true, encoding: .utf8)
        _ = try workbench.importItems(
            file, mode: FeedMode(isFull: true, isForced: false, isDryRun: false), progress: { _, _ in })
        let built = try workbench.buildIndex(dictionaries: .none, progress: { _, _ in })
        let files = try FileSystem.names(in: built.folder)
        #expect(files.contains("segment-fr.bin"))
        #expect(!files.contains("segment-en.bin"))
    }

    @Test func `settings of another engine hold from the next index on`() throws {
        let file = folder.file("settings.json")
        try #"{"searchableAttributes":["name","brand"],"distinct":true,"queryLanguages":["en"]}"#
            .write(toFile: file, atomically: true, encoding: .utf8)
        #expect(try workbench.importSettings(file, isDryRun: true).searchedFields == ["title", "brand"])
        #expect(try workbench.folder.config().searchedFields.isEmpty)
        _ = try workbench.importSettings(file, isDryRun: false)
        let config = try workbench.folder.config()
        #expect(config.searchedFields == ["title", "brand"] && config.groupsVariants && config.language == "en")
        let again = try Workbench(path: workbench.folder.path)
        let items = folder.file("items.jsonl")
        try #"{"id":"1","title":"Milk","brand":"Meadow","secret":"supplier"}"#
            .write(toFile: items, atomically: true, encoding: .utf8)
        _ = try again.importItems(
            items, mode: FeedMode(isFull: true, isForced: false, isDryRun: false), progress: { _, _ in })
        let built = try again.buildIndex(dictionaries: .none, progress: { _, _ in })
        let engine = try SearchEngine(folder: built.folder)
        func total(_ query: String) throws -> Int {
            try engine.snapshot().search(
                SearchRequest(query: query), offers: OfferColumns(currency: .eur, numberLimit: 1)
            )
            .total
        }
        #expect(try total("meadow") == 1)
        #expect(try total("supplier") == 0)
        // A changed item is read with the fields of the index.
        var stored = try #require(try again.store.item(ItemNumber(0)))
        stored.item.attributes["secret"] = ["wholesale"]
        stored.item.brand = "Hill"
        try engine.apply([stored])
        #expect(try total("hill") == 1)
        #expect(try total("wholesale") == 0)
        try "{".write(toFile: file, atomically: true, encoding: .utf8)
        #expect(throws: LearningError.self) { try workbench.importSettings(file, isDryRun: false) }
    }

    @Test func `nothing to simulate, to train on or to publish is said`() throws {
        #expect(throws: LearningError.self) { try workbench.simulate(seed: 1, events: 10, progress: { _, _ in }) }
        #expect(throws: LearningError.self) { try workbench.train(before: nil, progress: { _, _ in }) }
        #expect(throws: LearningError.self) { try workbench.publish() }
    }
}
