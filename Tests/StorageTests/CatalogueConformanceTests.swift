import Domain
import Storage
import Testing

@Suite struct CatalogueConformanceTests {
    @Test(arguments: StoreKind.allCases) func `an item comes back as it was written`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        var item = Item(id: itemID("b-1"), title: "Crème “brûlée”")
        item.description = "A \u{0}zero and a\nline"
        item.productType = ["Grocery", "Desserts"]
        (item.brand, item.link, item.imageLink) = ("Own", "https://shop.example/b-1", "i.png")
        (item.gtin, item.mpn, item.itemGroupID, item.language) = ("4006381333931", "M", "g", "fr")
        item.attributes = ["size": ["4 OZ", "8 OZ"], "empty": []]
        item.numbers = ["package_ounces": 4.25, "big": 1e18]
        item.sourceText = "CRM BRL 4 OZ"
        item.translations = [
            "de": ItemText(title: "Gebrannte Creme", description: "Süß", productType: ["Nachtisch"]),
            "ja": ItemText(title: "クレームブリュレ"),
        ]
        item.isExcluded = true
        let changes = try store.upsert([item])
        #expect(changes.added == 1)
        #expect(changes.touched == [ItemNumber(0)])
        #expect(try store.item(item.id) == StoredItem(number: ItemNumber(0), item: item, isWithdrawn: false))
    }

    @Test(arguments: StoreKind.allCases) func `writing an equal item again touches nothing`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        let items = [Item(id: itemID("1"), title: "one"), Item(id: itemID("2"), title: "two")]
        _ = try store.upsert(items)
        var changed = items[1]
        changed.title = "zwei"
        let changes = try store.upsert([items[0], changed])
        #expect((changes.added, changes.changed, changes.unchanged) == (0, 1, 1))
        #expect(changes.touched == [ItemNumber(1)])
        #expect(try store.item(ItemNumber(1))?.item.title == "zwei")
    }

    @Test(arguments: StoreKind.allCases) func `a withdrawn item is known and returns by its feed`(kind: StoreKind)
        throws
    {
        let opened = try kind.open()
        let store = opened.store
        let items = [Item(id: itemID("1"), title: "one"), Item(id: itemID("2"), title: "two")]
        _ = try store.upsert(items)
        #expect(try store.withdraw([itemID("1"), itemID("absent")]).withdrawn == 1)
        #expect(try store.withdraw([itemID("1")]).withdrawn == 0)
        #expect(try store.activeIDs() == [itemID("2")])
        #expect(try store.activeCount() == 1)
        #expect(try store.numberLimit() == 2)
        #expect(try store.item(itemID("1"))?.isWithdrawn == true)
        #expect(try store.upsert([items[0]]).changed == 1)
        #expect(try store.item(itemID("1"))?.isWithdrawn == false)
        #expect(try store.item(itemID("1"))?.number == ItemNumber(0))
        #expect(try store.activeCount() == 2)
    }

    @Test(arguments: StoreKind.allCases) func `items are read by number, in pages, and by list`(kind: StoreKind) throws
    {
        let opened = try kind.open()
        let store = opened.store
        #expect(try store.numberLimit() == 0)
        #expect(try store.activeCount() == 0)
        _ = try store.upsert((0..<5).map { Item(id: itemID("i\($0)"), title: "t\($0)") })
        #expect(try store.items(after: nil, limit: 2).map(\.number.rawValue) == [0, 1])
        #expect(try store.items(after: ItemNumber(1), limit: 10).map(\.number.rawValue) == [2, 3, 4])
        #expect(try store.items(after: ItemNumber(4), limit: 10).isEmpty)
        let asked = [ItemNumber(3), ItemNumber(99), ItemNumber(1)]
        #expect(try store.items(asked).map(\.item.id.rawValue) == ["i3", "i1"])
        #expect(try store.numbers(of: [itemID("i4"), itemID("no")]) == [itemID("i4"): ItemNumber(4)])
        #expect(try store.item(itemID("no")) == nil)
    }

    @Test(arguments: StoreKind.allCases) func `a number that is not finite is refused, with its batch`(
        kind: StoreKind
    ) throws {
        let opened = try kind.open()
        var bad = Item(id: itemID("bad"), title: "bad")
        bad.numbers = ["weight": .nan]
        let items = [Item(id: itemID("good"), title: "good"), bad]
        #expect(throws: StorageError.self) { try opened.store.upsert(items) }
        #expect(try opened.store.numberLimit() == 0)
    }

    @Test(arguments: StoreKind.allCases) func `offers are replaced by item, market and group`(kind: StoreKind) throws {
        let opened = try kind.open()
        let store = opened.store
        _ = try store.upsert([Item(id: itemID("1"), title: "one"), Item(id: itemID("2"), title: "two")])
        var offer = Offer(item: itemID("2"))
        offer.price = Money(minorUnits: 250, currency: .usd)
        offer.salePrice = Money(minorUnits: 199, currency: .usd)
        offer.stock = 7
        var other = Offer(item: itemID("1"))
        other.group = "trade"
        #expect(try store.setOffers([offer, other]) == 2)
        #expect(try store.setOffers([offer]) == 0)
        offer.stock = nil
        #expect(try store.setOffers([offer]) == 1)
        #expect(try store.offers(of: itemID("2")) == [offer])
        var seen: [Offer] = []
        try store.forEachOffer { _, offer in seen.append(offer) }
        #expect(seen == [other, offer])
        let trade = PriceListName(market: "default", group: "trade")
        #expect(try store.priceLists() == [.everybody, trade])
        var listed: [ItemNumber: ListedPrice] = [:]
        try store.forEachPrice(in: .everybody, currency: .usd) { listed[$0] = $1 }
        #expect(listed == [ItemNumber(1): ListedPrice(price: 250, salePrice: 199)])
        try store.forEachPrice(in: .everybody, currency: .eur) { listed[$0] = $1 }
        #expect(listed == [ItemNumber(1): ListedPrice(price: nil)])
        #expect(try store.currency(of: .everybody) == .usd)
        #expect(try store.currency(of: trade) == nil)
    }

    @Test(arguments: StoreKind.allCases, [OfferParts.price, .stock, .countedStock, [.price, .stock], []])
    func `parts of an offer that a writer does not know stay`(kind: StoreKind, parts: OfferParts) throws {
        let store = try kind.open().store
        _ = try store.upsert((0..<3).map { Item(id: itemID("\($0)"), title: "item") })
        var stored: [Offer] = []
        for (number, stock) in [7, 0, nil].enumerated() {
            var offer = Offer(item: itemID("\(number)"))
            offer.price = Money(minorUnits: 250, currency: .usd)
            offer.salePrice = Money(minorUnits: 199, currency: .usd)
            offer.stock = stock
            stored.append(offer)
        }
        #expect(try store.setOffers(stored) == 3)
        var change = Offer(item: itemID("0"))
        change.price = Money(minorUnits: 300, currency: .eur)
        var changed = 0
        for offer in stored {
            change.item = offer.item
            let expected = parts.merged(change, over: offer)
            #expect(try store.setOffers([change], keeping: parts) == (expected == offer ? 0 : 1))
            #expect(try store.offers(of: offer.item) == [expected])
            changed += expected == offer ? 0 : 1
        }
        #expect((changed == 0) == parts.isSuperset(of: [.price, .stock]))
        #expect(
            try store.offers(of: itemID("0"))[0].stock == (parts.isDisjoint(with: [.stock, .countedStock]) ? nil : 7))
        #expect(try store.offers(of: itemID("1"))[0].stock == (parts.contains(.stock) ? 0 : nil))
        var fresh = Offer(item: itemID("0"))
        fresh.group = "trade"
        #expect(try store.setOffers([fresh], keeping: parts) == 1)
    }

    @Test(arguments: StoreKind.allCases) func `warehouses and carriers are replaced by identifier`(
        kind: StoreKind
    ) throws {
        let store = try kind.open().store
        #expect(try store.warehouses() == [] && store.carriers() == [])
        let north = Warehouse(id: "n", name: "North", latitude: 52.5, longitude: 13.25, capacity: 900)
        let east = Warehouse(id: "e", name: "East", capacity: 0, isSynthetic: true)
        try store.setWarehouses([north, east])
        #expect(try store.warehouses() == [east, north])
        var larger = north
        larger.capacity = 1200
        try store.setWarehouses([larger])
        #expect(try store.warehouses() == [east, larger])
        let post = Carrier(id: "post", name: "Post", parcelsPerDay: 500, transitDays: 1...3)
        let bike = Carrier(id: "bike", name: "Bike", parcelsPerDay: 20, transitDays: 0...0, isSynthetic: true)
        try store.setCarriers([post, bike])
        #expect(try store.carriers() == [bike, post])
    }

    @Test(arguments: StoreKind.allCases) func `outlines tell what models need of every item`(kind: StoreKind) throws {
        let opened = try kind.open()
        var first = Item(id: itemID("1"), title: "one")
        first.productType = ["Grocery", "Desserts"]
        first.attributes["brand_class"] = ["Private"]
        first.brand = "Own"
        var second = Item(id: itemID("2"), title: "two")
        (second.brand, second.isExcluded) = ("National", true)
        _ = try opened.store.upsert([first, second, Item(id: itemID("3"), title: "three")])
        _ = try opened.store.withdraw([itemID("3")])
        var outlines: [ItemOutline] = []
        try opened.store.forEachOutline { outlines.append($0) }
        #expect(outlines == (try opened.store.items(after: nil, limit: 9).map { ItemOutline($0) }))
        #expect(outlines.map(\.brandClass) == ["Private", "National", ""])
        #expect(outlines.map(\.isExcluded) == [false, true, false])
        #expect(outlines.map(\.isWithdrawn) == [false, false, true])
    }

    @Test(arguments: StoreKind.allCases) func `an offer of an unknown item spoils its batch`(kind: StoreKind) throws {
        let opened = try kind.open()
        _ = try opened.store.upsert([Item(id: itemID("1"), title: "one")])
        let error = #expect(throws: StorageError.self) {
            try opened.store.setOffers([Offer(item: itemID("1")), Offer(item: itemID("unknown"))])
        }
        #expect(error?.code == .constraint)
        #expect(try opened.store.offers(of: itemID("1")).isEmpty)
    }

    @Test(arguments: StoreKind.allCases) func `stores come back by identifier`(kind: StoreKind) throws {
        let opened = try kind.open()
        let north = Store(id: "9", name: "North", latitude: 53.5, longitude: 10, isSynthetic: true)
        try opened.store.setStores([north, Store(id: "10", name: "South")])
        try opened.store.setStores([Store(id: "10", name: "South end")])
        #expect(try opened.store.stores() == [Store(id: "10", name: "South end"), north])
    }
}
