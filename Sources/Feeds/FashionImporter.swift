public import Domain
public import Pictures
public import Storage

/// Makes a shop's catalogue of Fashion-MNIST: every picture is an item.
///
/// The pictures are real; what else a shop needs is made up and says so in the items' descriptions: a title of class and
/// number, a place in a tree of categories, and a price that depends on class and number alone.
public struct FashionImporter: Sendable {
    /// How the items of one class are sold.
    struct Kind {
        let title: String
        let german: ItemText
        let path: [String]
        /// Whole units of the currency.
        let prices: ClosedRange<Int64>
    }

    /// In the order of the data set's classes.
    static let kinds: [Kind] = [
        Kind(
            title: "T-shirt", german: ItemText(title: "T-Shirt", productType: ["Bekleidung", "Oberteile", "T-Shirts"]),
            path: ["Clothing", "Tops", "T-shirts"], prices: 7...29),
        Kind(
            title: "Trousers", german: ItemText(title: "Hose", productType: ["Bekleidung", "Hosen"]),
            path: ["Clothing", "Trousers"], prices: 19...89),
        Kind(
            title: "Pullover",
            german: ItemText(title: "Pullover", productType: ["Bekleidung", "Oberteile", "Pullover"]),
            path: ["Clothing", "Tops", "Pullovers"], prices: 19...79),
        Kind(
            title: "Dress", german: ItemText(title: "Kleid", productType: ["Bekleidung", "Kleider"]),
            path: ["Clothing", "Dresses"], prices: 24...119),
        Kind(
            title: "Coat", german: ItemText(title: "Mantel", productType: ["Bekleidung", "Mäntel"]),
            path: ["Clothing", "Coats"], prices: 49...199),
        Kind(
            title: "Sandals", german: ItemText(title: "Sandalen", productType: ["Schuhe", "Sandalen"]),
            path: ["Shoes", "Sandals"], prices: 14...69),
        Kind(
            title: "Shirt", german: ItemText(title: "Hemd", productType: ["Bekleidung", "Oberteile", "Hemden"]),
            path: ["Clothing", "Tops", "Shirts"], prices: 14...59),
        Kind(
            title: "Sneakers", german: ItemText(title: "Turnschuhe", productType: ["Schuhe", "Turnschuhe"]),
            path: ["Shoes", "Sneakers"], prices: 29...129),
        Kind(
            title: "Bag", german: ItemText(title: "Tasche", productType: ["Taschen", "Handtaschen"]),
            path: ["Bags", "Handbags"], prices: 19...149),
        Kind(
            title: "Ankle boots", german: ItemText(title: "Stiefeletten", productType: ["Schuhe", "Stiefeletten"]),
            path: ["Shoes", "Ankle boots"], prices: 39...159),
    ]

    public let shop: ShopID
    public let currency: Currency

    public init(shop: ShopID, currency: Currency) { (self.shop, self.currency) = (shop, currency) }

    /// Writes items, prices and pictures; running it twice changes nothing.
    ///
    /// - Parameter path: Where the pictures go, the right way round: dark on a light ground, as the photographs were.
    /// - Parameter progress: How many items are done, of how many.
    public func run(
        _ data: FashionMNIST, catalogue: any CatalogueStore, picturesTo path: String,
        progress: (Int, Int) -> Void = { _, _ in }
    ) throws(FeedError) -> ImportSummary {
        var summary = ImportSummary()
        var writer = PictureTableWriter(width: data.training.width, height: data.training.height)
        let total = data.training.count + data.test.count
        for start in stride(from: 0, to: total, by: FeedImporter.itemsAtATime) {
            let numbers = start..<min(total, start + FeedImporter.itemsAtATime)
            var batch = ItemBatch()
            for number in numbers {
                let (item, offer) = try product(number, data)
                batch.items.append(item)
                batch.offers.append(OfferReader.Reading(offer: offer, missing: []))
            }
            let items = batch.items
            try batch.write(catalogue, false, &summary)
            let stored = try storing { () throws(StorageError) in try catalogue.numbers(of: items.map(\.id)) }
            for (number, item) in zip(numbers, items) {
                guard let place = stored[item.id] else { continue }
                writer.add(Self.photograph(number, data), for: place)
            }
            progress(numbers.upperBound, total)
        }
        try storing { () throws(StorageError) in try writer.write(to: path) }
        return summary
    }

    /// The picture of an item without the data set's negation.
    private static func photograph(_ number: Int, _ data: FashionMNIST) -> [UInt8] {
        let (set, place) =
            number < data.training.count ? (data.training, number) : (data.test, number - data.training.count)
        return set.pixels[place * set.pixelCount..<(place + 1) * set.pixelCount].map { 255 - $0 }
    }

    /// Training pictures are numbered first, then the test pictures.
    private func product(_ number: Int, _ data: FashionMNIST) throws(FeedError) -> (Item, Offer) {
        let isTraining = number < data.training.count
        let place = isTraining ? number : number - data.training.count
        let kind = Self.kinds[Int((isTraining ? data.training : data.test).labels[place])]
        let digits = String(number)
        let name = String(repeating: "0", count: max(0, 5 - digits.count)) + digits
        guard let id = ItemID("fashion-\(name)") else {
            throw FeedError(.invalidValue, "fashion-\(name) is no identifier for an item.")
        }
        var item = Item(id: id, title: "\(kind.title) \(name)")
        item.productType = kind.path
        item.description =
            "Picture \(place) of the \(isTraining ? "training" : "test") part of Fashion-MNIST. The price is made up."
        item.imageLink = "/v1/shops/\(shop.rawValue)/items/\(id.rawValue)/picture"
        var german = kind.german
        german.title += " \(name)"
        german.description =
            "Bild \(place) des \(isTraining ? "Trainings" : "Test")teils von Fashion-MNIST. Der Preis ist erfunden."
        item.translations["de"] = german
        var offer = Offer(item: id)
        // Knuth's multiplicative hash spreads neighbouring numbers over the whole range.
        let spread = Int64(UInt32(truncatingIfNeeded: number) &* 2_654_435_761 >> 8)
        let units = kind.prices.lowerBound + spread % Int64(kind.prices.count)
        let scale = (0..<currency.decimals).reduce(Int64(1)) { scale, _ in scale * 10 }
        offer.price = Money(minorUnits: scale == 1 ? units : units * scale - 1, currency: currency)
        return (item, offer)
    }
}
