import Domain
import Feeds
import Pictures
import Storage
import TestSupport
import Testing

@Suite struct FashionTests {
    private func run(_ feed: FeedRun) throws -> ImportSummary {
        try FashionFiles.write(to: feed.folder.path, training: 30, test: 12)
        return try FashionImporter(shop: #require(ShopID("fashion")), currency: .usd).run(
            try FashionMNIST(folder: feed.folder.path), catalogue: feed.store, picturesTo: feed.folder.file("pictures"))
    }

    @Test func `every picture is an item with category, price and the address of its picture`() throws {
        let feed = try FeedRun()
        let summary = try run(feed)
        #expect(summary.added == 42 && summary.offersChanged == 42)
        let labels = FashionFiles.pictures(30, seed: 30).labels
        let item = try #require(try feed.item("fashion-00007")).item
        #expect(item.title == (labels[7] == 0 ? "T-shirt 00007" : "Trousers 00007"))
        #expect(item.productType.first == "Clothing")
        #expect(item.translated(to: "de").title == (labels[7] == 0 ? "T-Shirt 00007" : "Hose 00007"))
        #expect(item.imageLink == "/v1/shops/fashion/items/fashion-00007/picture")
        #expect(item.description == "Picture 7 of the training part of Fashion-MNIST. The price is made up.")
        #expect(try feed.item("fashion-00031")?.item.description.hasPrefix("Picture 1 of the test part") == true)
        let price = try #require(try feed.price("fashion-00007"))
        #expect(price.decimalText.hasSuffix(".99"))
    }

    @Test func `pictures are stored the right way round, each with its item`() throws {
        let feed = try FeedRun()
        _ = try run(feed)
        let table = try PictureTable(path: feed.folder.file("pictures"), verify: .checksums)
        #expect(table.count == 42 && table.width == 28 && table.height == 28)
        let test = FashionFiles.pictures(12, seed: 12).pixels
        let stored = try #require(try feed.item("fashion-00035"))
        let place = try #require(table.place(of: stored.number))
        #expect(table.pixels(at: place) == test[5 * 784..<6 * 784].map { 255 - $0 })
    }

    @Test func `importing again changes nothing`() throws {
        let feed = try FeedRun()
        _ = try run(feed)
        let first = try FileSystem.read(feed.folder.file("pictures"))
        let again = try run(feed)
        #expect(again.unchanged == 42 && again.added == 0 && again.offersChanged == 0)
        #expect(try FileSystem.read(feed.folder.file("pictures")) == first)
    }
}
