import Domain
import Foundation
import Storage
import TestSupport
import Testing
import VectorIndex

@testable import Meaning
@testable import SearchIndex

@Suite struct ItemTextTests {
    private func text(_ title: String, _ path: [String]) -> String {
        var item = Item(id: ItemID("x")!, title: title)
        item.productType = path
        return ItemText.text(of: item)
    }

    @Test func `sizes and remarks say nothing of what an item is`() {
        #expect(text("Rolled Oats, 18 oz (National brand)", []) == "Rolled Oats")
        #expect(text("Jacket [sale] red", ["Clothing", "Coats"]) == "Jacket red Coats Clothing")
        #expect(text("7up", ["Drinks"]) == "7up Drinks")
    }

    @Test func `a title that the categories say is not said twice`() {
        #expect(text("Ice Cream (Private brand)", ["Grocery", "Ice Cream"]) == "Ice Cream Grocery")
    }

    @Test func `long texts are cut off`() {
        #expect(text(String(repeating: "word ", count: 1000), ["A"]).utf8.count <= ItemText.maximumBytes)
    }
}

/// With the real weights, where set-up has installed them.
@Suite struct MeaningIndexTests {
    private static let titles = [
        "Bananas", "Facial tissues", "Dog food", "Orange juice", "Laundry detergent", "Bananas",
    ]

    /// `nil` where set-up has installed no weights.
    private static var weights: String? {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let weights = root.appending(path: "var/models/minilm").path(percentEncoded: false)
        guard FileSystem.exists(weights + "/model.safetensors") else {
            print("skipped: no weights in var/models/minilm (run Setup/install)")
            return nil
        }
        return weights
    }

