import Domain
import JSON
import Merchandising
import SearchIndex
import Serving
import Storage
import TestSupport
import Testing

/// A shop whose items have texts in two languages, with a real index.
@Suite struct TranslationTests {
    private let folder: TemporaryFolder
    private let service: ShopService

    init() throws {
        folder = try TemporaryFolder()
        let config = ShopConfig(shop: ShopID("corner")!, title: "Corner", currency: .eur, language: "en-GB")
        let shop = try ShopFolder.create(path: folder.file("corner"), config: config)
        let store = try shop.openStore(.readWrite)
        func item(_ id: String, _ title: String, _ french: String?) -> Item {
            var item = Item(id: itemID(id), title: title)
            item.productType = ["Food", "Dairy"]
            if let french {
                item.translations["fr"] = ItemText(
                    title: french, description: "Produit frais", productType: ["Alimentation", "Laiterie"])
            }
            return item
        }
        _ = try store.upsert([
            item("i1", "Whole milk", "Lait entier"), item("i2", "Eggs", "Œufs de poule"), item("i3", "Rye", nil),
        ])
        #expect(try store.translationLanguages() == ["fr"])
        var (own, french) = (IndexBuilder(language: "en"), IndexBuilder(language: "fr"))
        for stored in try store.items(after: nil, limit: 10) {
            own.add(stored, popularity: 0)
            french.add(stored.translated(to: "fr"), popularity: 0)
        }
        try FileSystem.makeFolder(shop.indexFolder)
        try own.write(to: shop.indexFolder + "/1", expansions: [], translations: ["fr": french])
        try store.close()
        _ = try PublicationStore(folder: shop).publish(
            Publication(index: "index/1", models: [:], erasures: 0, created: Timestamp(year: 2026, month: 1, day: 1)))
        service = try ShopService(folder: shop, loader: Backends.published)
    }

    private func search(_ query: String, _ language: String?) throws -> (titles: [String], steps: [String]) {
        var call = SearchCall()
        (call.query, call.language) = (query, language)
        let answer = try service.search(call)
        return (
            answer.entries.map(\.card.item.title), answer.hits.applied.compactMap { $0["step"]?.stringValue }
        )
    }

    @Test func `each language is searched and shown by its own texts`() throws {
        #expect(service.languages == ["en", "fr"])
        #expect(try search("milk", nil).titles == ["Whole milk"])
        // The plural is found by the stems of each language.
        #expect(try search("laits entiers", "fr").titles == ["Lait entier"])
        #expect(try search("œuf", "fr").titles == ["Œufs de poule"])
        #expect(try search("laiterie", "fr").titles.count == 2)
        #expect(try search("rye", "fr").titles == ["Rye"])
        #expect(try search("milk", "de").titles == ["Whole milk"])
        #expect(try service.item(itemID("i1"), language: "fr").card.item.description == "Produit frais")
        #expect(try service.item(itemID("i3"), language: "fr").card.item.title == "Rye")
        #expect(try service.suggest("lai", limit: 3, language: "fr").cards.map(\.item.title).contains("Lait entier"))
    }

    @Test func `what one language does not find the others may`() throws {
        let french = try search("lait", nil)
        #expect(french.titles == ["Whole milk"])
        #expect(french.steps.contains("language"))
        let english = try search("milk", "fr")
        #expect(english.titles == ["Lait entier"])
        #expect(english.steps.contains("language"))
        #expect(try search("xyzzyq", "fr").titles.isEmpty)
    }

    @Test func `synonyms that go in a circle end, whatever is searched`() throws {
        let book = #"""
            {"rules":[],"synonyms":[{"id":"a","from":["milk"],"to":["rye"]},{"id":"b","from":["rye"],"to":["milk"]},
                {"id":"c","to":["milk","eggs","rye"]}]}
            """#
        _ = try service.rules.publish(
            RuleBook(decoding: try JSONValue(parsing: book)), base: 0, now: Timestamp(milliseconds: 0))
        #expect(try Set(search("milk", nil).titles) == ["Whole milk", "Eggs", "Rye"])
        #expect(try search("rye", nil).titles.first == "Rye")
    }

    @Test func `categories keep their names in filters, and a change shows in every language`() throws {
        var call = SearchCall()
        (call.query, call.language, call.facets) = ("lait", "fr", ["category"])
        call.filters = [SearchCall.Filter(field: "category", values: ["Food > Dairy"])]
        #expect(try service.search(call).hits.total == 1)
        var stored = try #require(try service.store.item(itemID("i1")))
        stored.item.translations["fr"]?.title = "Boisson blanche"
        _ = try service.store.upsert([stored.item])
        _ = try service.reload()
        #expect(try search("boisson", "fr").titles.isEmpty)
        #expect(try search("lait", "fr").titles == ["Boisson blanche"])
    }
}