    private func index(in folder: TemporaryFolder, _ method: VectorMethod) throws -> MeaningIndex? {
        guard let weights = Self.weights else { return nil }
        var builder = try MeaningBuilder(weights: weights)
        for (number, title) in Self.titles.enumerated() { builder.add(stored(number, title)) }
        builder.add(StoredItem(number: ItemNumber(6), item: item("Banana bread"), isWithdrawn: true))
        #expect(builder.textCount == 5)
        let made = try builder.write(to: folder.file("meaning"), nearest: method) { #expect($0 <= $1) }
        #expect(made.method == method && made.measured.map(\.method) == (method == .scan ? [.scan] : [.scan, method]))
        return try MeaningIndex(folder: folder.file("meaning"))
    }

    /// The items of the texts found, in their order, with their cosines.
    private func items(
        _ index: MeaningIndex, _ query: String, _ limit: Int
    ) -> [(number: ItemNumber, similarity: Float)] {
        let found = index.neighbours(of: query, texts: limit)
        return found.texts.flatMap { text in
            text.items.filter { found.textOfItem[$0.index] == text.place }.map { ($0, text.similarity) }
        }
    }

    private func item(_ title: String) -> Item { Item(id: ItemID(title.filter(\.isLetter))!, title: title) }
    private func stored(_ number: Int, _ title: String) -> StoredItem {
        StoredItem(number: ItemNumber(UInt32(number)), item: item(title), isWithdrawn: false)
    }

    @Test(arguments: VectorMethod.allCases)
    func `what means the same is near, changes show, and damage is refused`(method: VectorMethod) throws {
        let folder = try TemporaryFolder()
        guard let index = try index(in: folder, method) else { return }
        let tensors = try SafetensorsFile(path: folder.file("meaning") + "/" + MeaningIndex.vectorsFile)
        #expect((tensors.shape(of: "reduced") != nil) == (method == .reduced))
        #expect((tensors.shape(of: "graph") != nil) == (method == .graph))
        let manifest = try Artefact(folder: folder.file("meaning"), verify: .checksums).manifest
        #expect(manifest.inputs[Manifest.nearestInput] == method.rawValue)
        #expect(manifest.metrics["\(method).recall@10"] == 1)
        #expect(items(index, "puppy chow", 1).map(\.number) == [ItemNumber(2)])
        #expect(items(index, "washing powder", 1).map(\.number) == [ItemNumber(4)])
        // Both items of one text come together, with one cosine.
        let fruit = items(index, "bananas", 1)
        #expect(fruit.map(\.number) == [ItemNumber(0), ItemNumber(5)])
        #expect(fruit.allSatisfy { $0.similarity > 0.97 })
        let all = items(index, "tissues", 100)
        #expect(all.count == 6)
        #expect(zip(all, all.dropFirst()).allSatisfy { $0.similarity >= $1.similarity })

        let near = index.neighbours(of: "puppy chow", texts: 1, among: [ItemNumber(0), ItemNumber(3), ItemNumber(5)])
        #expect(near.filteredTexts == 2)
        #expect(near.texts.count == 2 && near.texts[0].items.first == ItemNumber(2))
        let none = index.neighbours(of: "puppy chow", texts: 1, among: [])
        #expect(none.filteredTexts == 0 && none.texts.count == 1)

        var gone = stored(5, "Bananas")
        gone.isWithdrawn = true
        index.update([stored(0, "Cat litter"), gone, stored(9, "Handkerchiefs")])
        #expect(items(index, "kitty litter", 1).map(\.number) == [ItemNumber(0)])
        // A changed item is found by its new text under a filter, too.
        let changed = index.neighbours(of: "puppy chow", texts: 1, among: [ItemNumber(0)])
        #expect(changed.texts.map { $0.items.first } == [ItemNumber(2), ItemNumber(0)])
        #expect(!items(index, "bananas", 100).contains { $0.number == ItemNumber(5) })
        index.update([stored(0, "Bananas")])
        #expect(items(index, "bananas", 1).map(\.number) == [ItemNumber(0)])
        #expect(items(index, "bananas", 100).count { $0.number == ItemNumber(0) } == 1)

        let path = folder.file("meaning") + "/" + MeaningIndex.vectorsFile
        var bytes = try FileSystem.read(path)
        bytes[bytes.count - 1] ^= 1
        try AtomicFile.write(bytes, to: path)
        #expect(throws: StorageError.self) { try MeaningIndex(folder: folder.file("meaning")) }
    }

    @Test func `a filtered search finds what means the same beyond the nearest of the whole catalogue, and says so`()
        throws
    {
        guard let weights = Self.weights else { return }
        let colours = "red blue green black white brown grey yellow pink purple orange golden silver beige violet ivory"
        let kinds = "small large tall strong quick calm happy shy brave sleepy clever gentle noisy lazy proud wild"
        var items = colours.split(separator: " ").flatMap { colour in
            kinds.split(separator: " ").map { kind in item("Young dog \(colour) \(kind)") }
        }
        for place in items.indices { items[place].brand = "National" }
        items.append(item("Puppy"))
        items[items.count - 1].brand = "Private"
        let stored = items.enumerated().map {
            StoredItem(number: ItemNumber(UInt32($0)), item: $1, isWithdrawn: false)
        }
        let folder = try TemporaryFolder()
        var builder = try MeaningBuilder(weights: weights)
        for item in stored { builder.add(item) }
        try builder.write(to: folder.file("meaning")) { _, _ in }
        let meaning = try MeaningIndex(folder: folder.file("meaning"))
        let snapshot = try SearchEngine(items: stored).snapshot()
        let offers = OfferColumns(currency: .usd, numberLimit: stored.count)
        func search(_ brand: String?) throws -> (response: SearchResponse, analysis: QueryAnalysis) {
            var request = SearchRequest(query: "young dog")
            if let brand { request.filters = ["brand": [brand]] }
            var prepared = try snapshot.prepare(request)
            prepared.addNeighbours(from: meaning)
            #expect(prepared.neighbours?.texts.contains { $0.items.contains(ItemNumber(256)) } == false)
            return (prepared.run(offers: offers, widenedBy: meaning), prepared.analysis)
        }
        let filtered = try search("Private")
        #expect(filtered.response.hits.map(\.number) == [ItemNumber(256)])
        #expect(filtered.response.applied.contains(.meaning))
        #expect(filtered.analysis.filteredTexts == 1 && filtered.analysis.nearTexts == 201)
        for brand in [nil, "National"] {
            let found = try search(brand)
            #expect(found.response.total == 256 && found.analysis.filteredTexts == nil)
        }
    }
}
